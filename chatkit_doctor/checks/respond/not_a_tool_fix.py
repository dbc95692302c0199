"""The fix that makes a tool of a function: where it is defined, or around its name where other code calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.no_tools import Misplaced, NoTool
from chatkit_doctor.contracts.sdk.agents import (
    AGENTS_MODULE,
    is_plain_type,
    is_refused_type,
    is_run_context,
    tool_decorator_name,
)
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.module import FunctionNode, Module, walk


def tool_fix(app: App, found: Misplaced) -> Fix | None:
    """Return the fix that makes a tool of a project's own function; None where it is something else.

    Safe where each parameter is of a type that every release can describe to a model: for some others the decorator
    raises as the app starts.
    """
    module, function = found.module, found.function
    if module is None or function is None or function.args.kwarg is not None or function.args.vararg is not None:
        return None
    if any(_is_refused(each) for each in _types(found, function)):
        return None
    is_defined = found.kind is NoTool.FUNCTION and not isinstance(module.parents[function], ast.ClassDef)

    def build() -> Iterator[Edit]:
        if is_defined and function.name not in app.derive(_used_otherwise):
            yield from _decorated(app, module, function)
        else:
            yield from _wrapped(app, found)

    applicability = Applicability.SAFE if _is_plain(found, function) else Applicability.UNSAFE
    return Fix(f"make a tool of {function.name}", applicability, lambda: tuple(build()))


def _decorated(app: App, module: Module, function: FunctionNode) -> Iterator[Edit]:
    name = tool_decorator_name()
    brought = imported(app.names(module), {AGENTS_MODULE: [name]})
    source = module.source
    start = source.line_start(function.lineno)
    line = source.line(function.lineno)
    indent = line[: len(line) - len(line.lstrip())]
    yield Edit(source.location(start, start), f"{indent}@{brought.local[name]}{source.newline}")
    yield from brought.edits


def _wrapped(app: App, found: Misplaced) -> Iterator[Edit]:
    name, module = tool_decorator_name(), found.element.module
    brought = imported(app.names(module), {AGENTS_MODULE: [name]})
    at = module.location(found.element.expr)
    yield Edit(at, f"{brought.local[name]}({at.text})")
    yield from brought.edits


def _used_otherwise(app: App) -> frozenset[str]:
    """Return the names that code does anything with but to list them: a tool cannot be called."""
    found: set[str] = set()
    for module in app.modules():
        found |= {each.id for each in module.nodes(ast.Name) if not isinstance(module.parents[each], ast.List)}
        found |= {each.attr for each in module.nodes(ast.Attribute) if not isinstance(module.parents[each], ast.List)}
    return frozenset(found)


def _is_plain(found: Misplaced, function: FunctionNode) -> bool:
    return all(_is_plain_type(each) for each in _types(found, function))


def _types(found: Misplaced, function: FunctionNode) -> list[ast.expr]:
    """Return the annotations of what a model would give a function."""
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if found.kind is NoTool.METHOD:
        given = given[1:]
    return [each.annotation for each in given if each.annotation is not None]


def _is_refused(annotation: ast.expr) -> bool:
    """Return whether a type has a part that the decorator has no words for; what an agent hands over is not asked."""
    parts = [each for each in walk(annotation) if isinstance(each, ast.Name | ast.Attribute)]
    names = {each.id if isinstance(each, ast.Name) else each.attr for each in parts}
    return not any(map(is_run_context, names)) and any(map(is_refused_type, names))


def _is_plain_type(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return is_plain_type(name)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_plain_type(left) and _is_plain_type(right)
        case ast.Subscript(value=owner, slice=ast.Tuple(elts=parts)):
            return _is_plain_type(owner) and all(map(_is_plain_type, parts))
        case ast.Subscript(value=owner, slice=part):
            return _is_plain_type(owner) and _is_plain_type(part)
    return False
