"""What turns thread items into a run's input and adds nothing to them: the SDK's converter and its functions."""

from __future__ import annotations

import ast

from chatkit_doctor.contracts.sdk.sdk_names import CONVERT, CONVERT_ITEMS, CONVERT_MESSAGE, CONVERTER, LOAD_ITEMS
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.words import last_part

# By their last names, since people import them in many ways: what converts items, and what the message alone as well.
CONVERTS_ITEMS = frozenset({last_part(CONVERT), CONVERT_ITEMS})
_CONVERTS = CONVERTS_ITEMS | {CONVERT_MESSAGE}
# A converter of the project's that names one of these may fetch more than it is given.
_FETCHES = (LOAD_ITEMS, "histor", "memor")


def is_converter_method(app: App, module: Module, func: ast.expr) -> bool:
    """Return whether a call only brings what it is given into another form, by what it calls."""
    if isinstance(func, ast.Attribute):
        return func.attr in _CONVERTS or _is_converter(app, module, func.value)
    if not isinstance(func, ast.Name):
        return False
    dotted = app.names(module).qualified(func) or func.id
    if last_part(dotted) in _CONVERTS:
        return True
    sources = [each for each in app.flow.sources(module, func) if not is_none(each.expr)]
    return bool(sources) and all(_is_method_of_converter(app, each) for each in sources)


def _is_method_of_converter(app: App, value: PlacedExpr) -> bool:
    """Return whether a value is a method of a converter that was taken from it before it is called."""
    if isinstance(value.expr, ast.Attribute):
        return _is_converter(app, value.module, value.expr.value)
    if isinstance(value.expr, ast.Call) and isinstance(value.expr.func, ast.Name) and value.expr.func.id == "getattr":
        return bool(value.expr.args) and _is_converter(app, value.module, value.expr.args[0])
    return False


def _is_converter(app: App, module: Module, expr: ast.expr) -> bool:
    sources = [each for each in app.flow.sources(module, expr) if not is_none(each.expr)]
    return bool(sources) and all(_makes_converter(app, each) for each in sources)


def _makes_converter(app: App, value: PlacedExpr) -> bool:
    if not isinstance(value.expr, ast.Call):
        return False
    for found in app.symbols.definitions(value.module, value.expr.func):
        if last_part(found.external) == last_part(CONVERTER):
            return True
        if found.class_node is not None and found.module is not None:
            view = ClassView(app.symbols, ClassId(found.module, found.class_node))
            fetches = any(word in each.module.source.text for each in view.classes for word in _FETCHES)
            return not fetches and any(last_part(each) == last_part(CONVERTER) for each in view.externals)
    return False
