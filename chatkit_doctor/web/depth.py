"""How deep a web file may nest: to look around in a tree costs what it is deep, for each look.

No tree is walked to find out: a file of usual size costs nothing, a large one a handful of looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.source import UnreadableSourceError

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_LEVELS = 5_000
# A level takes at least a byte or two, so a stretch that nests too deep is no shorter than this.
_STRETCH = 10_000

_TAG = regex(rb"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*+)(?P<rest>[^<>]*+)>")
# Elements that have no end, and those whose end a parser puts in itself.
_ENDLESS = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"p li td th tr dt dd option tbody thead tfoot".split()
)


def check_markup(data: bytes) -> None:
    """Raise UnreadableSourceError for markup that nests too deep; the parser itself takes ever longer for it."""
    if data.count(b"<") <= MOST_LEVELS:
        return
    depth = 0
    for tag in _TAG.finditer(data):
        if tag["end"]:
            depth = max(depth - 1, 0)
        elif not tag["rest"].endswith(b"/") and tag["name"].lower() not in _ENDLESS:
            depth += 1
        if depth > MOST_LEVELS:
            raise _too_deep(data, tag.start())


def check_script(root: Node, data: bytes) -> None:
    """Raise UnreadableSourceError for a tree that is too deep."""
    for offset in range(root.start_byte, root.end_byte, _STRETCH) if root.end_byte - root.start_byte > _STRETCH else ():
        cursor = root.walk()
        for _ in range(MOST_LEVELS):
            if cursor.goto_first_child_for_byte(offset) is None:
                break
        else:
            raise _too_deep(data, offset)


def _too_deep(data: bytes, offset: int) -> UnreadableSourceError:
    reason = f"it nests more than {MOST_LEVELS:,} levels deep"
    return UnreadableSourceError(reason, data.count(b"\n", 0, offset) + 1)
