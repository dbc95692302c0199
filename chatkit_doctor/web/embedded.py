"""The scripts inside HTML, Vue, Svelte and Astro markup: where they are and what they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.languages import Grammar
from chatkit_doctor.web.tree import first_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

# What browsers and in-page compilers run; anything else (importmap, JSON, templates) is data.
_SCRIPT_TYPES = {
    "": Grammar.JAVASCRIPT,
    "module": Grammar.JAVASCRIPT,
    "text/javascript": Grammar.JAVASCRIPT,
    "application/javascript": Grammar.JAVASCRIPT,
    "text/ecmascript": Grammar.JAVASCRIPT,
    "text/babel": Grammar.TSX,
    "text/jsx": Grammar.TSX,
    "text/typescript": Grammar.TYPESCRIPT,
}
_SCRIPT_LANGUAGES = {"ts": Grammar.TYPESCRIPT, "typescript": Grammar.TYPESCRIPT, "tsx": Grammar.TSX, "jsx": Grammar.TSX}


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedScript:
    """A script element with something in it; `body` is the node of its raw text."""

    element: Node
    body: Node
    attributes: Mapping[str, str]
    grammar: Grammar


def embedded_scripts(markup: Node) -> Iterator[EmbeddedScript]:
    """Yield the scripts of a markup tree that a browser or a compiler would run."""
    for element in walk(markup):
        if element.type != "script_element":
            continue
        body = first_of(element, "raw_text")
        attributes = script_attributes(element)
        kind = attributes.get("type", "").strip().lower()
        if body is None or kind not in _SCRIPT_TYPES:
            continue
        grammar = _SCRIPT_LANGUAGES.get(attributes.get("lang", "").lower(), _SCRIPT_TYPES[kind])
        yield EmbeddedScript(element, body, attributes, grammar)


def script_attributes(element: Node) -> dict[str, str]:
    """Return the attributes of an element by name in lower case; of one written twice the first counts."""
    tag = first_of(element, "start_tag", "self_closing_tag")
    attributes: dict[str, str] = {}
    for attribute in tag.named_children if tag else ():
        name = first_of(attribute, "attribute_name")
        if name is not None and name.text is not None:
            value = next((node.text for node in walk(attribute) if node.type == "attribute_value"), None)
            attributes.setdefault(name.text.decode(errors="replace").lower(), (value or b"").decode(errors="replace"))
    return attributes
