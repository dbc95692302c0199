"""Whether an app changes a thread while it answers, so that the server saves it once more."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.servers import responders
from chatkit_doctor.contracts.sdk.sdk_names import THREAD
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, walk


def thread_change(app: App) -> str | None:
    """Return what a `respond` of the app sets of its thread, as it is written: `thread.title`; None for nothing."""
    for responder in responders(app):
        fields = contract_for(app, responder.module.source.path).model(THREAD)
        known = frozenset(fields.fields) if fields else frozenset()
        found = _set_in(responder.function, responder.thread, known)
        for function, name in _helpers(app, responder.module, responder.function, responder.thread):
            found = found or _set_in(function, name, known)
        if found is not None:
            return found
    return next((found for module in app.modules() if (found := _set_by_a_tool(app, module))), None)


def _set_by_a_tool(app: App, module: Module) -> str | None:
    """Return a field that is set of the thread that a tool has in its context: `ctx.context.thread.title`."""
    fields = contract_for(app, module.source.path).model(THREAD)
    for each in module.nodes(ast.Assign):
        match each.targets:
            case [ast.Attribute(value=ast.Attribute(value=ast.Attribute(attr="context"), attr="thread"), attr=name)]:
                if fields and name in fields.fields:
                    return f"thread.{name}"
    return None


def _set_in(function: FunctionNode, thread: str, fields: frozenset[str]) -> str | None:
    """Return the first field of a thread that a function sets, or an entry of one."""
    for each in walk(function):
        if not isinstance(each, ast.Assign | ast.AugAssign):
            continue
        for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
            field = target.value if isinstance(target, ast.Subscript) else target
            match field:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == thread and attribute in fields:
                    return f"{name}.{attribute}"
    return None


def _helpers(app: App, module: Module, function: FunctionNode, thread: str) -> list[tuple[FunctionNode, str]]:
    """Return the functions of the project that are handed the thread, and what they call it."""
    found = []
    for each in walk(function):
        if not isinstance(each, ast.Call) or not any(_is(argument, thread) for argument in each.args):
            continue
        target = app.flow.function(module, each)
        if target is None:
            continue
        names = [parameter.arg for parameter in (*target[1].args.posonlyargs, *target[1].args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        at = next(index for index, argument in enumerate(each.args) if _is(argument, thread))
        if at < len(names):
            found.append((target[1], names[at]))
    return found


def _is(argument: ast.expr, name: str) -> bool:
    return isinstance(argument, ast.Name) and argument.id == name
