"""What a handler or a listener takes of its argument that is not there, and what it takes the argument itself for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.frontend.events.sources import Receiver
from chatkit_doctor.frontend.threads.handlers import is_state_setter
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.taken import Taken, TakenPath, around, first_parameter, pattern_of, taken
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

# What turns its argument into a text, or needs one.
_TEXT_CALLS = frozenset({"setItem", "getItem", "encodeURIComponent", "String", "setThreadId"})
_TEXT_OPERATORS = frozenset({"+", "===", "==", "!==", "!="})
_STORAGES = regex(r"(?:window\.)?(?:local|session)Storage\b")
_PLAIN_TYPES = regex(r":?\s*(?:(?:string|number|null|undefined|Error)\s*(?:\|\s*)?)+")
_LOOSE_TYPES = regex(r":?\s*(?:any|unknown)")
# Parts of a chain that a guard looks at before the rest.
_GUARDED = regex(r"\?\.")


class Mistake(StrEnum):
    """What is wrong with the use of an argument."""

    VALUE = "the object is taken for the value in it"
    ABSENT = "a member that is not there"
    NOTHING = "a member of nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Mistaken:
    """One function whose argument is not what it takes it for.

    at: the first use that is wrong, or the parameter. uses: all uses of it, in the order of the file.
    """

    receiver: Receiver
    mistake: Mistake
    at: Node
    uses: tuple[Taken, ...]

    @property
    def document(self) -> Document:
        """Return the file of the function."""
        return self.receiver.function.document


def mistaken(receiver: Receiver) -> Mistaken | None:
    """Return what is wrong with a function's use of its argument; None where something of it is right, or not known."""
    document, function = receiver.function.document, receiver.function.node
    parameter = first_parameter(function)
    if parameter is None:
        return None
    uses = tuple(taken(document, function))
    if any(None in each.path for each in uses):
        return None
    if not receiver.keys:
        wrong = [each for each in uses if _is_of_nothing(document, receiver, each)]
        return Mistaken(receiver, Mistake.NOTHING, wrong[0].node, uses) if wrong else None
    if any(is_right(receiver, each.path) for each in uses):
        return None
    absent = [each for each in uses if is_absent(receiver, each.path)]
    if absent:
        return Mistaken(receiver, Mistake.ABSENT, absent[0].node, uses)
    whole = [each for each in uses if each.path == receiver.detail]
    if whole and _is_value(document, receiver, parameter, whole):
        at = parameter if receiver.name else whole[0].node
        return Mistaken(receiver, Mistake.VALUE, at, uses)
    return None


def is_right(receiver: Receiver, path: TakenPath) -> bool:
    """Return whether a path leads to something that the argument has."""
    before = len(receiver.detail)
    return path[:before] == receiver.detail and len(path) > before and path[before] in receiver.keys


def is_absent(receiver: Receiver, path: TakenPath) -> bool:
    """Return whether a path leads to something that is surely not there."""
    detail = receiver.detail
    if not detail:
        return len(path) > 0 and path[0] not in receiver.keys
    if path[:1] == detail:
        return len(path) > 1 and path[1] not in receiver.keys
    # An event has members of its own; none of these is.
    return (
        len(path) > 0 and (path[0] in receiver.keys or is_of_error(receiver, path)) and path[0] not in {"name", "data"}
    )


def is_of_error(receiver: Receiver, rest: TakenPath) -> bool:
    """Return whether something is read that the error in the detail has, and the detail has not."""
    known = kept("web")["error"]
    return receiver.keys == (known["key"],) and len(rest) > 0 and rest[0] in known["members"]


def is_id(receiver: Receiver, rest: TakenPath) -> bool:
    """Return whether a path below the detail is one by which people mean the id in it."""
    known = kept("web")["ids"]
    is_one = len(receiver.keys) == 1 and receiver.keys[0] in known["keys"]
    return is_one and ".".join(map(str, rest)) in known["members"]


def _is_of_nothing(document: Document, receiver: Receiver, use: Taken) -> bool:
    """Return whether a member is read of a detail that there is none of; a guarded read fails nobody."""
    inside = use.path[: len(receiver.detail)] == receiver.detail and len(use.path) > len(receiver.detail)
    return inside and not _GUARDED.search(document.text(use.node))


def _is_value(document: Document, receiver: Receiver, parameter: Node, whole: list[Taken]) -> bool:
    if any(makes_text(document, each.node) for each in whole):
        return True
    if not receiver.name:
        return False
    annotation = field(parameter, "type")
    if annotation is not None:
        return bool(_PLAIN_TYPES.fullmatch(document.text(annotation))) and receiver.is_written_here
    named = document.text(pattern_of(parameter)) in {*receiver.keys, "id"} and receiver.keys != ("error",)
    return named and any(_sets_state(document, each.node) for each in whole)


def is_loose(document: Document, parameter: Node) -> bool:
    """Return whether a parameter has no type, or one that says nothing."""
    annotation = field(parameter, "type")
    return annotation is None or bool(_LOOSE_TYPES.fullmatch(document.text(annotation)))


def makes_text(document: Document, node: Node) -> bool:
    """Return whether the place of an expression makes a text of it, or can use nothing but one."""
    node = around(node)
    parent = node.parent
    if parent is None:
        return False
    match parent.type:
        case "template_substitution":
            return True
        case "binary_expression":
            operator, others = field(parent, "operator"), [field(parent, "left"), field(parent, "right")]
            beside = [each for each in others if each is not None and each != node]
            is_known = operator is not None and operator.type in _TEXT_OPERATORS
            return is_known and any(each.type in {"string", "template_string"} for each in beside)
        case "assignment_expression":
            left = field(parent, "left")
            is_stored = left is not None and _STORAGES.match(document.text(left)) is not None
            return is_stored and field(parent, "right") == node
        case "arguments":
            call = parent.parent
            function = field(call, "function") if call is not None else None
            called = document.text(field(function, "property") or function) if function is not None else ""
            return called in _TEXT_CALLS and not (function is not None and is_state_setter(document, function))
    return False


def _sets_state(document: Document, node: Node) -> bool:
    call = node.parent.parent if node.parent is not None and node.parent.type == "arguments" else None
    function = field(call, "function") if call is not None else None
    return function is not None and is_state_setter(document, function)
