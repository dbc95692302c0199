"""Return the fix that gives a method the other colour, and the calls of it in its own class with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module

_ONLY_IN_ASYNC = ast.Await | ast.AsyncFor | ast.AsyncWith


def colour_fix(app: App, override: Override) -> Fix | None:
    """Return the fix that gives a method the other colour, and the calls of it in its own class with it."""
    if override.is_awaited:
        return _made_async(app, override)
    if any(isinstance(each, _ONLY_IN_ASYNC) or _is_async_comprehension(each) for each in own_nodes(override.function)):
        return None
    return _made_sync(app, override)


def _made_async(app: App, override: Override) -> Fix:
    at = override.module.location(override.function)
    edits = [Edit(at.source.location(at.start, at.start), "async ")]
    is_safe = True
    for module, call in _calls(app, override.function.name):
        if isinstance(module.parents[call], ast.Await):
            continue
        if _is_own(override, module, call) and isinstance(_scope(module, call), ast.AsyncFunctionDef):
            start = module.location(call).start
            edits.append(Edit(module.source.location(start, start), "await "))
        else:
            is_safe = False
    safety = Applicability.SAFE if is_safe else Applicability.UNSAFE
    return Fix(f"define {override.function.name} with async def", safety, lambda: edits)


def _made_sync(app: App, override: Override) -> Fix:
    at = override.module.location(override.function)
    found = re.compile(r"async\s+").match(at.source.text, at.start)
    edits = [Edit(at.source.location(at.start, found.end() if found else at.start), "")]
    is_safe = True
    for module, call in _calls(app, override.function.name):
        parent = module.parents[call]
        if isinstance(parent, ast.Await):
            edits.append(Edit(module.source.location(module.location(parent).start, module.location(call).start), ""))
            is_safe = is_safe and _is_own(override, module, call)
    safety = Applicability.SAFE if is_safe else Applicability.UNSAFE
    return Fix(f"define {override.function.name} with def", safety, lambda: edits)


def _calls(app: App, name: str) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the calls of a method's name on any object but `super()`."""
    for module in app.modules():
        for call in module.nodes(ast.Call):
            func = call.func
            if isinstance(func, ast.Attribute) and func.attr == name and not isinstance(func.value, ast.Call):
                yield module, call


def _is_own(override: Override, module: Module, call: ast.Call) -> bool:
    """Return whether a call is one of `self` in the class that defines the method."""
    func = call.func
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "self"
        and module.enclosing_class(call) is override.module.enclosing_class(override.function)
    )


def _scope(module: Module, node: ast.AST) -> ast.AST | None:
    """Return the function around a call in which it could be awaited: a lambda or generator expression is none."""
    return next((each for each in module.ancestors(node) if isinstance(each, FunctionNode | ast.Lambda)), None)


def _is_async_comprehension(node: ast.AST) -> bool:
    return isinstance(node, ast.comprehension) and bool(node.is_async)
