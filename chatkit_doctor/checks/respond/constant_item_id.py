"""Find items that a server stores under an id which is written in the program."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.runs.frames import parameters
from chatkit_doctor.backend.turns.constant_ids import ConstantId, constant_ids
from chatkit_doctor.contracts.sdk.sdk_names import kind_of_item
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode
from chatkit_doctor.words import last_part


def constant_item_id(app: App) -> Iterator[Finding]:
    """Find items that a server stores under an id which is written in the program."""
    for found in constant_ids(app):
        item = found.item
        assert item.answer.function is not None
        yield Finding(
            "CK314",
            item.made.module.location(found.id),
            f"every {last_part(item.model)} that {item.answer.function.name}() stores here has the id {found.text!r}",
            label="the same each time",
            help="take a new one of the store: self.store.generate_item_id(…)",
            seen_as=SeenAs("replaced"),
            fix=_fix(found),
        )


def _fix(found: ConstantId) -> Fix | None:
    """Return the fix that takes a new id of the store; None outside of the method that has what this needs."""
    item = found.item
    function, made = item.answer.function, item.made
    inside = item.frame is item.answer and made.module is item.frame.module
    if function is None or not inside or made.module.enclosing_function(made.expr) is not function:
        return None
    names = parameters(item.frame.module, function)
    kind = kind_of_item(item.model)
    if len(names) < 3 or kind is None:
        return None
    text = f'{_receiver(function)}.store.generate_item_id("{kind}", {names[0]}, {names[-1]})'
    edit = Edit(made.module.location(found.id), text)
    return Fix("take a new id of the store", Applicability.SAFE, lambda: (edit,))


def _receiver(function: FunctionNode) -> str:
    return [*function.args.posonlyargs, *function.args.args][0].arg
