"""Where copies of the reference app run, broken and mended: what they share, and what is done with each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.commands import call
from tests.mutations.app import copy_app, plant
from tests.reference.browser import keep, open_page, show
from tests.reference.checklist import CHECKLIST, App, thread_persists_on_refresh
from tests.reference.harness import Backend, alone, fork, model_of, serving

if TYPE_CHECKING:
    import socket
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page

    from tests.alive.building import Builder
    from tests.mutations.app import Mutation
    from tests.reference.browser import Site
    from tests.standin.provider import Provider

Contents = frozenset[tuple[Path, bytes]]

SCREENSHOTS = Path(__file__).parent / "screenshots"

_LEFT_BEHIND = frozenset({"node_modules", "__pycache__"})

# As many as a picture has room for.
_LINES = 30

_CONSOLE = """told => {
  const console = document.createElement('pre')
  console.textContent = `Console\\n\\n${told}`
  console.style.cssText = `position: fixed; inset: auto 0 0 0; margin: 0; padding: 12px; white-space: pre-wrap;
    background: #fee; color: #900; border-top: 1px solid #900`
  document.body.append(console)
}"""


@dataclass(frozen=True, slots=True)
class Bench:
    """What one copy after the other uses, so that a frontend need not be built for every backend.

    listener: the port of the backends. site: where the frontends are put.
    installed: a frontend with its packages. builder: what builds the copies of it.
    well: what those mended copies held that the checklist was gone through with.
    """

    listener: socket.socket
    site: Site
    installed: Path
    builder: Builder
    provider: Provider
    well: set[Contents] = field(default_factory=set)

    def is_known(self, app: Path) -> bool:
        """Return whether a copy came to be the same, byte for byte, as one that was asked for before."""
        contents = contents_of(app)
        known = contents in self.well
        self.well.add(contents)
        return known

    def serve(self, app: Path, folder: Path) -> AbstractContextManager[Backend]:
        """Run an app's backend; what it writes and stores goes into the folder, which is not there yet."""
        folder.mkdir()
        environment = self._environment(folder)
        return serving(Backend(folder / "uvicorn.log", environment, app, self.listener))

    def failed_start(self, app: Path, folder: Path) -> str:
        """Start an app's backend, which must not succeed; return what it wrote."""
        folder.mkdir()
        log = folder / "uvicorn.log"
        started = fork(app / "backend", self.listener.fileno(), self._environment(folder), log)
        assert started.wait() != 0
        return log.read_text()

    def build(self, frontend: Path, *, typed: bool = True) -> None:
        """Build a frontend for the bench's backends and put it on the site. Without `typed` it need not type-check."""
        packages = frontend / "node_modules"
        if not packages.exists():
            packages.symlink_to(self.installed / "node_modules")
        self.builder.build(frontend, self.site.folder, typed=typed)

    def _environment(self, folder: Path) -> dict[str, str]:
        origin = self.site.origin
        return alone(DATABASE=str(folder / "chat.db"), ALLOWED_ORIGINS=origin, **model_of(self.provider))


def break_app(mutation: Mutation, folder: Path) -> Path:
    """Return a copy of the app, in a folder, with an error planted."""
    app = copy_app(folder / "app")
    plant(mutation.edits, app)
    return app


def mend(app: Path) -> None:
    """Let the doctor mend a copy; nothing that it finds may be left."""
    outcome = call("scan", "--fix", "--unsafe-fixes", str(app))
    assert outcome.code == 0, outcome.stdout + outcome.stderr


def contents_of(app: Path) -> Contents:
    """Return the files of a copy by their paths in it, but for what running it leaves behind."""
    paths = (path for path in app.rglob("*") if path.is_file() and _LEFT_BEHIND.isdisjoint(path.parts))
    return frozenset((path.relative_to(app), path.read_bytes()) for path in paths)


def expect_well(browser: Browser, app: App, name: str) -> None:
    """Go through the Testing Checklist, and keep a picture of a conversation."""
    with open_page(browser) as (page, errors):
        devtools = page.context.new_cdp_session(page)
        for step in CHECKLIST:
            # So that the user is a new one: cheaper than a new page, which loads everything again.
            devtools.send("Storage.clearDataForOrigin", {"origin": app.frontend, "storageTypes": "local_storage"})
            step(page, app)
            if step is thread_persists_on_refresh:
                keep(page, f"{name}-mended", SCREENSHOTS)
            assert errors == [], step.__name__


def keep_broken(page: Page, name: str, told: str = "") -> None:
    """Keep a picture of a page that something is wrong with, above what its console tells."""
    if told:
        page.evaluate(_CONSOLE, told)
    keep(page, f"{name}-broken", SCREENSHOTS)


def keep_written(browser: Browser, name: str, written: str) -> None:
    """Keep a picture of what a process wrote, its end in sight."""
    with open_page(browser) as (page, _):
        show(page, "\n".join(written.splitlines()[-_LINES:]))
        keep(page, f"{name}-broken", SCREENSHOTS)
