"""What is taken of a value that has a name: members through chains, patterns and names for parts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, is_within, without_comments
from chatkit_doctor.web.uses import uses_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

TakenPath = tuple[str | None, ...]

_TRANSPARENT = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_MAX_HOPS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """One use of a value, or of a part of it.

    path: the members down to what is used, () for all of it; None for a step that is computed, or for the rest of it.
    node: the chain of members, or the name in a pattern. base: what stands for the value or the part at its start.
    start: how many of the steps are behind the base. is_pattern: whether a pattern takes it, and no expression.
    """

    path: TakenPath
    node: Node
    base: Node
    start: int
    is_pattern: bool = False


def first_parameter(function: Node) -> Node | None:
    """Return the first parameter of a function: a pattern, with its type where the grammar has one, or None."""
    single = field(function, "parameter")
    listed = field(function, "parameters")
    if single is not None:
        return single
    return next(iter(without_comments(listed)), None) if listed is not None else None


def pattern_of(parameter: Node) -> Node:
    """Return the name or pattern of a parameter, without its type and default."""
    if parameter.type == "assignment_pattern":
        return field(parameter, "left") or parameter
    return field(parameter, "pattern") or parameter


def taken(document: Document, function: Node) -> list[Taken]:
    """Return every use of a function's first argument; what the names for parts of it are used for is among them."""
    parameter, body = first_parameter(function), field(function, "body")
    if parameter is None or body is None:
        return []
    return list(_of_pattern(document, body, pattern_of(parameter), (), 0))


def taken_of_variable(document: Document, declarator: Node) -> list[Taken]:
    """Return every use of what a variable is declared with, in the function or the script that declares it."""
    pattern = field(declarator, "name")
    around_it = functions_around(document, declarator)
    body = field(around_it[0], "body") if around_it else None
    script = document.script_at(declarator)
    region = body or (script.root if script is not None else None)
    return list(_of_pattern(document, region, pattern, (), 0)) if pattern is not None and region is not None else []


def _of_pattern(document: Document, region: Node, pattern: Node, path: TakenPath, hops: int) -> Iterator[Taken]:
    """Yield what is used of what a pattern takes apart; path: where that is in the value."""
    match pattern.type:
        case "identifier":
            yield from _of_name(document, region, pattern, path, hops)
        case "object_pattern":
            for member in without_comments(pattern):
                yield from _of_member(document, region, member, path, hops)
        case "array_pattern" | "rest_pattern":
            yield Taken((*path, None), pattern, pattern, len(path), is_pattern=True)


def _of_member(document: Document, region: Node, member: Node, path: TakenPath, hops: int) -> Iterator[Taken]:
    key, inner = field(member, "key"), field(member, "value")
    if member.type == "object_assignment_pattern":
        inner = key = field(member, "left")
    elif member.type == "shorthand_property_identifier_pattern":
        inner = key = member
    if key is None or inner is None:
        yield Taken((*path, None), member, member, len(path), is_pattern=True)
        return
    if inner.type == "assignment_pattern":
        inner = field(inner, "left") or inner
    is_short = key.type == "shorthand_property_identifier_pattern"
    here = (*path, document.text(key) if is_short else key_text(document, key))
    if inner.type in {"object_pattern", "array_pattern"}:
        yield from _of_pattern(document, region, inner, here, hops)
        return
    yield Taken(here, member, member, len(path), is_pattern=True)
    yield from _of_name(document, region, inner, here, hops)


def _of_name(document: Document, region: Node, name: Node, path: TakenPath, hops: int) -> Iterator[Taken]:
    """Yield what is used of a name for the value or a part of it."""
    if hops > _MAX_HOPS:
        return
    for node in uses_of_name(document, document.text(name), name):
        if is_within(node, region):
            yield from _of_use(document, region, node, path, hops)


def _of_use(document: Document, region: Node, node: Node, path: TakenPath, hops: int) -> Iterator[Taken]:
    base = around(node)
    last, outer, steps = node, base, list(path)
    while (parent := outer.parent) is not None and parent.type in {"member_expression", "subscript_expression"}:
        if field(parent, "object") != outer:
            break
        name = field(parent, "property") or field(parent, "index")
        is_plain = name is not None and (parent.type == "member_expression" or name.type == "string")
        steps.append(key_text(document, name) if is_plain and name is not None else None)
        last, outer = parent, around(parent)
    holder = outer.parent
    if holder is not None and holder.type == "variable_declarator" and field(holder, "value") == outer:
        target = field(holder, "name")
        if target is not None and target.type in {"identifier", "object_pattern"}:
            if target.type == "identifier":
                yield Taken(tuple(steps), last, base, len(path))
            yield from _of_pattern(document, region, target, tuple(steps), hops + 1)
            return
    yield Taken(tuple(steps), last, base, len(path))


def around(node: Node) -> Node:
    """Return the parentheses, casts and `!` around an expression, or itself."""
    while (parent := node.parent) is not None and parent.type in _TRANSPARENT and parent.named_children[0] == node:
        node = parent
    return node
