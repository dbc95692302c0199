"""The places of a Python server that have OpenAI make a session for a hosted workflow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.hosted import OPENAI, OPENAI_BASE, SESSIONS_BEHIND_BASE, SESSIONS_PATH
from chatkit_doctor.project.app import App

if TYPE_CHECKING:
    from chatkit_doctor.python.module import Module
    from chatkit_doctor.source import Location


def python_routes(app: App) -> Iterator[Location]:
    """Yield where the app's own Python files make sessions, tests left out."""
    for module in app.own_modules():
        path = module.source.path
        if app.is_test_file(path):
            continue
        yield from (module.location(call.func) for call in session_calls(module))
        if app.mentions(path, OPENAI):
            yield from (module.location(node) for node in _paths(module))
        if app.mentions_pattern(path, OPENAI_BASE):
            yield from (module.location(node) for node in _behind_base(module))


def session_calls(module: Module) -> Iterator[ast.Call]:
    """Yield the calls of `….chatkit.sessions.create(…)`."""
    for call in module.nodes(ast.Call):
        match call.func:
            case ast.Attribute(
                attr="create", value=ast.Attribute(attr="sessions", value=ast.Attribute(attr="chatkit"))
            ):
                yield call


def _paths(module: Module) -> Iterator[ast.expr]:
    """Yield the texts that name OpenAI's endpoint; docstrings and parts of f-strings are no texts of their own."""
    for node in module.nodes(ast.JoinedStr):
        if any(isinstance(part, ast.Constant) and _names_it(part) for part in node.values):
            yield node
    for constant in module.nodes(ast.Constant):
        if _names_it(constant) and not isinstance(module.parents.get(constant), ast.Expr | ast.JoinedStr):
            yield constant


def _behind_base(module: Module) -> Iterator[ast.expr]:
    """Yield the texts that name OpenAI's endpoint behind a base of the file's own."""
    joined = ((node, node) for node in module.nodes(ast.JoinedStr))
    added = ((node, node.right) for node in module.nodes(ast.BinOp) if isinstance(node.right, ast.Constant))
    for whole, named in (*joined, *added):
        if SESSIONS_BEHIND_BASE.search(module.location(whole).text):
            yield named


def _names_it(constant: ast.Constant) -> bool:
    return isinstance(constant.value, str) and SESSIONS_PATH.search(constant.value) is not None
