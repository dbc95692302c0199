"""Elements and their attributes, in HTML-like markup and in JSX alike. Comments and text are never elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.formats.references import unescaped
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.tree import field, first_of, walk, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

# `{options}`, which stands for `options={options}` in some components.
_SHORTHAND = regex(r"\{(\w+)\}")
_WITH_SHORTHANDS = frozenset({".svelte", ".astro"})


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """One attribute.

    node: all of it, name and value.
    text: its value where that is plain text ("" where none is written), None for an expression of JSX and a name alone
    that stands for one.
    expression: in JSX, what stands in the braces.
    """

    name: str
    node: Node
    text: str | None
    expression: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element.

    name: the tag as written (`openai-chatkit`, `ChatKit`, `Foo.Bar`).
    node: all of it; tag: its opening (or only) tag.
    attributes: by name, in lower case in markup and as written in JSX; of one written twice the first.
    spread: in JSX, whether `{...props}` can add attributes.
    """

    document: Document
    name: str
    node: Node
    tag: Node
    attributes: Mapping[str, Attribute]
    is_jsx: bool
    spread: bool = False

    @property
    def location(self) -> Location:
        """Return where the opening tag is written."""
        return self.document.location(self.tag)

    def text(self, attribute: str) -> str | None:
        """Return an attribute's plain text, or None where it is missing or an expression."""
        found = self.attributes.get(attribute)
        return found.text if found is not None else None

    @property
    def is_self_closing(self) -> bool:
        """Return whether it is written `<a />`, so that there is no inside."""
        return self.tag.type in {"self_closing_tag", "jsx_self_closing_element"}


def elements(document: Document, *names: str) -> Iterator[Element]:
    """Yield the elements of a document, of the markup first; `names` (exact, markup in any case) selects."""
    wanted = {name.lower() for name in names}
    for element in document.derive(_elements):
        if not names or element.name in names or (not element.is_jsx and element.name.lower() in wanted):
            yield element


def first_element(document: Document, *names: str) -> Element | None:
    """Return the first element with one of the names."""
    return next(elements(document, *names), None)


def _elements(document: Document) -> tuple[Element, ...]:
    found: list[Element] = []
    if document.markup is not None:
        found.extend(_markup_elements(document, document.markup))
    for node in document.find("jsx_element", "jsx_self_closing_element"):
        tag = field(node, "open_tag") if node.type == "jsx_element" else node
        # A fragment (`<>`) has a tag without a name.
        if tag is not None and field(tag, "name") is not None:
            found.append(_jsx_element(document, node, tag))
    return tuple(found)


def _markup_elements(document: Document, root: Node) -> Iterator[Element]:
    for node in walk(root):
        is_element = node.type.endswith("element")
        for tag in node.named_children:
            if tag.type not in {"start_tag", "self_closing_tag"}:
                continue
            name = first_of(tag, "tag_name")
            if name is not None:
                attributes = _markup_attributes(document, tag)
                yield Element(document, document.text(name), node if is_element else tag, tag, attributes, is_jsx=False)


def _markup_attributes(document: Document, tag: Node) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for each in tag.named_children:
        if each.type == "attribute":
            attribute = _markup_attribute(document, each)
            attributes.setdefault(attribute.name, attribute)
    return attributes


def _markup_attribute(document: Document, node: Node) -> Attribute:
    name = first_of(node, "attribute_name")
    value = next((each for each in walk(node) if each.type == "attribute_value"), None)
    written = document.text(name).lower() if name is not None else ""
    if value is None and document.path.suffix in _WITH_SHORTHANDS and (short := _SHORTHAND.fullmatch(written)):
        return Attribute(short[1], node, None)
    return Attribute(written, node, unescaped(document.text(value)) if value is not None else "")


def _jsx_element(document: Document, node: Node, tag: Node) -> Element:
    name = field(tag, "name")
    attributes: dict[str, Attribute] = {}
    spread = False
    for each in tag.named_children:
        if each.type == "jsx_attribute":
            attribute = _jsx_attribute(document, each)
            attributes.setdefault(attribute.name, attribute)
        elif each.type in {"jsx_expression", "spread_element"}:
            spread = True
    return Element(
        document, document.text(name) if name is not None else "", node, tag, attributes, is_jsx=True, spread=spread
    )


def _jsx_attribute(document: Document, node: Node) -> Attribute:
    parts = without_comments(node)
    name = document.text(parts[0]) if parts else ""
    if len(parts) < 2:
        return Attribute(name, node, "")
    value = parts[1]
    if value.type != "jsx_expression":
        return Attribute(name, node, string_text(document, value))
    inner = without_comments(value)
    text = string_text(document, inner[0]) if inner else ""
    return Attribute(name, node, text, inner[0] if inner else None)
