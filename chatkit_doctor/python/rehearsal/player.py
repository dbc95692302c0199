"""What Python's own functions and methods ask of the rehearsal that they serve, and what they share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Protocol

from chatkit_doctor.python.rehearsal.values import Blank, Instant, Lost


class Player(Protocol):
    """What the library asks of the rehearsal that it serves."""

    def apply(self, function: object, arguments: list[object]) -> object:
        """Return what calling a value gives."""

    def items(self, value: object) -> list[object]:
        """Return what going over a value gives. Raises Lost where it is unknown."""

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value."""

    def unknown_call(self, arguments: list[object], named: dict[str, object], holder: object = None) -> object:
        """Return what unknown code gives."""


def truth_of(value: object) -> bool | None:
    """Return whether a value counts as true, None where nobody can tell."""
    if isinstance(value, Blank):
        return True if value.is_there else None
    return bool(value)


def known_truth(value: object) -> bool:
    """Return whether a value counts as true. Raises Lost where nobody can tell."""
    found = truth_of(value)
    if found is None:
        raise Lost
    return found


def ordered(player: Player, values: Iterable[object], named: dict[str, object]) -> list[object]:
    """Return values in the order that `sorted` gives them. Raises Lost where their keys have none that is known."""
    key, turned = named.get("key"), named.get("reverse", False)
    if isinstance(turned, Blank):
        raise Lost
    pairs = [(player.apply(key, [each]) if key is not None else each, each) for each in values]
    pairs.sort(key=cmp_to_key(_order_of_pairs), reverse=bool(turned))
    return [each for _, each in pairs]


def _order_of_pairs(one: tuple[object, object], other: tuple[object, object]) -> int:
    return order_of(one[0], other[0])


def order_of(one: object, other: object) -> int:
    """Return -1 where one value comes before another, 1 where behind it, 0 for neither. Raises Lost where unknown."""
    for kind in (str, (int, float), Instant):
        if isinstance(one, kind) and isinstance(other, kind):
            return -1 if one < other else int(other < one)  # type: ignore[operator]
    if isinstance(one, tuple) and isinstance(other, tuple):
        return next((found for pair in zip(one, other, strict=False) if (found := order_of(*pair))), 0)
    raise Lost
