"""Where a Python handler is named outside of itself: a list of routes, a call that registers it, what calls it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.python.module import Module

TopLevelNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_MOST = 12
# How people call a function that has a session made; one that calls it and is called otherwise does more.
_OF_SESSIONS = re.compile(r"session|secret|token|chat", re.IGNORECASE)


@dataclass(slots=True)
class WhatGoes:
    """What goes with a function: other functions that only served it, and what registers them, each with its module."""

    functions: list[tuple[Module, TopLevelNode]] = field(default_factory=list)
    registrations: list[tuple[Module, ast.expr | ast.stmt]] = field(default_factory=list)


def what_names(plan: Plan, module: Module, function: TopLevelNode) -> WhatGoes | None:
    """Return what goes with a function that makes sessions; None where something else needs it."""
    found = WhatGoes([(module, function)])
    pending = [(module, function)]
    while pending:
        for other, use in _uses(plan, *pending.pop()):
            registered = _registration(other, use)
            if registered is not None:
                found.registrations.append((other, registered))
                continue
            owner = _top_level(other, use)
            if not isinstance(owner, TopLevelNode) or not (owner.decorator_list or _OF_SESSIONS.search(owner.name)):
                return None
            if not any(owner is each for _, each in found.functions):
                found.functions.append((other, owner))
                pending.append((other, owner))
        if len(found.functions) > _MOST:
            return None
    return found


def without(module: Module, node: ast.expr) -> Edit:
    """Take one element out of a list, with its comma and the rest of its lines."""
    text, at = module.source.text, module.location(node)
    start, end = at.start, at.end
    line = text.rfind("\n", 0, start) + 1
    rest = re.compile(r"[ \t]*,?[ \t]*").match(text, end)
    end = rest.end() if rest is not None else end
    if not text[line:start].strip() and text[end : end + 1] in {"\n", "\r"}:
        return Edit(module.source.location(line, text.find("\n", end) + 1), "")
    before = re.search(r",\s*$", text[:start])
    if before is not None and text[end : end + 1] in "])":
        start = before.start()
    return Edit(module.source.location(start, end), "")


def _uses(plan: Plan, module: Module, function: TopLevelNode) -> Iterator[tuple[Module, ast.expr]]:
    """Yield where a function is named in its module, outside of itself, and in those that import it."""
    own = {id(node) for node in ast.walk(function)}
    for name in module.nodes(ast.Name):
        if name.id == function.name and isinstance(name.ctx, ast.Load) and id(name) not in own:
            yield module, name
    for path in _python_files(plan):
        if path == module.source.path or not plan.texts.mentions(path, function.name):
            continue
        other = plan.texts.module(path)
        if other is not None:
            yield from ((other, node) for node in _named_elsewhere(other, module.source.path, function.name))


def _python_files(plan: Plan) -> list[Path]:
    return [each for each in plan.texts.start.listing.files if each.suffix == ".py" and each not in plan.texts.removed]


def _named_elsewhere(other: Module, home: Path, name: str) -> Iterator[ast.expr]:
    """Yield where another module names a function of a file: `views.session`, or `session` that is imported."""
    stem = home.parent.name if home.stem == "__init__" else home.stem
    for node in other.nodes(ast.Attribute):
        if node.attr == name and ast.unparse(node.value).rpartition(".")[2] in {stem, *_aliases(other, stem)}:
            yield node
    imported = any(
        (each.module or "").rpartition(".")[2] in {stem, ""} and any(alias.name == name for alias in each.names)
        for each in other.nodes(ast.ImportFrom)
    )
    if imported:
        local = next(
            alias.asname or alias.name
            for each in other.nodes(ast.ImportFrom)
            for alias in each.names
            if alias.name == name
        )
        yield from (node for node in other.nodes(ast.Name) if node.id == local and isinstance(node.ctx, ast.Load))


def _aliases(module: Module, stem: str) -> Iterator[str]:
    statements: list[ast.Import | ast.ImportFrom] = [*module.nodes(ast.Import), *module.nodes(ast.ImportFrom)]
    for statement in statements:
        for alias in statement.names:
            if alias.name.rpartition(".")[2] == stem and alias.asname is not None:
                yield alias.asname


def _registration(module: Module, use: ast.expr) -> ast.expr | ast.stmt | None:
    """Return the element of a list, or the statement, that a use is all the point of; None for a call in a function.

    `path("session", csrf_exempt(views.session))` of `urlpatterns`, `app.router.add_post("/session", session)`.
    """
    node: ast.AST = use
    for parent in module.ancestors(use):
        if isinstance(parent, ast.List | ast.Tuple) and isinstance(node, ast.expr):
            is_route = isinstance(node, ast.Call) or _is_of_routes(module, parent)
            return node if is_route and not _is_called(use, module) else None
        if isinstance(parent, ast.Expr):
            # A call by itself that is given the function; one that calls it does something else.
            return parent if isinstance(node, ast.Call) and not _is_called(use, module) else None
        if isinstance(parent, ast.stmt):
            return None
        node = parent
    return None


def _is_called(use: ast.expr, module: Module) -> bool:
    parent = module.parents.get(use)
    return isinstance(parent, ast.Call) and parent.func is use


def _is_of_routes(module: Module, listed: ast.expr) -> bool:
    parent = module.parents.get(listed)
    return isinstance(parent, ast.keyword) and parent.arg in {"routes", "route_handlers"}


def _top_level(module: Module, node: ast.AST) -> ast.stmt | None:
    return next((each for each in module.ancestors(node) if module.parents.get(each) is module.tree), None)  # type: ignore[return-value]
