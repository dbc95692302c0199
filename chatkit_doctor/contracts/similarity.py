"""The one nearest name, for messages and fixes that may only speak when there is no doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CUTOFF = 0.75


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like a name, or None where none is close or two are equally close.

    A candidate that differs in case and separators only counts as the same name.
    """
    from difflib import SequenceMatcher  # only a finding needs it

    scored = sorted(
        ((SequenceMatcher(None, _plain(name), _plain(candidate)).ratio(), candidate) for candidate in set(candidates)),
        reverse=True,
    )
    if not scored or scored[0][0] < _CUTOFF:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return None
    return scored[0][1]


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
