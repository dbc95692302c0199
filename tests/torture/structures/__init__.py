"""Programs that nobody writes, each for any size: by name, what makes its files from how often something is in them."""

from __future__ import annotations

from collections.abc import Callable

Structure = Callable[[int], dict[str, str]]


def each(size: int, text: str) -> str:
    """Return a text as often as asked for, with the number in the place of # and the one before in that of #-1."""
    return "".join(_numbered(text, number) for number in range(1, size + 1))


def files(size: int, name: str, text: str) -> dict[str, str]:
    """Return as many files as asked for, with numbers in their names and texts as `each` has them."""
    return {_numbered(name, number): _numbered(text, number) for number in range(1, size + 1)}


def _numbered(text: str, number: int) -> str:
    return text.replace("#-1", str(number - 1)).replace("#", str(number))
