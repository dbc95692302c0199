"""Options that a comment of JSDoc says the type of: `@type`, `@satisfies`, `@returns`, by a `@typedef` or `@import`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import HOOK_OPTIONS_TYPE, OPTIONS_TYPE
from chatkit_doctor.frontend.options.types import DEEP, PARTIAL, TRANSPARENT, OptionsType
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.tree import FUNCTIONS, field, returned_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_TAG = regex(r"@(?P<tag>type|satisfies|returns?)\s*\{(?P<text>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_TYPEDEF = regex(r"@typedef\s*\{(?P<text>[^{}]*)\}\s*(?P<name>\w+)")
_IMPORT = regex(r"@import\s*\{(?P<names>[^{}]*)\}\s*from\s*['\"](?P<package>@openai/chatkit(?:-react)?)['\"]")
_NAMES = f"{HOOK_OPTIONS_TYPE}|{OPTIONS_TYPE}"
_IMPORTED = regex(rf"import\(\s*['\"]@openai/chatkit(?:-react)?['\"]\s*\)\s*\.\s*(?P<name>{_NAMES})")
_NOTHING = frozenset({"null", "undefined"})
_VALUES = frozenset({"pair", "field_definition", "public_field_definition", "variable_declarator"})
_MAX_HOPS = 5


def typed_by_comments(document: Document) -> Iterator[tuple[Node, OptionsType, bool]]:
    """Yield the expressions that comments give a type of options, each with the type and whether that is a cast."""
    if document.source.text.find("ChatKitOptions") < 0:
        return
    aliases = document.derive(_aliases)
    for comment in document.find("comment"):
        text = document.text(comment)
        for tag in _TAG.finditer(text) if text.startswith("/**") else ():
            declared = _declared(tag["text"], aliases)
            target = comment.next_named_sibling
            if declared is None or target is None:
                continue
            if tag["tag"].startswith("return"):
                yield from ((value, declared, False) for value in _returned(target))
            else:
                is_cast = target.type == "parenthesized_expression"
                for value in _values(target):
                    yield value, declared, is_cast and tag["tag"] == "type"


def _values(target: Node) -> Iterator[Node]:
    """Yield what a comment before a declaration, a member or an expression in parentheses is about."""
    if target.type == "export_statement":
        target = field(target, "declaration") or field(target, "value") or target
    if target.type == "parenthesized_expression":
        yield unwrapped(target)
    elif target.type == "object":
        yield target
    elif target.type in _VALUES and (value := field(target, "value")) is not None:
        yield value
    else:
        declarators = (each for each in target.named_children if each.type == "variable_declarator")
        yield from (value for each in declarators if (value := field(each, "value")) is not None)


def _returned(target: Node) -> Iterator[Node]:
    if target.type == "export_statement":
        target = field(target, "declaration") or target
    for value in [target, *_values(target)]:
        if value.type in FUNCTIONS:
            yield from returned_nodes(value)


def _declared(text: str, aliases: Mapping[str, str]) -> OptionsType | None:
    """Return the type of options that a JSDoc type means, None for others."""
    partial = deep = False
    for _ in range(_MAX_HOPS):
        text = _without_nothing(text)
        if (found := _IMPORTED.fullmatch(text)) is not None:
            return OptionsType(partial, found["name"] == HOOK_OPTIONS_TYPE, deep)
        outer, _, inner = text.removesuffix(">").partition("<")
        if inner and outer.strip() in PARTIAL | TRANSPARENT:
            partial = partial or outer.strip() in PARTIAL
            deep = deep or outer.strip() in DEEP
            # What `Pick` and `Omit` name behind it says nothing of the rest.
            text = inner.partition(",")[0]
        elif text in aliases:
            text = aliases[text]
        else:
            return None
    return None


def _without_nothing(text: str) -> str:
    """Return a type without the `| null` behind it."""
    known, bar, last = text.rpartition("|")
    return known.strip() if bar and last.strip() in _NOTHING else text.strip()


def _aliases(document: Document) -> dict[str, str]:
    """Return the types that comments give a name, and those that they import, by their names here."""
    found: dict[str, str] = {}
    for comment in document.find("comment"):
        text = document.text(comment)
        found |= {each["name"]: each["text"] for each in _TYPEDEF.finditer(text)}
        for each in _IMPORT.finditer(text):
            for name in each["names"].split(","):
                imported, _, local = name.strip().partition(" as ")
                found[(local or imported).strip()] = f"import('{each['package']}').{imported.strip()}"
    return found
