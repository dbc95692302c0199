"""Return the fix that gives a method the other colour, and with it all methods of its class that need the same.

A store of which some methods are awaited and some are not calls itself wrongly, so they change together.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.method_colours import awaitable_returns, class_of, wrong_colours
from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.checks.store.method_calls import method_calls
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module

_ONLY_IN_ASYNC = ast.Await | ast.AsyncFor | ast.AsyncWith


def colour_fix(app: App, override: Override) -> Fix | None:
    """Return the fix that gives a method the other colour, and the calls of it in its own class with it."""
    if override.is_awaited:
        together = [each for each in wrong_colours(app) if each.is_awaited and class_of(each) is class_of(override)]
        return _made_async(app, together)
    if not isinstance(override.function, ast.AsyncFunctionDef) or any(
        isinstance(each, _ONLY_IN_ASYNC) or _is_async_comprehension(each) for each in own_nodes(override.function)
    ):
        return None
    return _made_sync(app, override)


def _made_async(app: App, together: Sequence[Override]) -> Fix | None:
    """Return the fix of all methods of a class; None where one of its own calls of them cannot be awaited.

    A method that is handed on without a call, to a thread say, is such a case too. A use of another object may be one
    of another class: it is left as it is, and the fix is not safe.
    """
    functions = {each.function for each in together}
    edits: list[Edit] = []
    is_safe = True
    for override in together:
        at = override.module.location(override.function)
        edits.append(Edit(at.source.location(at.start, at.start), "async "))
        edits += [edit for each in awaitable_returns(app, override) for edit in _awaited(override.module, each)]
    for override in together:
        for module, call in method_calls(app, override.function.name):
            if isinstance(module.parents[call], ast.Await):
                continue
            if not _is_own(app, override, module, call.func):
                is_safe = False
                continue
            scope = _scope(module, call)
            if not isinstance(scope, ast.AsyncFunctionDef) and scope not in functions:
                return None
            edits += _awaited(module, call)
        for module, taken in _handed_on(app, override.function.name):
            if _is_own(app, override, module, taken):
                return None
            is_safe = False
    names = [each.function.name for each in together]
    title = f"define {names[0]} with async def" if len(names) == 1 else f"define {len(names)} methods with async def"
    safety = Applicability.SAFE if is_safe else Applicability.UNSAFE
    return Fix(title, safety, lambda: tuple(dict.fromkeys(edits)))


def _awaited(module: Module, expr: ast.expr) -> list[Edit]:
    """Await an expression, in parentheses where something is read from what it gives."""
    at, parent = module.location(expr), module.parents[expr]
    start, end = module.source.location(at.start, at.start), module.source.location(at.end, at.end)
    if isinstance(parent, ast.Attribute | ast.Subscript | ast.Call | ast.BinOp) and expr in (
        getattr(parent, name, None) for name in ("value", "func", "left", "right")
    ):
        return [Edit(start, "(await "), Edit(end, ")")]
    return [Edit(start, "await ")]


def _made_sync(app: App, override: Override) -> Fix:
    at = override.module.location(override.function)
    found = re.compile(r"async\s+").match(at.source.text, at.start)
    edits = [Edit(at.source.location(at.start, found.end() if found else at.start), "")]
    is_safe = True
    for module, call in method_calls(app, override.function.name):
        parent = module.parents[call]
        if isinstance(parent, ast.Await):
            edits.append(Edit(module.source.location(module.location(parent).start, module.location(call).start), ""))
            is_safe = is_safe and _is_own(app, override, module, call.func)
    safety = Applicability.SAFE if is_safe else Applicability.UNSAFE
    return Fix(f"define {override.function.name} with def", safety, lambda: edits)


def _handed_on(app: App, name: str) -> Iterator[tuple[Module, ast.Attribute]]:
    """Yield where a method's name is read of any object and not called there."""
    for module in app.modules():
        for taken in module.nodes(ast.Attribute):
            if taken.attr == name and isinstance(taken.ctx, ast.Load) and not _is_called(module, taken):
                yield module, taken


def _is_called(module: Module, taken: ast.Attribute) -> bool:
    parent = module.parents[taken]
    return isinstance(parent, ast.Call) and parent.func is taken


def _is_own(app: App, override: Override, module: Module, taken: ast.expr) -> bool:
    """Return whether `….method` surely is the method: of `self` in its class, or of `super()` right below it."""
    owner = module.enclosing_class(taken)
    assert isinstance(taken, ast.Attribute)
    if isinstance(taken.value, ast.Name):
        return taken.value.id == "self" and owner is class_of(override)
    view = app.hierarchy.view(owner) if owner is not None and _is_super(taken.value) else None
    return view is not None and any(each.node is class_of(override) for each in view.classes[1:2])


def _is_super(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "super"


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
