"""Items that the answers of a server store: handed over as new or done, or added to the store by the project itself."""

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
class StoredItem:
    """An item that is stored. frame: what hands it over. made: the call of its class. model: that class."""

    answer: CallFrame
    frame: CallFrame
    made: PlacedExpr
    model: str

    def given(self, field: str) -> ast.expr | None:
        """Return what the item is made with for a field, by its name."""
        assert isinstance(self.made.expr, ast.Call)
        return next((each.value for each in self.made.expr.keywords if each.arg == field), None)


def stored_items(app: App) -> Iterator[StoredItem]:
    """Yield the items that answers store, each call that makes one once for an answer."""
    for answer in answers(app):
        seen: set[ast.expr] = set()
        for frame, item in _stored(app, answer):
            made = list(app.flow.sources(frame.module, item))
            call = made[0].expr if len(made) == 1 else None
            if not isinstance(call, ast.Call) or call in seen:
                continue
            seen.add(call)
            model = sdk_name(app, made[0].module, call.func) or ""
            union = contract_for(app, made[0].module.source.path).union(ITEM)
            if union is not None and model in union.members:
                yield StoredItem(answer, frame, made[0], model)


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
