"""Raising NotFoundError where a loading method gives None."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.contracts.sdk.sdk_names import NOT_FOUND
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.insertion import behind_statement, has_own_lines, indent_of, step_of
from chatkit_doctor.python.module import is_none


def raising_fix(app: App, method: StoreMethod) -> Fix | None:
    """Return the fix of a method that says None itself, looks into a dict, or comes to its end; None for any other."""
    arguments = method.function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    # The last before the context is the id of what is loaded.
    if len(names) < 3:
        return None
    edits = _edits(app, method, names[-2])
    return Fix("raise NotFoundError", Applicability.UNSAFE, lambda: edits) if edits else None


def _edits(app: App, method: StoreMethod, ident: str) -> Sequence[Edit]:
    module, (owner, _, name) = method.module, NOT_FOUND.rpartition(".")
    known = imported(app.names(module), {owner: [name]})
    raised = f"raise {known.local[name]}({ident})"
    edits: list[Edit] = []
    for each in own_nodes(method.function):
        if not isinstance(each, ast.Return):
            continue
        if each.value is None or is_none(each.value):
            edits.append(Edit(module.location(each), raised))
            continue
        match each.value:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute() as table, attr="get"), args=[ast.Name(id=key)], keywords=[]
            ) if key == ident:
                text, newline = module.location(table).text, module.source.newline
                indent = indent_of(module, each)
                step = step_of(module, method.statements[0], method.function)
                guard = f"if {ident} not in {text}:{newline}{indent}{step}{raised}{newline}{indent}"
                edits.append(Edit(module.location(each), f"{guard}return {text}[{ident}]"))
    last = method.function.body[-1]
    if not _leaves(last) and has_own_lines(module, method.function):
        edits.append(behind_statement(module, last, f"{indent_of(module, last)}{raised}"))
    return [*edits, *known.edits] if edits else []


def _leaves(statement: ast.stmt) -> bool:
    """Return whether nothing comes behind a statement: it returns or raises in each of its ways."""
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=body, orelse=orelse):
            return bool(orelse) and _leaves(body[-1]) and _leaves(orelse[-1])
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            return _leaves(body[-1]) and not any("suppress" in ast.unparse(each.context_expr) for each in items)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            is_left = _leaves((orelse or body)[-1]) and all(_leaves(each.body[-1]) for each in handlers)
            return is_left or (bool(finalbody) and _leaves(finalbody[-1]))
    return False
