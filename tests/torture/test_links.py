"""Links and names that lead out of a project: what lies there is not opened, not printed and not written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.project.files import reading
from chatkit_doctor.project.files.mention import look
from chatkit_doctor.reports import FORMATS
from tests.auditing import watch
from tests.commands import call, run
from tests.projects import write_files
from tests.torture.scale import IS_WHOLE, amount, chance

SECRET = "sk-5ecr3t"  # noqa: S105 - of nobody
# A line for each kind of file that a link could pass off as its own, so that something would be quoted.
LOOT = f"""\
openai-chatkit {SECRET}
openai-chatkit=={SECRET}
from chatkit.{SECRET.replace("-", "_")} import Store
{SECRET.replace("-", "_")} = "{SECRET}"
"""
APP = {
    ".git/HEAD": "",
    ".git/config": LOOT,
    ".env": LOOT,
    "app/server.py": "from chatkit.stores import Store\n",
    "app/Chat.tsx": "import { useChatKit } from '@openai/chatkit-react'\nuseChatKit({ api: { url: '/c' } })\n",
    "app/package.json": '{"dependencies": {"@openai/chatkit-react": "^1.0.0"}}\n',
    "app/requirements.txt": "openai-chatkit>=1.0\n",
}
# What is read of a project by its name, wherever it stands.
NAMES = [
    *("requirements.txt", "requirements-dev.in", "requirements/base.txt", "pyproject.toml", "setup.cfg", "Pipfile"),
    *("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "package.json", "package-lock.json", "pnpm-lock.yaml"),
    *(
        "yarn.lock",
        "bun.lock",
        "tsconfig.json",
        "jsconfig.json",
        "tsconfig.app.json",
        ".gitignore",
        "chatkit-doctor.toml",
    ),
    *("main.py", "Page.tsx", "index.html", "plugin.php", ".env.local", "Dockerfile", "vercel.json", "nginx.conf"),
]
# What a file says that names another one; the hole is for the path of that.
INCLUDES: dict[str, str] = {
    "requirements.txt": "-r {0}\nopenai-chatkit\n",
    "requirements-c.txt": "--constraint={0}\nopenai-chatkit\n",
    "requirements-e.txt": "-e {0}\nopenai-chatkit @ file://{0}\n",
    "tsconfig.json": '{{"extends": "{0}", "references": [{{"path": "{0}"}}]}}',
    "jsconfig.json": '{{"compilerOptions": {{"baseUrl": "{0}", "paths": {{"*": ["{0}"]}}}}}}',
    "package.json": '{{"workspaces": ["{0}"], "dependencies": {{"@openai/chatkit": "file:{0}"}}}}',
    "pyproject.toml": '[tool.setuptools.dynamic]\ndependencies = {{file = ["{0}"]}}\n',
    "main.py": "from chatkit.server import *\nfrom {0} import x\n",
    "Page.tsx": "import {{ x }} from '{0}'\nimport {{ useChatKit }} from '@openai/chatkit-react'\nuseChatKit(x)\n",
    "index.html": '<script src="{0}"></script><openai-chatkit></openai-chatkit>\n',
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository, with a folder beside it that holds what nobody is to see."""
    write_files(tmp_path / "repository", APP)
    outside = tmp_path / "outside"
    write_files(outside, dict.fromkeys((*NAMES, *INCLUDES, "secret.env", "index.ts", "secret.json", "secret.py"), LOOT))
    write_files(outside, {"lib/python3.11/site-packages/openai_chatkit-9.9.9.dist-info/METADATA": SECRET})
    write_files(outside, {"@openai/chatkit/package.json": json.dumps({"version": f"9.9.9-{SECRET}"})})
    monkeypatch.chdir(tmp_path / "repository")
    return tmp_path / "repository"


def targets(root: Path, name: str) -> dict[str, str]:
    """Return where a link of a name could lead: out of the tree in one way or another, or to what hides in it."""
    outside = root.parent / "outside"
    return {
        "by a way up": f"../../outside/{Path(name).name}",
        "by its whole path": str(outside / Path(name).name),
        "to a file of another name": str(outside / "secret.env"),
        "to what git keeps": "../.git/config",
        "to a file that hides": "../.env",
        "by another link": "step",
    }


def scan_all(root: Path) -> None:
    """Scan in every format; nothing outside is opened, and nothing of it printed."""
    seen = watch(root, "scan", "--verbose", "--no-cache", "--format", "json", imported=["tests.forked.scanning"])
    assert SECRET not in seen.output
    assert seen.code in {0, 1, 2, 3}
    assert {path for path in seen.opened if path.is_relative_to(root.parent / "outside")} == set()
    for name in FORMATS if IS_WHOLE else chance(str(root)).sample(sorted(FORMATS), 2):
        outcome = call("scan", "--format", name, "--verbose")
        assert SECRET not in outcome.stdout + outcome.stderr
    outcome = call("scan", "--diff", "--unsafe-fixes")
    assert SECRET not in outcome.stdout + outcome.stderr


CASES = [(name, way) for name in NAMES for way in targets(Path("/r/x"), "x")]


@pytest.mark.parametrize(("name", "way"), chance("links").sample(CASES, amount(10, len(CASES))))
def test_a_link_shows_nothing_of_what_it_leads_to(root: Path, name: str, way: str) -> None:
    path = root / "app" / name
    target = targets(root, name)[way]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if way == "by another link":
        (path.parent / "step").symlink_to(root.parent / "outside" / "secret.env")
    path.symlink_to(os.path.relpath(path.parent, root / "app") + "/" + target if target.startswith("..") else target)

    scan_all(root)


INCLUDED = [
    "../../outside/secret.env",
    "{outside}/secret.env",
    "../../outside/secret.json",
    "./link/secret.json",
    "link/secret.env",
    "../.git/config",
    "../../../../../../../../etc/passwd",
    "/proc/self/environ",
    "file://{outside}/secret.env",
]


@pytest.mark.parametrize("name", INCLUDES)
def test_what_a_file_names_is_not_opened_beyond_the_project(root: Path, name: str) -> None:
    outside = root.parent / "outside"
    (root / "app" / "link").symlink_to(outside)
    for path in INCLUDED if IS_WHOLE else chance(name).sample(INCLUDED, 2):
        (root / "app" / name).write_text(INCLUDES[name].format(path.format(outside=outside)))
        scan_all(root)


@pytest.mark.parametrize("name", [".venv", "venv", "node_modules", "requirements", "src", "packages", "app/src"])
def test_a_folder_that_is_a_link_is_not_listed(root: Path, name: str) -> None:
    (root / name).symlink_to(root.parent / "outside")
    (root / "app" / "requirements.txt").unlink()

    scan_all(root)
    assert "9.9.9" not in call("scan", "--verbose").stdout


def test_links_that_stay_in_the_project_are_followed(root: Path) -> None:
    write_files(root, {"shared/requirements.txt": "openai-chatkit==1.5.0\n", "shared/code.txt": ""})
    for name in ("package.json", "Chat.tsx"):
        (root / "app" / name).unlink()
    (root / "app" / "requirements.txt").unlink()
    (root / "app" / "requirements.txt").symlink_to("../shared/requirements.txt")
    (root / "app" / "linked.py").symlink_to("../shared/code.txt")
    (root / "shared" / "code.txt").write_text("from chatkit.stores import Store\n")

    shown = call("scan", "--verbose").stdout

    assert "checked against: openai-chatkit 1.5.0, from app/requirements.txt" in shown
    assert "--> app/linked.py:1:6" in shown


def test_what_pnpm_has_installed_is_looked_up(root: Path) -> None:
    write_files(root, {"node_modules/.pnpm/ck@1.2.0/node_modules/@openai/chatkit/package.json": '{"version": "1.2.0"}'})
    (root / "app" / "node_modules" / "@openai").mkdir(parents=True)
    pnpm = "../../../node_modules/.pnpm/ck@1.2.0/node_modules/@openai/chatkit"
    (root / "app" / "node_modules" / "@openai" / "chatkit").symlink_to(pnpm)
    write_files(root, {"app/package.json": '{"dependencies": {"@openai/chatkit": "^1.0.0"}}\n'})

    shown = call("scan", "--verbose").stdout

    assert "checked against: @openai/chatkit 1.2.0, from app/node_modules/@openai/chatkit/package.json" in shown


@pytest.mark.parametrize("flag", ["--baseline", "--config"])
@pytest.mark.parametrize("is_folder", [True, False])
def test_a_file_that_a_build_names_is_no_link_of_the_project(root: Path, flag: str, is_folder: bool) -> None:
    outside = root.parent / "outside"
    (outside / "given.json").write_text(json.dumps({"version": SECRET, "findings": []}))
    (outside / "given.toml").write_text(f'"{SECRET}" = 1\n')
    given = f"given.{'json' if flag == '--baseline' else 'toml'}"
    if is_folder:
        (root / "ci").symlink_to(outside)
        given = f"ci/{given}"
    else:
        (root / given).symlink_to(outside / given)

    outcome = call("scan", flag, given)

    assert outcome.code == 2
    assert outcome.stderr == f"error: {given}: it is a link that leads out of the project\n"


# Swaps between one look and the next


def swaps(root: Path) -> dict[str, Callable[[], None]]:
    """Return what somebody could do to a project that was walked already."""
    outside = root.parent / "outside"

    def folder() -> None:
        (root / "app").rename(root / "moved")
        (root / "app").symlink_to(outside)

    def file(name: str) -> Callable[[], None]:
        def swap() -> None:
            (root / "app" / name).unlink()
            (root / "app" / name).symlink_to(outside / "secret.env")

        return swap

    return {
        "a folder": folder,
        **{name: file(name) for name in SWAPPED},
    }


SWAPPED = ("server.py", "Chat.tsx", "requirements.txt", "package.json")


@pytest.mark.parametrize("what", ["a folder", *SWAPPED])
@pytest.mark.parametrize("moment", ["after the walk", "after the look"])
def test_what_is_swapped_for_a_link_after_the_walk_is_not_followed(
    root: Path, monkeypatch: pytest.MonkeyPatch, what: str, moment: str
) -> None:
    write_files(root.parent / "outside", dict.fromkeys(("server.py", "Chat.tsx"), LOOT))
    there = sorted((root.parent / "outside").rglob("*"))
    before = {path: path.read_bytes() for path in there if path.is_file()}
    swap, opened = swaps(root)[what], set()
    opening = os.open

    def noting(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
        descriptor = opening(path, flags, *more, dir_fd=dir_fd)
        opened.add(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        return descriptor

    waiting = [swap]

    def looking(*given: object, **named: object) -> object:
        # A run may look more than once; things are swapped once.
        if moment == "after the walk" and waiting:
            waiting.pop()()
        found = look(*given, **named)  # type: ignore[arg-type]
        if moment == "after the look" and waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr("chatkit_doctor.project.files.listing.look", looking)
    monkeypatch.setattr(os, "open", noting)
    os.supports_dir_fd.add(noting)
    outcome = call("scan", "--fix", "--unsafe-fixes", "--verbose", ".")

    assert SECRET not in outcome.stdout + outcome.stderr
    outside = str(root.parent / "outside")
    # The folder itself may be looked at to see what it is; no file in it.
    assert {path for path in opened if path.startswith(f"{outside}/")} == set()
    assert {path: path.read_bytes() for path in before} == before
    assert sorted((root.parent / "outside").rglob("*")) == there


def test_a_file_is_read_from_the_folder_that_was_opened(root: Path) -> None:
    with pytest.raises(reading.FileProblem) as caught:
        reading.read_bytes(str(root / "app" / ".." / ".." / "outside" / "secret.env"), top=str(root))
    assert caught.value.leads_out


def test_init_writes_by_way_of_no_link(root: Path) -> None:
    (root / "new").mkdir()
    (root / "new" / "backend").symlink_to(root.parent / "outside")
    before = sorted((root.parent / "outside").rglob("*"))

    outcome = run(root, "init", "new")

    assert outcome.code == 2
    assert outcome.stderr == "error: new/backend is there already; nothing was written\n"
    assert sorted((root.parent / "outside").rglob("*")) == before
