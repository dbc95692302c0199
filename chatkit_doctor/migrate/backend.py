"""The new server: the reference app's backend, for the origins of the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.commands.init import reference_files, reference_folder
from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.migrate.ports import PORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatkit_doctor.migrate.plan import Plan

_TEMPLATES = Path(__file__).parent / "templates"
_SIDE = "backend"
# Where the reference app's own page is in development.
_REFERENCE_ORIGIN = "http://localhost:5173"
_OWN_URL = f"http://localhost:{PORT}"
_LEFT_OUT = frozenset({"constraints-1.4.txt"})
# What lets people sign in, which the page of a hosted workflow knows nothing of.
_SIGN_IN = ("app/accounts.py", "app/sign_in.py")
_MAIN = "app/main.py"
_LAST_IMPORT = "from .validation import MAX_BYTES, check_request, first_problem\n"
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


def at_port(files: dict[str, str], port: int) -> None:
    """Make the server start at a port in development."""
    if port != PORT:
        for name, old in (("app/dev.py", f"port={PORT}"), ("app/settings.py", _OWN_URL), (".env.example", _OWN_URL)):
            files[name] = swapped(files[name], old, old.replace(str(PORT), str(port)), name)


def for_origins(files: dict[str, str], origins: Sequence[str]) -> None:
    """Make the page's origins those that the server answers."""
    listed = ",".join(origins)
    for name in (".env.example", "app/settings.py"):
        files[name] = swapped(files[name], _REFERENCE_ORIGIN, listed, name)


def behind_proxy(files: dict[str, str]) -> None:
    """Make the server believe the app's own server, and nobody else, who the user is."""
    _known_otherwise(files, "context_of_proxy", "", "")
    files[".env.example"] += _PROXY_SETTING


def for_visitors(files: dict[str, str]) -> None:
    """Make the server let everyone in, each browser as a visitor that it knows again."""
    _with_visitors(files, "context_of_visitors")


def for_both(files: dict[str, str]) -> None:
    """Make the server believe the app's own server who the user is, and let everyone else in as a visitor."""
    _with_visitors(files, "context_of_both")
    files[".env.example"] += _PROXY_SETTING


def _with_visitors(files: dict[str, str], context: str) -> None:
    route = "app.include_router(visitors_router(tokens))\n"
    _known_otherwise(files, context, "from .visitors import visitors_router\n", route)
    files["app/visitors.py"] = template("visitors.py")


def _known_otherwise(files: dict[str, str], context: str, imported: str, route: str) -> None:
    """Take the reference app's way to sign in out of the server, and put another way to know users in."""
    for name in _SIGN_IN:
        del files[name]
    files["app/context.py"] = template(f"{context}.py")
    text = swapped(files[_MAIN], "from .sign_in import sign_in_router\n", "", _MAIN)
    text = swapped(text, "app.include_router(sign_in_router(settings, tokens))\n", route, _MAIN)
    files[_MAIN] = swapped(text, _LAST_IMPORT, f"{_LAST_IMPORT}{imported}", _MAIN)


def template(name: str) -> str:
    """Return the text of a file that stands in no reference app."""
    return (_TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")


def refuse_backend(plan: Plan) -> None:
    """Raise MigrateError where something stands already in the place of the new server."""
    if plan.backend.exists():
        shown = plan.backend.name
        raise MigrateError(f"{shown}/ is there already; name another folder for the new server with --backend")


def put_backend(plan: Plan, files: dict[str, str]) -> None:
    """Add the server's files to what is new."""
    written = {".gitignore": _IGNORED, **files}
    for name, text in written.items():
        plan.texts.new[plan.backend / name] = text.encode()
    plan.move(plan.backend, f"a ChatKit server of your own, {len(written)} files, with its store in SQLite")


def swapped(text: str, old: str, new: str, name: str) -> str:
    """Return a text of the reference app with a stretch of it replaced. Raises MigrateError where it has none."""
    if old not in text:
        raise MigrateError(f"{name} of the reference app is not what migrate knows: it lacks {old.strip()!r}")
    return text.replace(old, new)
