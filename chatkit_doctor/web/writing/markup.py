"""Edits that put markup into an element, in HTML and JSX, indented like what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.web.markup import first_element
from chatkit_doctor.web.tree import field, first_of
from chatkit_doctor.web.writing.literals import indent_unit, indentation, starts_line

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.markup import Attribute, Element


def insert_in_head(document: Document, markup: str) -> list[Edit]:
    """Put a line of markup at the end of an HTML file's head, making one if need be; [] for a fragment."""
    head = first_element(document, "head")
    if head is not None and not head.is_jsx:
        return insert_child(head, markup, last=True)
    page = first_element(document, "html")
    if page is None or page.is_jsx:
        return []
    newline, unit = document.source.newline, indent_unit(document.source)
    return insert_child(page, f"<head>{newline}{unit}{markup}{newline}</head>")


def insert_child(element: Element, markup: str, *, last: bool = False) -> list[Edit]:
    """Put markup into an element as its first or last child, on a line of its own where the children have theirs."""
    document, source = element.document, element.document.source
    if element.is_self_closing:
        return _open_up(element, markup)
    closing = _closing_tag(element)
    tag_end = document.location(element.tag).end
    inner = f"{indentation(source, element.location.start)}{indent_unit(source)}"
    if closing is None:
        return [Edit(source.location(tag_end, tag_end), f"{source.newline}{_indented(markup, inner)}")]
    close = document.location(closing).start
    if not starts_line(source, close):
        at = close if last else tag_end
        return [Edit(source.location(at, at), markup)]
    written = _child_indentation(element, close)
    inner = inner if written is None else written
    if last:
        start = source.line_start(source.position(close).line)
        return [Edit(source.location(start, start), f"{_indented(markup, inner)}{source.newline}")]
    return [Edit(source.location(tag_end, tag_end), f"{source.newline}{_indented(markup, inner)}")]


def remove_attribute(element: Element, attribute: Attribute) -> list[Edit]:
    """Take an attribute out of its tag, with the white space before it."""
    source = element.document.source
    at = element.document.location(attribute.node)
    start = at.start
    while start > 0 and source.text[start - 1].isspace():
        start -= 1
    return [Edit(source.location(start, at.end), "")]


def remove_script(document: Document, node: Node) -> list[Edit]:
    """Take a page's script with its tags out of it, and the lines that it alone stands on. node: the script element."""
    source = document.source
    at = document.location(node)
    start, end = at.start, at.end
    line = source.position(end).line
    rest = source.text[end : source.line_start(line) + len(source.line(line))]
    if starts_line(source, start) and not rest.strip():
        start = source.line_start(source.position(start).line)
        end = source.line_start(line + 1) if line < source.line_count else end + len(rest)
    return [Edit(source.location(start, end), "")]


def insert_attribute(element: Element, text: str) -> list[Edit]:
    """Write an attribute (`control={x}`) behind the last one of a tag, or behind its name."""
    document = element.document
    last = [each for each in element.tag.named_children if each.type != "comment"][-1]
    at = document.location(last).end
    own_line = len(element.attributes) > 0 and starts_line(document.source, document.location(last).start)
    gap = f"{document.source.newline}{indentation(document.source, at)}" if own_line else " "
    return [Edit(document.source.location(at, at), f"{gap}{text}")]


def _open_up(element: Element, markup: str) -> list[Edit]:
    """Turn `<a />` into `<a>markup</a>`."""
    document, source = element.document, element.document.source
    at = document.location(element.tag)
    written = at.text.removesuffix("/>").rstrip()
    edge = source.location(at.start + len(written), at.end)
    return [Edit(edge, f">{markup}</{element.name}>")]


def _closing_tag(element: Element) -> Node | None:
    return field(element.node, "close_tag") if element.is_jsx else first_of(element.node, "end_tag")


def _child_indentation(element: Element, close: int) -> str | None:
    """Return the white space before the first thing between the tags that starts a line, None without any."""
    source = element.document.source
    first = source.position(element.location.end).line + 1
    lines = (source.line_start(number) for number in range(first, source.position(close).line))
    return next(
        (indentation(source, start) for start in lines if source.line(source.position(start).line).strip()), None
    )


def _indented(markup: str, indent: str) -> str:
    return "".join(f"{indent}{line}" if line.strip() else line for line in markup.splitlines(keepends=True))
