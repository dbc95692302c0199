"""The cursor of a page that says there is more: the id of its last row."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.models.field_edits import added
from chatkit_doctor.backend.models.values import Fields
from chatkit_doctor.backend.stores.paging import Paging, SeenPage
from chatkit_doctor.backend.stores.verdicts import honours_cursor
from chatkit_doctor.contracts.mistakes import meant_field
from chatkit_doctor.contracts.sdk.sdk_names import PAGE
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.module import Module, is_none


def cursor_fix(paging: Paging, page: SeenPage) -> Fix | None:
    """Return the fix that gives a page its cursor; None where the method does not go on from it."""
    module, call = page.made_at
    if not honours_cursor(paging) or call.args or any(each.arg is None for each in call.keywords):
        return None
    given = {each.arg: each for each in call.keywords if each.arg}
    text = _cursor(module, given)
    if text is None:
        return None
    edits = _edits(module, call, given, text)
    return Fix("set after", Applicability.UNSAFE, lambda: edits) if edits else None


def _cursor(module: Module, given: dict[str, ast.keyword]) -> str | None:
    """Return the id of the last row as an expression, from what the call gives; None where that is no plain name."""
    if "data" not in given or "has_more" not in given:
        return None
    data, more = given["data"].value, given["has_more"].value
    written = module.location(more).text
    if isinstance(data, ast.Name):
        test = f"{written} and {data.id}" if isinstance(more, ast.Name) else data.id
        return f"{data.id}[-1].id if {test} else None"
    match data:
        case ast.Subscript(value=ast.Name(id=rows), slice=ast.Slice(lower=None, upper=ast.Name(id=limit), step=None)):
            if ast.unparse(more) in {f"len({rows}) > {limit}", f"{limit} < len({rows})"}:
                return f"{rows}[{limit} - 1].id if {written} else None"
    return None


def _edits(module: Module, call: ast.Call, given: dict[str, ast.keyword], text: str) -> Sequence[Edit]:
    """Return the edits that give `after`: in the place of None, of a name that stands for it, or behind the rest."""
    if (own := given.get("after")) is not None:
        return [Edit(module.location(own.value), text)] if is_none(own.value) else []
    for name, keyword in given.items():
        meant = meant_field(PAGE, name)
        if meant is not None and meant.field == "after":
            return [Edit(module.location(keyword), f"after={text}")]
    return added(module, Fields(call, (), is_whole=True), {"after": text})
