"""The new message of a turn, and the expressions that are it, or its text, with nothing put beside it."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.history.ingredients import Ingredients
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.history.plain_input import is_message_alone
from chatkit_doctor.backend.runs.frames import CallFrame, parameters
from chatkit_doctor.contracts.sdk.sdk_names import RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.names import BindingKind

# The message is the second that the server passes to `respond`.
_PLACE = 1


def message_name(frame: CallFrame) -> str | None:
    """Return the name that the new message has in the `respond` that a frame was reached from; None from elsewhere."""
    root = frame.root
    if root.function is None or root.function.name != RESPOND:
        return None
    names = parameters(root.module, root.function)
    return names[_PLACE] if len(names) > _PLACE else None


class NewMessage:
    """Says of expressions whether they are the new message of the turn that they stand in."""

    def __init__(self, app: App, ingredients: Ingredients) -> None:
        self._app = app
        self._ingredients = ingredients
        self._analysis = Analysis(app)

    def is_in(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether the message is among the things that a value is made of."""
        name = message_name(frame)
        return name is not None and any(
            each.frame is frame.root and isinstance(each.expr, ast.Name) and each.expr.id == name
            for each in self._ingredients.of(frame, expr)
        )

    def is_alone(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether a value is the message, or text taken out of it, and nothing else."""
        names = self._app.names(frame.module)
        function = frame.function
        return (
            function is not None and is_message_alone(names, function, self._analysis, expr) and self.is_in(frame, expr)
        )

    def is_itself(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether an expression is the very item that the server passes, under whatever name."""
        name = message_name(frame)
        current: CallFrame | None = frame
        while current is not None and isinstance(expr, ast.Name):
            kinds = [each.kind for each in self._app.names(current.module).lookup(expr.id, expr)]
            if kinds != [BindingKind.PARAMETER]:
                return False
            if current.parent is None:
                return current.function is current.root.function and expr.id == name
            given = current.argument(expr.id)
            if given is None:
                return False
            expr, current = given, current.parent
        return False
