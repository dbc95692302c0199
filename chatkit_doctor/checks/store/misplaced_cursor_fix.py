"""A cursor that is taken from the row behind the page: the row before it, the page's last, takes its place."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.stores.paging import SeenPage
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.module import FunctionNode, walk


def last_row_fix(page: SeenPage) -> Fix | None:
    """Return the fix of a cursor `rows[limit].id` or `rows[-1].id` of more rows than the page has; else None.

    The row is taken from the same list: the page may be made later, and of something else than rows.
    """
    module, call = page.made_at
    function = module.enclosing_function(call)
    value = next((each.value for each in call.keywords if each.arg == "after"), None)
    row = _row(function, call, value) if function is not None and value is not None else None
    if function is None or row is None or not isinstance(row.value, ast.Name):
        return None
    end = _end(function, row.value.id, row.slice)
    if end is None:
        return None
    edit = Edit(module.location(row), f"{row.value.id}[{end} - 1]")
    return Fix("take the page's last row", Applicability.SAFE, lambda: [edit])


def _row(function: FunctionNode, call: ast.Call, value: ast.expr) -> ast.Subscript | None:
    """Return the entry that a cursor is taken from: the only one in its value, or in what its name is set to.

    None for a name that something else than the page reads: rows may be told from the cursor by it.
    """
    if isinstance(value, ast.Name):
        uses = [each for each in walk(function) if isinstance(each, ast.Name) and each.id == value.id]
        set_to = [
            each.value
            for each in walk(function)
            if isinstance(each, ast.Assign) and any(target in uses for target in each.targets)
        ]
        inside = set(walk(call))
        if len(set_to) != 1 or sum(each not in inside for each in uses) != 1:
            return None
        value = set_to[0]
    found = [each for each in walk(value) if isinstance(each, ast.Subscript)]
    return found[0] if len(found) == 1 else None


def _end(function: FunctionNode, rows: str, index: ast.expr) -> str | None:
    """Return where the page ends in its list of rows, as the function writes it; None where nothing says so."""
    match index:
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return next((each for each in _ends(function, rows) if each in _parameters(function)), None)
    return None


def _ends(function: FunctionNode, rows: str) -> list[str]:
    """Return the names at which a list of rows is cut off: `limit` of `rows[:limit]`."""
    found = []
    for node in walk(function):
        match node:
            case ast.Subscript(
                value=ast.Name(id=name), slice=ast.Slice(lower=None, upper=ast.Name(id=end), step=None)
            ) if name == rows:
                found.append(end)
    return found


def _parameters(function: FunctionNode) -> set[str]:
    return {each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
