"""What decides whether a place in a program is reached, and whether that has to do with a value."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field, walk, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

# What a name goes by: the declaration that it comes from, or the text of a global with its members.
Dependency = tuple[str, int | str]

_BLOCKS = frozenset({"statement_block", "program", "switch_case", "switch_default"})
_LEAVES = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})
_LOOPS = frozenset({"while_statement", "do_statement", "for_statement", "for_in_statement"})
_SHORT_CIRCUITS = {"&&": True, "||": False, "??": None}
_NAMES = frozenset({"identifier", "shorthand_property_identifier", "this"})
# Functions that do not come back where what they are given does not hold.
_ASSERTS = regex(r"(?:\w+\.)?(?:invariant|assert\w*|ensure\w*|require[A-Z]\w*|must\w*|check[A-Z]\w*|notFound|redirect)")
_MAX_HOPS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """Something that is asked before a place is reached, and whether it holds there; None where nobody knows."""

    node: Node
    holds: bool | None


def conditions(document: Document, node: Node) -> tuple[Guard, ...]:
    """Return what decides whether a node is reached: conditions around it, and what may leave before it."""
    return (*around(node), *_exits_before(document, node))


def names(document: Document, node: Node) -> frozenset[Dependency]:
    """Return the names that an expression depends on, through the variables that it is made of."""
    found: set[Dependency] = set()
    pending = [(node, 0)]
    while pending:
        current, hops = pending.pop()
        for each in walk(current):
            if each.type not in _NAMES:
                continue
            name, initial = _name(document, each)
            if name not in found and initial is not None and hops < _MAX_HOPS:
                pending.append((initial, hops + 1))
            found.add(name)
    return frozenset(found)


def depends_on(document: Document, node: Node, declarations: Iterable[Node]) -> bool:
    """Return whether an expression depends on what some nodes declare, through the variables that it is made of."""
    wanted = {("declared", each.id) for each in declarations}
    return not wanted.isdisjoint(names(document, node))


def around(node: Node) -> Iterator[Guard]:
    """Yield the conditions that a node stands under, the nearest first."""
    child = node
    for parent in ancestors(node):
        condition = field(parent, "condition")
        if parent.type in {"if_statement", "ternary_expression"} and condition is not None and condition != child:
            yield Guard(condition, child == field(parent, "consequence"))
        elif parent.type == "binary_expression":
            left, operator = field(parent, "left"), field(parent, "operator")
            if left is not None and left != child and operator is not None and operator.type in _SHORT_CIRCUITS:
                yield Guard(left, _SHORT_CIRCUITS[operator.type])
        elif parent.type in _LOOPS and child == field(parent, "body"):
            yield Guard(condition or field(parent, "right") or parent, None)
        elif parent.type == "catch_clause":
            yield Guard(parent, None)
        elif parent.type in {"switch_case", "switch_default"} and parent.parent is not None:
            yield Guard(parent.parent.parent or parent, None)
        child = parent


def _exits_before(document: Document, node: Node) -> Iterator[Guard]:
    child = node
    for parent in ancestors(node):
        if parent.type in _BLOCKS:
            yield from _exits(document, parent, child)
        child = parent


def _exits(document: Document, block: Node, child: Node) -> Iterator[Guard]:
    """Yield what may leave a block before a statement in it."""
    known = document.derive(_known_exits)
    if block.id not in known:
        known[block.id] = tuple(_exits_of(document, block))
    yield from (guard for start, guard in takewhile(lambda each: each[0] < child.start_byte, known[block.id]))


def _known_exits(_: Document) -> dict[int, tuple[tuple[int, Guard], ...]]:
    """Return the blocks that were asked about, each with what may leave it and where that starts: a block is long."""
    return {}


def _exits_of(document: Document, block: Node) -> Iterator[tuple[int, Guard]]:
    """Yield what may leave a block, each with where it starts."""
    for statement in without_comments(block):
        guard = _exit(document, statement)
        if guard is not None:
            yield statement.start_byte, guard


def _exit(document: Document, statement: Node) -> Guard | None:
    """Return what must hold behind a statement that may leave its block; None for one that never does."""
    if statement.type == "expression_statement":
        call = next(iter(without_comments(statement)), None)
        function = field(call, "function") if call is not None and call.type == "call_expression" else None
        asserts = function is not None and _ASSERTS.fullmatch(document.text(function))
        return Guard(statement, None) if asserts else None
    if statement.type in FUNCTIONS or not _may_leave(statement):
        return None
    return _of_if(statement) if statement.type == "if_statement" else Guard(statement, None)


def _of_if(statement: Node) -> Guard:
    """Return what must hold behind an `if` that leaves in one of its branches."""
    condition = field(statement, "condition") or statement
    leaves = _surely_leaves(field(statement, "consequence"))
    other = field(statement, "alternative")
    if leaves and other is None:
        return Guard(condition, holds=False)
    is_else = other is not None and not leaves and not _may_leave(field(statement, "consequence") or statement)
    inner = next(iter(without_comments(other)), None) if other is not None else None
    return Guard(condition, True if is_else and _surely_leaves(inner) else None)


def _surely_leaves(branch: Node | None) -> bool:
    last = branch
    if branch is not None and branch.type == "statement_block":
        last = (without_comments(branch) or [branch])[-1]
    return last is not None and last.type in _LEAVES


def _may_leave(statement: Node) -> bool:
    return any(each.type in _LEAVES for each in walk(statement, prune=FUNCTIONS))


def _name(document: Document, identifier: Node) -> tuple[Dependency, Node | None]:
    """Return the name that an identifier goes by, and what it is declared with."""
    binding = lookup(document, identifier) if identifier.type != "this" else None
    if binding is None:
        whole = identifier
        while whole.parent is not None and whole.parent.type == "member_expression":
            if field(whole.parent, "object") != whole:
                break
            whole = whole.parent
        return ("global", document.text(whole)), None
    is_variable = binding.kind in {ScopedKind.CONST, ScopedKind.LET, ScopedKind.VAR}
    return ("declared", binding.declaration.id), field(binding.declaration, "value") if is_variable else None
