"""The body of a saving method, written from that of the method which it hands its item to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.backend.stores.saving import Saved
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, SAVE_ITEM
from chatkit_doctor.finding import Edit
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.insertion import first_line, has_own_lines
from chatkit_doctor.python.module import FunctionNode, Module, walk


def parameters(function: FunctionNode) -> list[str]:
    """Return the names of a method's parameters, in order."""
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def written_here(saved: Saved, edits_of: Callable[[StoreMethod], Sequence[Edit]]) -> Sequence[Edit]:
    """Return the edits of a saving method's own code.

    Where it only hands its item to `add_thread_item`, or does nothing, it gets the code of that method, with the edits:
    adding an item stays as it is.
    """
    method, added = saved.method, saved.store.method(ADD_ITEM)
    if own := edits_of(method):
        return own
    if method.name != SAVE_ITEM or added is None or added.module is not method.module or not _hands_on(method):
        return []
    if parameters(added.function) != parameters(method.function) or not isinstance(
        added.function, type(method.function)
    ):
        return []
    edits = edits_of(added)
    place, code = _lines(method.module, method.function), _lines(added.module, added.function)
    if not edits or place is None or code is None or added.function.col_offset != method.function.col_offset:
        return []
    return [Edit(method.module.source.location(*place), _edited(method.module, code, edits))]


def _hands_on(method: StoreMethod) -> bool:
    """Return whether a method does nothing, or nothing but call `add_thread_item` with what it is given."""
    match method.statements:
        case []:
            return True
        case [ast.Expr(value=ast.Await(value=call)) | ast.Return(value=ast.Await(value=call))] if isinstance(
            call, ast.Call
        ):
            given = [*call.args, *(each.value for each in call.keywords)]
            names = [each.id for each in given if isinstance(each, ast.Name)]
            return (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == ADD_ITEM
                and names == parameters(method.function)[1:]
            )
    return False


def _lines(module: Module, function: FunctionNode) -> tuple[int, int] | None:
    """Return where the lines of a body begin and end, a docstring left out; None where it has no lines of its own."""
    body = [each for each in function.body if not is_text(each)]
    if not body or not has_own_lines(module, function):
        return None
    source = module.source
    last = body[-1].end_lineno or body[-1].lineno
    return source.line_start(first_line(module, body[0])), source.line_start(last) + len(source.line(last))


def is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _edited(module: Module, place: tuple[int, int], edits: Sequence[Edit]) -> str:
    """Return a piece of a file with edits made in it."""
    start, end = place
    text = module.source.text[start:end]
    for each in sorted(edits, key=lambda edit: edit.at.start, reverse=True):
        text = text[: each.at.start - start] + each.text + text[each.at.end - start :]
    return text


def is_of(function: FunctionNode, value: ast.expr, what: str) -> bool:
    """Return whether a value is taken from what is saved: the parameter, or what was made of it."""
    names = {each.id for each in walk(value) if isinstance(each, ast.Name)}
    made = [
        each.value
        for each in own_nodes(function)
        if isinstance(each, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id in names for target in each.targets)
    ]
    return what in names or (
        bool(made) and all(what in {n.id for n in walk(m) if isinstance(n, ast.Name)} for m in made)
    )
