"""Parsing with an end: a few texts that are no programs take the parser ever longer, however they are written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chatkit_doctor.source import UnreadableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node, Parser

# Below this no text takes long, in bytes.
_SMALL = 20_000
# In seconds of the processor: a hundred times what a program takes.
_SECONDS = 2.0
_SECONDS_FOR_A_BYTE = 2 / 1_000_000
_PIECE = 16_384


# Of all trees of a file, in nodes: programs and pages have one for four bytes, the densest one for two.
_MOST_NODES = 200_000
_MOST_NODES_IN_A_BYTE = 0.35

# A tree of its own takes some 40 KB, however short its script is.
_MOST_SCRIPTS = 6_000


def check_scripts(count: int) -> None:
    """Raise UnreadableSourceError for a page with so many scripts that their trees would take up all memory."""
    if count > _MOST_SCRIPTS:
        raise UnreadableSourceError(f"it has more than {_MOST_SCRIPTS:,} scripts, too many to take in")


def check_count(roots: Iterable[Node], size: int) -> None:
    """Raise UnreadableSourceError for trees with too many nodes for a file of this size, in bytes."""
    count = sum(root.descendant_count for root in roots)
    if count > _MOST_NODES + size * _MOST_NODES_IN_A_BYTE:
        raise UnreadableSourceError(f"its syntax tree has {count:,} nodes, too many to take in")


def parse(parser: Parser, data: bytes) -> Node:
    """Return the root of a text's tree. Raises UnreadableSourceError where it takes far too long to make."""
    if len(data) <= _SMALL:
        return parser.parse(data).root_node
    end = time.process_time() + _SECONDS + len(data) * _SECONDS_FOR_A_BYTE

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + _PIECE]

    def is_late(_: int, __: bool) -> bool:
        return time.process_time() > end

    try:
        tree = parser.parse(read, encoding="utf8", progress_callback=is_late)
    except TypeError:
        # tree-sitter 0.24 cannot be stopped.
        tree = parser.parse(data)
    except ValueError:
        parser.reset()
        raise UnreadableSourceError("it takes far too long to parse") from None
    return tree.root_node
