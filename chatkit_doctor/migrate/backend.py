"""The new server: the reference app's backend, for the origins of the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.commands.init import reference_files, reference_folder
from chatkit_doctor.migrate.plan import MigrateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatkit_doctor.migrate.plan import Plan

_TEMPLATES = Path(__file__).parent / "templates"
_SIDE = "backend"
# Where the reference app's own page is in development.
_REFERENCE_ORIGIN = "http://localhost:5173"
_LEFT_OUT = frozenset({"constraints-1.4.txt"})
_PROXY_SETTING = """
# Known to the app's own server as well, which says who is asking; any long random text.
CHATKIT_PROXY_KEY=
"""
_IGNORED = ".env\n.venv/\n__pycache__/\n*.db\n*.db-*\n"


def backend_files() -> dict[str, str]:
    """Return the texts of the reference app's backend by their paths in it."""
    top = reference_folder()
    paths = [path for path in reference_files() if path.parts[0] == _SIDE and path.name not in _LEFT_OUT]
    return {path.relative_to(_SIDE).as_posix(): (top / path).read_text(encoding="utf-8") for path in paths}


def for_origins(files: dict[str, str], origins: Sequence[str]) -> None:
    """Make the page's origins those that the server answers."""
    listed = ",".join(origins)
    for name in (".env.example", "app/settings.py"):
        files[name] = swapped(files[name], _REFERENCE_ORIGIN, listed, name)


def behind_proxy(files: dict[str, str]) -> None:
    """Make the server believe the app's own server, and nobody else, who the user is."""
    wanted = "from .context import RequestContext, request_context\n"
    for name in [name for name, text in files.items() if wanted in text]:
        files[name] = (
            files[name]
            .replace(wanted, "from .context import RequestContext\n")
            .replace(
                _after_context(files[name]), f"from .proxied import request_context\n{_after_context(files[name])}", 1
            )
        )
    files["app/proxied.py"] = (_TEMPLATES / "proxied.py.txt").read_text(encoding="utf-8")
    files[".env.example"] += _PROXY_SETTING


def _after_context(text: str) -> str:
    """Return the first import of the server's own modules that sorts behind `proxied`, or its first code."""
    for line in text.splitlines(keepends=True):
        if line.startswith("from .") and line > "from .proxied":
            return line
    return next(line for line in text.splitlines(keepends=True) if line.startswith(("def ", "class ", "async def ")))


def refuse_backend(plan: Plan) -> None:
    """Raise MigrateError where something stands already in the place of the new server."""
    if plan.backend.exists():
        shown = plan.backend.name
        raise MigrateError(f"{shown}/ is there already; name another folder for the new server with --backend")


def put_backend(plan: Plan, files: dict[str, str]) -> None:
    """Add the server's files to what is new."""
    for name, text in {".gitignore": _IGNORED, **files}.items():
        plan.texts.new[plan.backend / name] = text.encode()
    plan.move(plan.backend, f"a ChatKit server of your own, {len(files)} files, with its store in SQLite")


def swapped(text: str, old: str, new: str, name: str) -> str:
    """Return a text of the reference app with a stretch of it replaced. Raises MigrateError where it has none."""
    if old not in text:
        raise MigrateError(f"{name} of the reference app is not what migrate knows: it lacks {old.strip()!r}")
    return text.replace(old, new)
