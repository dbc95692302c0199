"""What a Python or PHP app gets to hand the chat on with: a small file beside the route, and where its settings are."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.backend import template
from chatkit_doctor.migrate.routes.python_handlers import PythonFramework

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.python.module import Module

HAND_ON = "hand_on"
_MODULE = "chatkit_proxy"
_HTTPX = "httpx>=0.27,<1"


def import_of(module: Module) -> str:
    """Return how a file imports the module that hands on, which lies beside it: as it imports its neighbours."""
    folder = module.source.path.parent
    for node in module.nodes(ast.ImportFrom):
        if node.level:
            return f".{_MODULE}"
        top, *rest = (node.module or "").split(".")
        if top in folder.parts:
            # It names its own package from the top, as it is started.
            above = len(folder.parts) - 1 - folder.parts[::-1].index(top)
            return ".".join([*folder.parts[above:], _MODULE])
        if not rest and (folder / f"{top}.py").is_file():
            return _MODULE
    return f".{_MODULE}" if (folder / "__init__.py").is_file() else _MODULE


def put_helper(plan: Plan, route: Path, framework: PythonFramework) -> None:
    """Put the module beside a route, and what it needs into the requirements."""
    path = route.parent / f"{_MODULE}.py"
    text = template(f"{_MODULE}_of_{framework.value}.py").replace("{url}", plan.server_url)
    plan.texts.new[path] = text.encode()
    plan.move(path, "sends the chat on to the new server, and its answer back")
    if framework in {PythonFramework.STARLETTE, PythonFramework.QUART}:
        _require_httpx(plan, route)


def put_php(plan: Plan, route: Path) -> None:
    """Put the functions beside a route in PHP."""
    path = route.parent / "chatkit-proxy.php"
    plan.texts.new[path] = template("chatkit-proxy.php").replace("{url}", plan.server_url).encode()
    plan.move(path, "sends the chat on to the new server, and its answer back")


def _require_httpx(plan: Plan, route: Path) -> None:
    for folder in route.parents:
        if not folder.is_relative_to(plan.texts.root):
            break
        path = folder / "requirements.txt"
        source = plan.texts.read(path) if path.is_file() else None
        if source is not None:
            if not re.search(r"^httpx\b", source.text, re.MULTILINE | re.IGNORECASE):
                plan.texts.replace(path, f"{source.text.rstrip()}{source.newline}{_HTTPX}{source.newline}")
                plan.move(path, "asks for httpx, which sends the chat on")
            return
        manifest = folder / "pyproject.toml"
        if manifest.is_file():
            if '"httpx' not in manifest.read_text(encoding="utf-8", errors="replace"):
                plan.leave(manifest, "the app needs httpx now, which sends the chat on", "add it")
            return
    plan.leave(route, "the app needs httpx now, which sends the chat on", "install it")
