"""Items that an answer stores under an id which is written in the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.frames import CallFrame, own_calls, reached
from chatkit_doctor.backend.turns.answers import answers, yielded
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, ADDED, DONE, ITEM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class ConstantId:
    """An item with a literal id. frame: the function that makes it. id: as it is given. model: the item's class."""

    answer: CallFrame
    frame: CallFrame
    made: PlacedExpr
    model: str
    id: ast.expr
    text: str


def constant_ids(app: App) -> Iterator[ConstantId]:
    """Yield the items of answers that are stored under the same id each time."""
    for answer in answers(app):
        seen: set[ast.expr] = set()
        for frame, item in _stored(app, answer):
            made = list(app.flow.sources(frame.module, item))
            call = made[0].expr if len(made) == 1 else None
            if not isinstance(call, ast.Call) or call in seen:
                continue
            seen.add(call)
            model = sdk_name(app, made[0].module, call.func) or ""
            given = next((each.value for each in call.keywords if each.arg == "id"), None)
            union = contract_for(app, made[0].module.source.path).union(ITEM)
            if given is None or union is None or model not in union.members:
                continue
            values = [each.expr for each in app.flow.sources(made[0].module, given)]
            if len(values) == 1 and isinstance(values[0], ast.Constant) and isinstance(values[0].value, str):
                yield ConstantId(answer, frame, made[0], model, given, values[0].value)


def _stored(app: App, answer: CallFrame) -> Iterator[tuple[CallFrame, ast.expr]]:
    """Yield the items that an answer hands to the server as new, or adds to the store itself."""
    for each in yielded(app, answer):
        for value in app.flow.sources(each.frame.module, each.value):
            if isinstance(value.expr, ast.Call) and sdk_name(app, value.module, value.expr.func) in {ADDED, DONE}:
                given = next((keyword.value for keyword in value.expr.keywords if keyword.arg == "item"), None)
                if given is not None and value.module is each.frame.module:
                    yield each.frame, given
    for frame in reached(app, answer):
        for call in own_calls(frame):
            if isinstance(call.func, ast.Attribute) and call.func.attr == ADD_ITEM and len(call.args) > 1:
                yield frame, call.args[1]
