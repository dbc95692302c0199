"""The new message of a turn, and the expressions that are it, or its text, with nothing put beside it."""

from __future__ import annotations

import ast
from bisect import bisect_left

from chatkit_doctor.backend.history.calls import BUILTINS, PURE_MODULES, TEXT_METHODS
from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.history.ingredients import Ingredient, Ingredients, loop_over
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.history.plain_input import is_message_alone
from chatkit_doctor.backend.runs.frames import CallFrame, called, parameters
from chatkit_doctor.contracts.sdk.sdk_names import CONVERT_MESSAGE, RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, names_set, walk
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

# The message is the second that the server passes to `respond`.
_PLACE = 1
# What gives a message in the form that a model reads, whatever a converter of the project's does for it.
_CONVERTS = CONVERTS_ITEMS | {CONVERT_MESSAGE}
# Methods of what holds a text, and functions, that give its parts as they are.
_HOLDERS = frozenset({"get", "model_dump", "model_copy", "copy", "dict", "items", "values"})
_KEEPERS = frozenset({"getattr", "list", "tuple", "reversed", "enumerate", "iter"})


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
        self.app = app
        self._ingredients = ingredients
        self._analysis = Analysis(app)

    def is_in(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether the message is among the things that a value is made of."""
        name = message_name(frame)
        return name is not None and self._ingredients.of(frame, expr).has(_is_named, frame.root, name)

    def is_alone(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether a value is the message, or text taken out of it, and nothing else."""
        names = self.app.names(frame.module)
        function = frame.function
        return (
            function is not None
            and is_message_alone(names, function, self._analysis, expr)
            and self.is_in(frame, expr)
            and self._is_taken_out(frame, expr)
        )

    def _is_taken_out(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether a value has gone through nothing that may have made something else of it, as a search does."""
        return not self._ingredients.of(frame, expr).has(_makes_another, self.app)

    def is_gathered(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether a text, or a list of parts, is gathered from the message alone, from where it begins empty.

        The same name may have held parts of other messages before.
        """
        match expr:
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[inner]):
                expr = inner
            case ast.Call(func=ast.Attribute(value=inner, attr="strip"), args=[]):
                return self.is_gathered(frame, inner)
        function = frame.function
        if not isinstance(expr, ast.Name) or function is None:
            return False
        begun = _begun(frame.module, expr)
        grown = self._analysis.growth(function).get(expr.id, []) if begun is not None else []
        own = [each for each in grown if begun is not None and begun.lineno < each.lineno <= expr.lineno]
        names = self.app.names(frame.module)
        return bool(own) and all(
            is_message_alone(names, function, self._analysis, each)
            and not _is_looked_up(frame.module, each)
            and self.is_in(frame, each)
            and self._is_taken_out(frame, each)
            for each in own
        )

    def is_itself(self, frame: CallFrame, expr: ast.expr) -> bool:
        """Return whether an expression is the very item that the server passes, under whatever name."""
        name = message_name(frame)
        current: CallFrame | None = frame
        while current is not None and isinstance(expr, ast.Name):
            kinds = [each.kind for each in self.app.names(current.module).lookup(expr.id, expr)[:2]]
            if kinds != [BindingKind.PARAMETER]:
                return False
            if current.parent is None:
                return current.function is current.root.function and expr.id == name
            given = current.argument(expr.id)
            if given is None:
                return False
            expr, current = given, current.parent
        return False


def _is_named(part: Ingredient, root: CallFrame, name: str) -> bool:
    """Return whether an ingredient is a name as the method has it that a turn begins with."""
    return part.frame is root and isinstance(part.expr, ast.Name) and part.expr.id == name


def _makes_another(part: Ingredient, app: App) -> bool:
    """Return whether an ingredient is a call that may make something else of what it is given."""
    return (
        isinstance(part.expr, ast.Call)
        and not any(function is not None and function.name in _CONVERTS for function in part.frame.functions)
        and called(app, part.frame, part.expr) is None
        and not _takes_out(app, part.frame.module, part.expr.func)
    )


def _takes_out(app: App, module: Module, func: ast.expr) -> bool:
    """Return whether code that is not the project's gives its argument in another form, or a part of it."""
    if isinstance(func, ast.Attribute) and func.attr in TEXT_METHODS | _HOLDERS | _CONVERTS:
        return True
    dotted = app.names(module).qualified(func) or (func.id if isinstance(func, ast.Name) else "")
    return dotted in BUILTINS or dotted.startswith(PURE_MODULES) or last_part(dotted) in _CONVERTS


def _begun(module: Module, name: ast.Name) -> ast.stmt | None:
    """Return the last statement before a name, in a block around it, that sets it to something empty."""
    below: ast.AST = name
    for parent in module.ancestors(name):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if not isinstance(block, list) or below not in block:
                continue
            setting = _setting(module, parent, field).get(name.id, [])
            before = bisect_left(setting, block.index(below))
            if before:
                last = block[setting[before - 1]]
                value = last.value if isinstance(last, ast.Assign | ast.AnnAssign) else None
                is_empty = isinstance(value, ast.List) and not value.elts
                return last if is_empty else None
        if isinstance(parent, FunctionNode):
            return None
        below = parent
    return None


@remembered
def _setting(_: Module, parent: ast.AST, field: str) -> dict[str, list[int]]:
    """Return by name which statements of a block give it a value."""
    found: dict[str, list[int]] = {}
    for place, statement in enumerate(getattr(parent, field)):
        for name in names_set(walk(statement)):
            found.setdefault(name, []).append(place)
    return found


def _is_looked_up(module: Module, expr: ast.expr) -> bool:
    """Return whether a part comes from a loop over what some function gives, which may have found it elsewhere."""
    loops = [loop for each in walk(expr) if isinstance(each, ast.Name) and (loop := loop_over(module, each))]
    calls = (each.func for loop in loops for each in walk(loop) if isinstance(each, ast.Call))
    return any(not isinstance(each, ast.Name) or each.id not in _KEEPERS for each in calls)
