"""Return the fix that gives a method the other colour, and with it all methods of its class that need the same.

A store of which some methods are awaited and some are not calls itself wrongly, so they change together.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.method_colours import awaitable_returns, class_of, wrong_colours
from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.checks.store.method_uses import (
    MethodUse,
    is_awaited_elsewhere,
    is_taken_as_it_is,
    method_uses,
    others_of_the_name,
)
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

_ASYNC = regex(r"async\s+")
_AWAIT = regex(r"await\s*")
_ONLY_IN_ASYNC = ast.Await | ast.AsyncFor | ast.AsyncWith


def colour_fix(app: App, override: Override) -> Fix | None:
    """Return the fix that gives a method the other colour, and the calls of it in its own class with it."""
    if override.is_awaited:
        return _made_async(app, app.derive(_to_be_async)[class_of(override)])
    if not isinstance(override.function, ast.AsyncFunctionDef) or any(
        isinstance(each, _ONLY_IN_ASYNC) or _is_async_comprehension(each) for each in own_nodes(override.function)
    ):
        return None
    return _made_sync(app, override)


def _to_be_async(app: App) -> dict[ast.ClassDef | None, list[Override]]:
    """Return the methods that are awaited and are not async, by the class in which they are written."""
    found: dict[ast.ClassDef | None, list[Override]] = {}
    for each in wrong_colours(app):
        if each.is_awaited:
            found.setdefault(class_of(each), []).append(each)
    return found


def _made_async(app: App, together: Sequence[Override]) -> Fix | None:
    """Return the fix of all methods of a class with every use of them; None where one of these cannot be awaited.

    A method that is handed on without a call, to a thread say, is such a case too.
    """
    functions: set[FunctionNode] = {each.function for each in together}
    edits: list[Edit] = []
    is_safe = True
    for override in together:
        at = override.module.location(override.function)
        edits.append(Edit(at.source.location(at.start, at.start), "async "))
        edits += [edit for each in awaitable_returns(app, override) for edit in _awaited(override.module, each)]
        uses = _uses_to_change(app, override, functions, ast.FunctionDef)
        if uses is None:
            return None
        is_safe = is_safe and uses.are_sure
        for use in uses.known:
            if use.call is None:
                return None
            if is_awaited_elsewhere(use.module, use.call):
                continue
            scope = _scope(use.module, use.call)
            if not isinstance(scope, ast.AsyncFunctionDef) and scope not in functions:
                return None
            edits += _awaited(use.module, use.call)
    names = [each.function.name for each in together]
    title = f"define {names[0]} with async def" if len(names) == 1 else f"define {len(names)} methods with async def"
    safety = Applicability.SAFE if is_safe else Applicability.UNSAFE
    return Fix(title, safety, lambda: tuple(dict.fromkeys(edits)))


@dataclass(frozen=True, slots=True)
class _Uses:
    """The uses of a method that change with it. are_sure: nothing else is called as the method is."""

    known: list[MethodUse]
    are_sure: bool


def _uses_to_change(
    app: App, override: Override, functions: set[FunctionNode], stays: type[FunctionNode]
) -> _Uses | None:
    """Return the uses of a method; None where nobody can tell of one whether it is of this method.

    An object of unknown class that is called a store counts as one, where no other class has a method of that name
    which keeps its colour. stays: how a method of the old colour is defined.
    """
    uses = method_uses(app, override.function, class_of(override))
    if uses is None:
        return None
    has_other = any(isinstance(each, stays) for each in others_of_the_name(app, override.function.name, functions))
    known: list[MethodUse] = []
    are_sure = True
    for use in uses:
        # Where something is awaited already, a coroutine is as good as whatever it is.
        if use.awaiting is not None and stays is ast.FunctionDef:
            continue
        if use.function is not override.function:
            are_sure = False
            if not use.may_be_of(class_of(override)):
                continue
            if has_other or not use.is_named_for_it:
                return None
        known.append(use)
    return _Uses(known, are_sure)


def _awaited(module: Module, expr: ast.expr) -> list[Edit]:
    """Await an expression, in parentheses where something is read from what it gives."""
    at, parent = module.location(expr), module.parents[expr]
    start, end = module.source.location(at.start, at.start), module.source.location(at.end, at.end)
    if isinstance(parent, ast.Attribute | ast.Subscript | ast.Call | ast.BinOp) and expr in (
        getattr(parent, name, None) for name in ("value", "func", "left", "right")
    ):
        return [Edit(start, "(await "), Edit(end, ")")]
    return [Edit(start, "await ")]


def _made_sync(app: App, override: Override) -> Fix | None:
    """Return the fix of a method with every use of it; None where one of these needs something to await."""
    at = override.module.location(override.function)
    found = _ASYNC.match(at.source.text, at.start)
    edits = [Edit(at.source.location(at.start, found.end() if found else at.start), "")]
    uses = _uses_to_change(app, override, {override.function}, ast.AsyncFunctionDef)
    if uses is None:
        return None
    for use in uses.known:
        if use.awaiting is not None:
            start = use.module.location(use.awaiting).start
            word = _AWAIT.match(use.module.source.text, start)
            edits.append(Edit(use.module.source.location(start, word.end() if word else start), ""))
        elif use.call is None or not is_taken_as_it_is(use.module, use.call):
            return None
    safety = Applicability.SAFE if uses.are_sure else Applicability.UNSAFE
    return Fix(f"define {override.function.name} with def", safety, lambda: edits)


def _scope(module: Module, node: ast.AST) -> ast.AST | None:
    """Return what a call stands in that it could be awaited in: a lambda or generator expression is no such thing."""
    below = node
    for each in module.ancestors(node):
        if isinstance(each, FunctionNode | ast.Lambda):
            return each
        # What a generator expression runs over first is worked out before it starts.
        if isinstance(each, ast.GeneratorExp) and below is not each.generators[0]:
            return each
        if isinstance(each, ast.comprehension) and below is not each.iter:
            below = node
            continue
        below = each
    return None


def _is_async_comprehension(node: ast.AST) -> bool:
    return isinstance(node, ast.comprehension) and bool(node.is_async)
