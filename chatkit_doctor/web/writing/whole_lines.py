"""Spreading an object literal that stands on one line over several, to write long entries into it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.writing.literals import indent_unit, indentation

if TYPE_CHECKING:
    from tree_sitter import Node


def with_members(document: Document, target: Node, entries: list[tuple[str, str]], after: Node | None) -> list[Edit]:
    """Give each member of a one-line object a line of its own, with new entries behind one of them or at the end.

    Only the blanks between the members change. [] for an object with comments, which could lose their place.
    """
    children = target.children
    members = [child for child in children if child.is_named]
    if not members or any(child.type == "comment" or child.is_error for child in children):
        return []
    source = document.source
    outer = indentation(source, document.location(target).start)
    line = f"{source.newline}{outer}{indent_unit(source)}"
    written = "".join(f"{line}{name}: {value}," for name, value in entries)
    edits: list[Edit] = []
    for left, right in pairwise(children):
        gap = source.location(document.location(left).end, document.location(right).start)
        member = left if left.is_named else left.prev_named_sibling
        is_anchor = member is not None and member == (after or members[-1])
        if right.type == ",":
            continue
        closes = right.type == "}"
        text = "," if closes and left.type != "," else ""
        text += written if is_anchor else ""
        edits.append(Edit(gap, f"{text}{source.newline}{outer}" if closes else f"{text}{line}"))
    return edits
