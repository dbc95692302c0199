"""Comments in scripts, JSX and markup, by their grammars, so that none is found in a string, a template or a text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from chatkit_doctor.scanning.suppressions.comments import Comment, CommentLayout, LineRange
from chatkit_doctor.source import UnreadableSourceError
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import first_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tree_sitter import Node

    from chatkit_doctor.source import Source

_COMMENTS = ("comment", "html_comment")
_DELIMITERS = (("<!--", "-->"), ("/*", "*/"), ("//", ""))
_TEXT_ELEMENTS = frozenset({b"textarea", b"title"})
_INSIDE_TAGS = ("_tag", "attribute", "attribute_value", "doctype")
_TAGS = frozenset({"start_tag", "self_closing_tag"})
_JSX_TAGS = ("jsx_opening_element", "jsx_self_closing_element")
_HEADERS = frozenset({"hash_bang_line", "doctype", *_COMMENTS})


def web_layout(source: Source, document_of: Callable[[Path], Document | None]) -> CommentLayout:
    """Return the comments of a script, a page or a component."""
    document = document_of(source.path)
    if document is None or document.source is not source:
        try:
            document = Document(source)
        except UnreadableSourceError:
            # A file that cannot be taken in is told so, and nothing else is found in it that a comment could hide.
            return CommentLayout()
    nodes = (*_markup_comments(document), *document.find(*_COMMENTS))
    comments = sorted((_comment(document, node) for node in nodes), key=lambda comment: comment.start)
    return CommentLayout(tuple(comments), _code_start(document), tuple(_unbroken(document)))


def _markup_comments(document: Document) -> Iterator[Node]:
    """Yield the comments of the markup. The grammar takes what looks like one for one inside of tags as well."""
    for node, around in _with_parents(document, "comment"):
        if around is None or not (around.type.endswith(_INSIDE_TAGS) or _holds_text(around)):
            yield node


def _holds_text(element: Node) -> bool:
    """Return whether a browser takes what looks like a comment in an element for text."""
    tag = first_of(element, "start_tag")
    name = first_of(tag, "tag_name") if tag is not None else None
    return name is not None and (name.text or b"").lower() in _TEXT_ELEMENTS


def _with_parents(document: Document, type_: str) -> Iterator[tuple[Node, Node | None]]:
    """Yield the nodes of the markup that are of a type, in the order of the text, with what is around each."""
    waiting: list[tuple[Node, Node | None]] = [(document.markup, None)] if document.markup is not None else []
    while waiting:
        node, around = waiting.pop()
        if node.type == type_:
            yield node, around
        waiting += [(child, node) for child in reversed(node.children)]


def _markup_nodes(document: Document, *types: str) -> Iterator[Node]:
    if document.markup is not None:
        yield from (node for node in walk(document.markup) if node.type in types)


def _comment(document: Document, node: Node) -> Comment:
    at = document.location(node)
    opening, closing = next((pair for pair in _DELIMITERS if at.text.startswith(pair[0])), ("", ""))
    inner_start = at.start + len(opening)
    ends = bool(closing) and at.text.endswith(closing) and at.end - len(closing) >= inner_start
    inner_end = at.end - len(closing) if ends else at.end
    # To ask for a node's parent takes as long as there are nodes beside it.
    around = node.parent if _is_behind_brace(document.source.text, at.start) else None
    if around is not None and around.type == "jsx_expression" and around.named_child_count == 1:
        outer = document.location(around)
        return Comment(outer.start, outer.end, inner_start, inner_end)
    return Comment(at.start, at.end, inner_start, inner_end)


def _is_behind_brace(text: str, start: int) -> bool:
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return text[start - 1 : start] == "{"


def _unbroken(document: Document) -> Iterator[LineRange]:
    """Yield the lines of tags and of the texts of templates that take several.

    A tag of JSX has room for comments, yet one that stands before the element is meant for all of the tag.
    """
    tags = _markup_nodes(document, *_TAGS)
    for node in chain(tags, document.find(*_JSX_TAGS, "template_string")):
        first, last = node.start_point[0] + 1, node.end_point[0] + 1
        if last > first:
            at = document.location(node)
            yield at.first.line, at.last.line


def _code_start(document: Document) -> int:
    """Return where the first thing begins that is neither a comment nor a header."""
    starts = [start for root in document.roots if (start := _first_code(root)) is not None]
    return document.offset(min(starts)) if starts else len(document.source.text)


def _first_code(root: Node) -> int | None:
    """Return the byte at which a tree's first code begins, that of an element for what is inside it."""
    first = next((child for child in root.named_children if not _is_header(child)), None)
    return None if first is None else first.start_byte


def _is_header(node: Node) -> bool:
    if node.type == "expression_statement" and node.parent is not None and node.parent.type == "program":
        # A directive, such as 'use client'.
        return [child.type for child in node.named_children] == ["string"]
    return node.type in _HEADERS
