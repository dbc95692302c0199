"""What a program does to a variable after its declaration: sets it or a member anew, takes one away, adds items."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web import tree
from chatkit_doctor.web.literals import key_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

Steps = tuple[str | int, ...]

# What reaches an item of an array; any other text is a name like any, also "01" and what is too long for an index.
_INDEX = regex(r"0|[1-9][0-9]{0,9}")
_ADDERS = frozenset({"push", "unshift"})
_MUTATORS = _ADDERS | {"splice", "pop", "shift", "sort", "reverse", "fill", "copyWithin", "set", "delete"}


class WriteKind(StrEnum):
    """How a value is changed; `OTHER` is any way that is not followed."""

    SET = "set"
    REMOVE = "remove"
    MERGE = "merge"
    ADD = "add"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """One change.

    owner: the identifier whose value is changed.
    path: the way from there to what is set, taken away, merged into or added to; None where a step is computed.
    node: the assignment, the `delete` or the call.
    values: what is set, or the arguments.
    """

    kind: WriteKind
    owner: Node
    path: Steps | None
    node: Node
    values: tuple[Node, ...] = ()

    @property
    def is_of_name(self) -> bool:
        """Return whether the variable itself gets another value, not a member of the one that it has."""
        return self.path == () and self.kind in {WriteKind.SET, WriteKind.OTHER} and self.node.type != "call_expression"


# The types of nodes that may change something.
WRITING = frozenset(
    {
        *("assignment_expression", "augmented_assignment_expression", "for_in_statement", "update_expression"),
        *("unary_expression", "call_expression"),
    }
)


def writes_of(document: Document, node: Node) -> Iterator[Write]:
    """Yield the changes that one node makes; assignments that take a value apart are the caller's."""
    match node.type:
        case "assignment_expression":
            value = tree.field(node, "right")
            yield from _target(document, tree.field(node, "left"), node, WriteKind.SET, value)
        case "augmented_assignment_expression" | "for_in_statement":
            yield from _target(document, tree.field(node, "left"), node, WriteKind.OTHER)
        case "update_expression":
            yield from _target(document, tree.field(node, "argument"), node, WriteKind.OTHER)
        case "unary_expression" if node.children and node.children[0].type == "delete":
            yield from _target(document, tree.field(node, "argument"), node, WriteKind.REMOVE)
        case "call_expression":
            yield from _call(document, node)


def _target(
    document: Document, target: Node | None, node: Node, kind: WriteKind, value: Node | None = None
) -> Iterator[Write]:
    owner = root_identifier(target) if target is not None else None
    if target is not None and owner is not None:
        yield Write(kind, owner, member_path(document, target), node, (value,) if value is not None else ())


def _call(document: Document, call: Node) -> Iterator[Write]:
    function = tree.field(call, "function")
    if function is None or function.type != "member_expression":
        return
    owner, method = tree.field(function, "object"), tree.field(function, "property")
    arguments = tree.field(call, "arguments")
    if owner is None or method is None or arguments is None or arguments.type != "arguments":
        return
    called, given = document.text(method), tree.without_comments(arguments)
    if document.text(owner) == "Object" and called in {"assign", "defineProperty", "defineProperties"}:
        kind = WriteKind.MERGE if called == "assign" else WriteKind.OTHER
        changed = given[0] if given else None
        given = given[1:]
    else:
        kind = WriteKind.ADD if called in _ADDERS else WriteKind.OTHER
        changed = owner if called in _MUTATORS else None
    root = root_identifier(changed) if changed is not None else None
    if changed is not None and root is not None:
        yield Write(kind, root, member_path(document, changed), call, tuple(given))


def root_identifier(node: Node) -> Node | None:
    """Return the identifier that a chain of members starts at (`a` of `a.b!.c[0]`), or None."""
    current: Node | None = node
    while current is not None:
        match current.type:
            case "identifier":
                return current
            case "member_expression" | "subscript_expression":
                current = tree.field(current, "object")
            case "non_null_expression" | "parenthesized_expression" | "as_expression":
                current = next(iter(tree.without_comments(current)), None)
            case _:
                return None
    return None


def member_path(document: Document, member: Node) -> Steps | None:
    """Return the steps of a chain of members (`("b", 0)` of `a.b[0]`); None where one is computed."""
    steps: list[str | int] = []
    current: Node | None = member
    while current is not None and current.type not in {"identifier", "this"}:
        if current.type == "member_expression":
            name = tree.field(current, "property")
        elif current.type == "subscript_expression":
            name = tree.field(current, "index")
        else:
            current = next(iter(tree.without_comments(current)), None)
            continue
        text = key_text(document, name) if name is not None else None
        if text is None or (current.type == "subscript_expression" and name and name.type == "identifier"):
            return None
        steps.append(int(text) if _INDEX.fullmatch(text) else text)
        current = tree.field(current, "object")
    return tuple(reversed(steps))
