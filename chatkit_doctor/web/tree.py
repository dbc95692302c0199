"""Walking syntax trees without recursion: a hostile file may nest deeper than Python's stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from tree_sitter import Node

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)


def walk(node: Node, *, prune: Container[str] = ()) -> Iterator[Node]:
    """Yield a node and all named nodes below it in source order; what lies below a type in `prune` is left out."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if not prune or current is node or current.type not in prune:
            pending.extend(reversed(current.named_children))


def ancestors(node: Node) -> Iterator[Node]:
    """Yield what a node stands in, the nearest first."""
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def is_within(inner: Node, outer: Node) -> bool:
    """Return whether a node of a file lies within another of it, or is that."""
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def error_nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes that the grammar could not place (ERROR) or had to make up (MISSING)."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.is_error or current.is_missing:
            yield current
        if current.has_error:
            pending.extend(reversed(current.children))


def field(node: Node, name: str) -> Node | None:
    """Return the child in a field of the grammar."""
    return node.child_by_field_name(name)


def first_of(node: Node, *types: str) -> Node | None:
    """Return the first named child that is of one of the types."""
    return next((child for child in node.named_children if child.type in types), None)


def without_comments(node: Node) -> list[Node]:
    """Return the named children that are not comments."""
    return [child for child in node.named_children if child.type not in {"comment", "html_comment"}]


def returned_nodes(function: Node) -> list[Node]:
    """Return the expressions that a function returns, those of functions inside it left out."""
    body = field(function, "body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    returns = (node for node in walk(body, prune=FUNCTIONS) if node.type == "return_statement")
    return [expression for node in returns for expression in without_comments(node)[:1]]
