"""Session routes in Python: the function goes, with what served only it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.routes.python_registrations import TopLevelNode, what_names, without
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.python.module import Module
    from chatkit_doctor.source import Location, Source

_MOST_ROUNDS = 200


def remove_route(plan: Plan, at: Location) -> bool:
    """Take the function out that makes sessions, and the names that only it used; return whether it could be."""
    module = plan.texts.module(at.path)
    statement = _top_level(module, at) if module is not None else None
    if module is None or not isinstance(statement, TopLevelNode):
        return False
    named = what_names(plan, module, statement)
    if named is None:
        return False
    suspects: dict[Path, set[str]] = {}
    edits: list[Edit] = []
    for other, node in (*named.functions, *named.registrations):
        edit = cut(other, node) if isinstance(node, ast.stmt) else without(other, node)
        if edit is None:
            return False
        edits.append(edit)
        suspects.setdefault(other.source.path, set()).update(
            names_of(node) | {each.name for _, each in named.functions}
        )
    plan.texts.apply(_merged(edits))
    for path, names in suspects.items():
        remove_unused(plan, path, names)
        source = plan.texts.read(path)
        if source is not None and source.text.endswith(source.newline * 2):
            # What stood last is gone.
            plan.texts.replace(path, f"{source.text.rstrip()}{source.newline}")
    routes = [each for _, each in named.functions]
    shown = next((each.name for each in routes if each.decorator_list), routes[-1].name)
    plan.move(at.path, f"{shown}, which made sessions, is gone; the page speaks to the new server", at.first.line)
    return True


def _merged(edits: list[Edit]) -> list[Edit]:
    """Return deletions with those made one that meet, as neighbours do in the blank lines between them."""
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda each: each.at.order):
        last = found[-1] if found else None
        if last is not None and last.at.path == edit.at.path and edit.at.start <= last.at.end:
            at = last.at.source.location(last.at.start, max(last.at.end, edit.at.end))
            found[-1] = Edit(at, "")
        else:
            found.append(edit)
    return found


def route_source(module: Module, at: Location) -> tuple[str, str]:
    """Return the `user` of the session made at a place, and the text of the functions around it and calling it."""
    statement = _top_level(module, at)
    if not isinstance(statement, TopLevelNode):
        return "", ""
    around = "\n".join(ast.unparse(each) for each in (statement, *_callers(module, statement)))
    for node in ast.walk(statement):
        if isinstance(node, ast.keyword) and node.arg == "user":
            return _followed(statement, node.value), around
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "user":
                    return _followed(statement, value), around
    return "", around


def _followed(function: ast.AST, value: ast.expr) -> str:
    text = ast.unparse(value)
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            bound = {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
            if bound & names:
                text += f" = {ast.unparse(node.value)}"
    return text


def _top_level(module: Module, at: Location) -> ast.stmt | None:
    for statement in module.tree.body:
        where = module.location(statement)
        if where.start <= at.start < where.end:
            return statement
    return None


def _callers(module: Module, function: ast.stmt) -> list[TopLevelNode]:
    """Return the routes of a file that call a function which makes sessions."""
    if not isinstance(function, TopLevelNode) or function.decorator_list:
        return []
    return [
        each
        for each in module.tree.body
        if isinstance(each, TopLevelNode)
        and each is not function
        and each.decorator_list
        and function.name in names_of(each)
    ]


def names_of(node: ast.AST) -> set[str]:
    """Return every name that stands in a stretch of a program."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


@dataclass(frozen=True, slots=True)
class _Unused:
    """A statement with names that nothing uses. smaller: what is left of an import, None where all of it goes."""

    statement: ast.stmt
    smaller: ast.stmt | None = None


def remove_unused(plan: Plan, path: Path, suspects: set[str]) -> None:
    """Take out what binds only suspect names that nothing uses any more, at the top of a file."""
    for _ in range(_MOST_ROUNDS):
        module = plan.texts.module(path)
        found = next(_unused(module, suspects), None) if module is not None else None
        if module is None or found is None:
            return
        if found.smaller is None:
            suspects |= names_of(found.statement)
            _cut(plan, path, found.statement)
        else:
            plan.texts.apply([Edit(module.location(found.statement), ast.unparse(found.smaller))])


def _unused(module: Module, suspects: set[str]) -> Iterator[_Unused]:
    """Yield the top-level statements that only bind suspect names which nothing uses."""
    loads = Counter(node.id for node in module.nodes(ast.Name) if isinstance(node.ctx, ast.Load))
    told = set(_told_to_others(module))
    for statement in module.tree.body:
        own = Counter(
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
        gone = {name for name in suspects if loads[name] <= own[name] and name not in told}
        if isinstance(statement, ast.Import | ast.ImportFrom):
            kept = [each for each in statement.names if (each.asname or each.name).partition(".")[0] not in gone]
            if not kept:
                yield _Unused(statement)
            elif len(kept) < len(statement.names):
                smaller = type(statement)(**{**vars(statement), "names": kept})
                yield _Unused(statement, ast.copy_location(smaller, statement))
        elif _only_binds(statement, gone) or _only_asks(statement, suspects):
            yield _Unused(statement)


def _told_to_others(module: Module) -> Iterator[str]:
    """Yield the names in `__all__`."""
    for node in module.nodes(ast.Assign):
        if any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets):
            yield from (str(each.value) for each in ast.walk(node.value) if isinstance(each, ast.Constant))


def _only_binds(statement: ast.stmt, gone: set[str]) -> bool:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name in gone and not statement.decorator_list
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name in gone
    return False


def _only_asks(statement: ast.stmt, suspects: set[str]) -> bool:
    """Return whether a statement only stops the program where a setting of the session is missing."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    raises = all(isinstance(each, ast.Raise) for each in statement.body)
    return raises and {node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name)} <= suspects


def _cut(plan: Plan, path: Path, statement: ast.stmt) -> None:
    module = plan.texts.module(path)
    edit = cut(module, statement) if module is not None else None
    if edit is not None:
        plan.texts.apply([edit])


def cut(module: Module, statement: ast.stmt) -> Edit | None:
    """Delete a statement with its decorators and the comments right above it; None where it shares a line."""
    source = module.source
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
    last = (statement.end_lineno or statement.lineno) + 1
    at = module.location(statement)
    if (
        source.line(statement.lineno)[: statement.col_offset].strip()
        or ";" in source.text[at.end : source.line_start(last)]
    ):
        return None
    indent = " " * statement.col_offset
    while first > 1 and source.line(first - 1).startswith(f"{indent}#"):
        first -= 1
    above = _blank_lines(source, range(first - 1, 0, -1))
    below = _blank_lines(source, range(last, source.line_count + 1))
    if source.line_start(last + below) >= len(source.text):
        first, last = first - above, last + below
    else:
        last += min(above, below) if first > 1 else below
    return Edit(source.location(source.line_start(first), source.line_start(last)), "")


def _blank_lines(source: Source, numbers: range) -> int:
    """Return how many of some lines are blank before one is not."""
    return next((count for count, number in enumerate(numbers) if source.line(number).strip()), len(numbers))
