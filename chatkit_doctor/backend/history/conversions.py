"""Runs that are given the stored items of a thread in the form that ChatKit's own converter writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.history.loaded_items import holds_loaded_items
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.backend.runs.runs import Run, calls_like_runs, run_of
from chatkit_doctor.contracts.sdk.agents import runner
from chatkit_doctor.contracts.sdk.sdk_names import CONVERT, CONVERT_ANSWER, CONVERT_ITEMS, CONVERTER
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, own_nodes
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Conversion:
    """A call that turns stored items into a run's input and leaves the assistant's messages to the SDK.

    made: the call that makes the SDK's own converter, None where the call is of the SDK's function or the converter is
    of a class of the project. own: that class.
    """

    module: Module
    call: ast.Call
    made: PlacedExpr | None = None
    own: ClassView | None = None


def default_conversions(app: App) -> Iterator[tuple[Run, Conversion]]:
    """Yield the conversions of stored items whose result is the input of an agent's run, each once with a run."""
    if not any(_converts(module) for module in app.modules()):
        return
    # A variable that many runs are given leads to the same calls from each of them.
    seen: set[ast.Call] = set()
    for module in app.modules():
        if app.is_test_file(module.source.path) or not any(each in module.source.text for each in runner().methods):
            continue
        for call in calls_like_runs(module):
            run = run_of(app, module, call)
            if run is None or run.agent is None or run.input is None or run.carries_memory:
                continue
            for found in _conversions(app, module, run.input, 0, module.enclosing_function(run.input)) or ():
                if found.call in seen:
                    continue
                seen.add(found.call)
                given = found.call.args or [each.value for each in found.call.keywords]
                if given and holds_loaded_items(Analysis(app), found.module, given[0]):
                    yield run, found


def _converts(module: Module) -> bool:
    return last_part(CONVERT) in module.source.text or CONVERT_ITEMS in module.source.text


@same_for_all_uses
def _conversions(
    app: App, module: Module, given: ast.expr, depth: int, function: FunctionNode | None
) -> list[Conversion] | None:
    """Return the conversions that an input is made of, None where something else may have changed it.

    function: around the input.
    """
    if depth > _MAX_DEPTH or _is_gone_through(app, given, function):
        return None
    found: list[Conversion] = []
    for value in app.flow.sources(module, given):
        parts: list[ast.expr]
        match value.expr:
            case ast.Constant(value=None):
                continue
            case ast.List(elts=elements):
                parts = [each.value for each in elements if isinstance(each, ast.Starred)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                parts = [left, right]
            case ast.Subscript(value=inner, slice=ast.Slice()):
                parts = [inner]
            case ast.Call() as call if (conversion := _conversion(app, value.module, call)) is not None:
                found.append(conversion)
                continue
            case _:
                return None
        for part in parts:
            around = value.module.enclosing_function(part)
            inner_found = _conversions(app, value.module, part, depth + 1, around)
            if inner_found is None:
                return None
            found += inner_found
    return found


def _is_gone_through(app: App, given: ast.expr, function: FunctionNode | None) -> bool:
    """Return whether a loop runs over the input by its name, and may mend its entries on the way."""
    return isinstance(given, ast.Name) and function is not None and given.id in _names_gone_through(app, function)


@remembered
def _names_gone_through(_: App, function: FunctionNode) -> frozenset[str]:
    loops = (node for node in own_nodes(function) if isinstance(node, ast.For))
    return frozenset(each.id for loop in loops for each in walk(loop.iter) if isinstance(each, ast.Name))


def _conversion(app: App, module: Module, call: ast.Call) -> Conversion | None:
    dotted = app.names(module).qualified(call.func) or ""
    if contract_for(app, module.source.path).canonical(dotted) == CONVERT and is_sdk(app, module, dotted):
        return Conversion(module, call)
    if not isinstance(call.func, ast.Attribute) or call.func.attr != CONVERT_ITEMS:
        return None
    made = list(app.flow.sources(module, call.func.value))
    return _of_converter(app, Conversion(module, call), made[0]) if len(made) == 1 else None


def _of_converter(app: App, conversion: Conversion, made: PlacedExpr) -> Conversion | None:
    """Return a conversion by an object whose class leaves the assistant's messages to the SDK, else None."""
    if not isinstance(made.expr, ast.Call):
        return None
    found = app.symbols.definition(made.module, plain_class_expression(made.expr.func))
    if found is None:
        return None
    if found.module is not None and found.class_node is not None:
        view = ClassView(app.symbols, ClassId(found.module, found.class_node))
        is_default = view.is_complete and not view.unknown_externals((CONVERTER,)) and CONVERTER in view.externals
        own = (CONVERT_ANSWER, CONVERT_ITEMS, "_thread_item_to_input_item")
        if not is_default or any(view.defines(each) for each in own):
            return None
        return replace(conversion, own=view)
    canonical = contract_for(app, made.module.source.path).canonical(found.external or "")
    if canonical != CONVERTER or not is_sdk(app, made.module, found.external or ""):
        return None
    return replace(conversion, made=made)
