"""Edits that put an item into a list, in the style of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.web.formats.configs import member_value
from chatkit_doctor.web.tree import without_comments
from chatkit_doctor.web.writing.literals import indentation, insert_property, starts_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document


def append_at(document: Document, target: Node, keys: Sequence[str], item: str) -> list[Edit]:
    """Put an item at the end of the list at a path of keys in an object literal, making what is missing of the path.

    No edits where something else stands on the way.
    """
    for depth, key in enumerate(keys):
        value = member_value(document, target, key)
        if value is None:
            nested = f"[{item}]"
            for name in reversed(keys[depth + 1 :]):
                nested = f"{{ {name}: {nested} }}"
            is_clear = all(
                each.type in {"pair", "method_definition", "spread_element"} for each in without_comments(target)
            )
            return insert_property(document, target, key, nested) if is_clear else []
        if depth == len(keys) - 1:
            return _append(document, value, item) if value.type == "array" else []
        if value.type != "object":
            return []
        target = value
    return []


def _append(document: Document, array: Node, item: str) -> list[Edit]:
    source = document.source
    members = without_comments(array)
    if not members:
        at = document.location(array)
        return [Edit(source.location(at.start + 1, at.start + 1), item)]
    last = document.location(members[-1])
    if not starts_line(source, last.start):
        return [Edit(source.location(last.end, last.end), f", {item}")]
    following = members[-1].next_sibling
    has_comma = following is not None and following.type == ","
    end = document.location(following).end if has_comma and following is not None else last.end
    before, after = ("", ",") if has_comma else (",", "")
    return [Edit(source.location(end, end), f"{before}{source.newline}{indentation(source, last.start)}{item}{after}")]
