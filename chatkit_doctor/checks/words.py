"""How findings of several families put lists and code into a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def joined(words: Iterable[str], last: str = "and") -> str:
    """Return words as a list in a sentence."""
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def shortened(text: str, limit: int = 40) -> str:
    """Return code on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
