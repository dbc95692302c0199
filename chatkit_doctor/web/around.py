"""The functions that a node stands in, from an index of a file's functions.

tree-sitter finds the parent of a node by a walk from the root, so that going up costs the square of the depth.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from chatkit_doctor.web.tree import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document


def functions_around(document: Document, node: Node) -> list[Node]:
    """Return the functions that a node of a script stands in, the nearest first."""
    return document.derive(_Functions).around(node)


class _Functions:
    """A file's functions in the order of the text, and of each the place of the one that it stands in."""

    def __init__(self, document: Document) -> None:
        found = document.find(*sorted(FUNCTIONS))
        spans = sorted(((each.start_byte, -each.end_byte, each) for each in found), key=lambda span: span[:2])
        self._functions = [function for _, _, function in spans]
        self._starts = [start for start, _, _ in spans]
        self._ends = [-end for _, end, _ in spans]
        self._outer: list[int] = []
        for at, start in enumerate(self._starts):
            outer = at - 1
            while outer >= 0 and self._ends[outer] <= start:
                outer = self._outer[outer]
            self._outer.append(outer)

    def around(self, node: Node) -> list[Node]:
        start, end = node.start_byte, node.end_byte
        at = bisect_right(self._starts, start) - 1
        # A function is longer than all that stands in it.
        while at >= 0 and (self._ends[at] < end or (self._starts[at] == start and self._ends[at] == end)):
            at = self._outer[at]
        found = []
        while at >= 0:
            found.append(self._functions[at])
            at = self._outer[at]
        return found
