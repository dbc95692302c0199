"""A cursor that is taken from the row behind the page: the page's last row takes its place."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.stores.paging import SeenPage
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.module import Module


def last_row_fix(page: SeenPage) -> Fix | None:
    """Return the fix of a cursor `rows[limit].id` or `rows[-1].id` of more rows than the page has; else None."""
    module, call = page.made_at
    given = {each.arg: each.value for each in call.keywords if each.arg}
    if "data" not in given or "after" not in given:
        return None
    rows = [each for each in ast.walk(_assigned(module, call, given["after"])) if isinstance(each, ast.Subscript)]
    last = _last_row(given["data"])
    if len(rows) != 1 or not _is_row(rows[0]) or last is None or module.location(rows[0]).text == last:
        return None
    edit = Edit(module.location(rows[0]), last)
    return Fix("take the page's last row", Applicability.SAFE, lambda: [edit])


def _assigned(module: Module, call: ast.Call, value: ast.expr) -> ast.expr:
    """Return what a name is set to in the function that makes the page, where it is set once; else the value."""
    function = module.enclosing_function(call)
    if not isinstance(value, ast.Name) or function is None:
        return value
    found = [
        each.value
        for each in ast.walk(function)
        if isinstance(each, ast.Assign) and any(isinstance(t, ast.Name) and t.id == value.id for t in each.targets)
    ]
    return found[0] if len(found) == 1 else value


def _is_row(node: ast.Subscript) -> bool:
    """Return whether an entry is one row of several: `rows[limit]`, `rows[-1]`."""
    return isinstance(node.value, ast.Name) and not isinstance(node.slice, ast.Slice)


def _last_row(data: ast.expr) -> str | None:
    """Return the last row of a page as an expression, None where the page is no plain name and no plain slice."""
    match data:
        case ast.Name(id=name):
            return f"{name}[-1]"
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=None, upper=ast.Name(id=limit), step=None)):
            return f"{name}[{limit} - 1]"
    return None
