"""Return the fix that converts the assistant's stored messages to a form that every model accepts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.conversions import Conversion
from chatkit_doctor.backend.imports.handed_on import is_handed_on
from chatkit_doctor.checks.respond.history_converter import answer_method, history_converter
from chatkit_doctor.contracts.sdk.sdk_names import CONVERT, CONVERT_ITEMS
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.insertion import has_own_lines
from chatkit_doctor.words import last_part


def own_converter_fix(app: App, found: Conversion) -> Fix | None:
    """Return the fix that converts the assistant's stored messages to a form that every model accepts.

    None where the converter's class has its body on its first line.
    """
    own = found.own.own if found.own is not None else None
    if own is not None and not has_own_lines(own.module, own.node):
        return None

    def build() -> Iterator[Edit]:
        if own is not None:
            yield from answer_method(app, own.module, own.node)
            return
        if found.made is not None and isinstance(found.made.expr, ast.Call):
            module, func = found.made.module, found.made.expr.func
            name, edits = history_converter(app, module, found.made.expr)
            yield Edit(module.location(func), name)
        else:
            module, func = found.module, found.call.func
            name, edits = history_converter(app, module, found.call, _left_unused(app, found))
            yield Edit(module.location(func), f"{name}().{CONVERT_ITEMS}")
        yield from edits

    title = "convert the assistant's messages to a role and a plain text"
    return Fix(title, Applicability.UNSAFE, lambda: tuple(build()))


def _left_unused(app: App, found: Conversion) -> set[str]:
    """Return the SDK's function where this call is all that uses it."""
    name = last_part(CONVERT)
    uses = [node for node in found.module.nodes(ast.Name) if node.id == name]
    return {name} if uses == [found.call.func] and not is_handed_on(app, found.module, name) else set()
