"""The calls by which a component or a hook of the app's own gets what it makes ChatKit's options of.

`useDesk({ … })` hands its argument on, `<Desk prompts={…} />` its attributes: for each such call the options are what
they are with these parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.frontend.uses import uses_of
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.conditions import depends_on
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.functions import arguments_of, given, parameter_nodes
from chatkit_doctor.web.evaluation.props import props_value
from chatkit_doctor.web.evaluation.values import FunctionValue, UnknownValue
from chatkit_doctor.web.scopes import ScopedName, lookup
from chatkit_doctor.web.tree import ancestors, field
from chatkit_doctor.web.uses import uses_of_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation
    from chatkit_doctor.web.evaluation.values import Value

_TAGS = frozenset({"jsx_self_closing_element", "jsx_opening_element"})
# What makes a component of a function and draws it the same.
_MADE_BY = frozenset({"memo", "forwardRef", "observer"})
_MAX_DEPTH = 3
_MOST = 24


@dataclass(frozen=True, slots=True, eq=False)
class ParameterCall:
    """One call of a function, or one use of a component; `node` is the call or the opening tag."""

    document: Document
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class ParameterCalls:
    """The known calls of a function, and whether these are all."""

    known: tuple[ParameterCall, ...]
    are_all: bool


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What evaluates the inside of a function for one call of it; `outer`: the calls of what makes that call."""

    evaluation: Evaluation
    call: ParameterCall
    outer: tuple[tuple[Document, Node], ...] = ()

    @property
    def places(self) -> tuple[tuple[Document, Node], ...]:
        """Return the calls that lead here, the outermost first."""
        return (*self.outer, (self.call.document, self.call.node))


def contexts(app: App, document: Document, node: Node, depth: int = 0) -> tuple[list[Context], bool]:
    """Return the calls that an expression depends on by parameters of a function around it, and whether it is all.

    None and False where it depends on no parameter, or where no call is known.
    """
    function = _function_of(document, node)
    calls = _calls(app, document, function) if function is not None else None
    if function is None or calls is None or not calls.known:
        return [], False
    found: list[Context] = []
    for call in calls.known[:_MOST]:
        around = contexts(app, call.document, call.node, depth + 1)[0] if depth < _MAX_DEPTH else []
        outer = [(each.evaluation, each.places) for each in around]
        for evaluation, places in outer or [(app.evaluator, ())]:
            arguments, are_all = _arguments(evaluation, call)
            value = FunctionValue(document, function)
            inside = app.evaluator.inside(value, given(value, arguments, are_all=are_all))
            found.append(Context(inside, call, places))
    return found[:_MOST], calls.are_all and len(found) <= _MOST


def _function_of(document: Document, node: Node) -> Node | None:
    """Return the nearest function on whose parameters an expression depends."""
    for function in functions_around(document, node):
        parameters = parameter_nodes(function)
        if parameters and depends_on(document, node, parameters):
            return function
    return None


def _calls(app: App, document: Document, function: Node) -> ParameterCalls | None:
    known = app.derive(_KnownCalls).found
    key = (document, function.id)
    if key not in known:
        known[key] = _find_calls(app, document, function)
    return known[key]


class _KnownCalls:
    """The calls of an app's functions that were asked for."""

    def __init__(self, _: App) -> None:
        self.found: dict[tuple[Document, int], ParameterCalls | None] = {}


def _find_calls(app: App, document: Document, function: Node) -> ParameterCalls | None:
    binding = _binding(document, function)
    if binding is None:
        return None
    known: list[ParameterCall] = []
    are_all = True
    for where, use in uses_of(app, document, binding):
        parent = use.parent
        # What a test tries is not what the app does.
        if parent is None or (where is not document and app.is_test_or_story(where.path)):
            continue
        is_called = parent.type == "call_expression" and field(parent, "function") == use
        if is_called or (parent.type in _TAGS and field(parent, "name") == use):
            known.append(ParameterCall(where, parent))
        elif parent.type not in {"jsx_closing_element", "export_statement"}:
            are_all = False
    return ParameterCalls(tuple(known), are_all)


def _binding(document: Document, function: Node) -> ScopedName | None:
    """Return the name that a function is called by."""
    name = field(function, "name") if function.type.endswith("_declaration") else None
    if name is None:
        for parent in ancestors(function):
            if parent.type == "variable_declarator":
                name = field(parent, "name")
                break
            made_by = field(parent, "function") if parent.type == "call_expression" else None
            is_made = made_by is not None and document.text(made_by).rpartition(".")[2] in _MADE_BY
            if not is_made and parent.type not in {"arguments", "parenthesized_expression", "as_expression"}:
                return None
    if name is None or name.type not in {"identifier", "type_identifier"}:
        return None
    found = lookup(document, name)
    return found if found is not None and not found.reassigned else None


def _arguments(evaluation: Evaluation, call: ParameterCall) -> tuple[list[Value], bool]:
    if call.node.type == "call_expression":
        return arguments_of(evaluation, call.document, call_arguments(call.node))
    # A second parameter is a ref, if anything.
    unknown = UnknownValue(call.document, call.node, "ref")
    return [props_value(evaluation, call.document, call.node), unknown], True


def parameter_argument(document: Document, node: Node, call: ParameterCall) -> Node | None:
    """Return the argument of a call that an expression is, where that is a parameter used for nothing else."""
    binding = lookup(document, node) if node.type == "identifier" else None
    if binding is None or binding.path != () or binding.writes or call.node.type != "call_expression":
        return None
    function = next(iter(functions_around(document, binding.node)), None)
    parameters = [each.id for each in parameter_nodes(function)] if function is not None else []
    if binding.declaration.id not in parameters or len(uses_of_name(document, binding.name, binding.node)) != 1:
        return None
    arguments = call_arguments(call.node)
    index = parameters.index(binding.declaration.id)
    return arguments[index] if index < len(arguments) else None
