"""Parsing with an end: a few texts that are no programs take the parser ever longer, however they are written."""

from __future__ import annotations

import mmap
import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.source import PassingError, UnreadableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node, Parser

# Below this no text takes long, in bytes.
_SMALL = 20_000
# In seconds of the processor: several times what a large program takes, a hundred times what a small one does.
_SECONDS = 1.5
_SECONDS_FOR_A_BYTE = 1 / 1_000_000
_PIECE = 16_384
# What a tree may take while it is made, in bytes: programs take some forty for each byte of theirs.
_MEMORY = 32 * 1024 * 1024
_MEMORY_FOR_A_BYTE = 64
# How often it is asked, in calls of the parser's: one for a hundred of its steps. Some of these take very long.
_CALLS = 200
_SECONDS_UNASKED = 0.1
_STATM = Path("/proc/self/statm")


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


def check_together(before: tuple[int, int], weight: tuple[int, int]) -> tuple[int, int]:
    """Return the nodes and bytes of all files with those of one more.

    Raises PassingError where they are too many together: many small files take up as much as a large one.
    """
    nodes, size = before[0] + weight[0], before[1] + weight[1]
    if nodes > _MOST_NODES + size * _MOST_NODES_IN_A_BYTE:
        reason = f"its syntax tree and those of the files before it have {nodes:,} nodes, too many to take in"
        raise PassingError(reason)
    return nodes, size


def beyond(weight: tuple[int, int]) -> float:
    """Return which share of the room for all files a file takes beyond what its own size makes room for."""
    return max(weight[0] - weight[1] * _MOST_NODES_IN_A_BYTE, 0) / _MOST_NODES


def parse(parser: Parser, data: bytes) -> Node:
    """Return the root of a text's tree. Raises PassingError where it takes far too long to make."""
    if len(data) <= _SMALL:
        return parser.parse(data).root_node
    end = time.process_time() + _SECONDS + len(data) * _SECONDS_FOR_A_BYTE
    most = _resident() + _MEMORY + len(data) * _MEMORY_FOR_A_BYTE
    calls = count()

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + _PIECE]

    asked_at = time.process_time()

    def is_too_much(_: int, __: bool) -> bool:
        nonlocal asked_at
        now = time.process_time()
        if next(calls) % _CALLS and now < asked_at + _SECONDS_UNASKED:
            return now > end
        asked_at = now
        return now > end or _resident() > most

    try:
        tree = parser.parse(read, encoding="utf8", progress_callback=is_too_much)
    except TypeError:
        # tree-sitter 0.24 cannot be stopped.
        tree = parser.parse(data)
    except ValueError:
        is_large = _resident() > most
        parser.reset()
        reason = "it takes far too much memory to parse" if is_large else "it takes far too long to parse"
        raise PassingError(reason) from None
    return tree.root_node


def _resident() -> int:
    """Return how much memory the process has, in bytes; the most that it ever had where no more is told, or 0."""
    try:
        return int(_STATM.read_bytes().split()[1]) * mmap.PAGESIZE
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
