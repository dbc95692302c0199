"""Whether what came back is what was stored: the same class and the same values, times by the moment they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

_LONGEST = 80


def difference(stored: BaseModel, loaded: object) -> str:
    """Return what is different, in a clause, or an empty text."""
    if type(loaded) is not type(stored):
        return f"it is {_named(loaded)} where {type(stored).__name__} was stored"
    return next(_differences(stored.model_dump(), loaded.model_dump(), ""), "")


def _differences(stored: Any, loaded: Any, path: str) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(loaded, dict):
        for key in (*stored, *(key for key in loaded if key not in stored)):
            yield from _differences(stored.get(key), loaded.get(key), _below(path, str(key)))
    elif isinstance(stored, list) and isinstance(loaded, list) and len(stored) == len(loaded):
        for number, (one, other) in enumerate(zip(stored, loaded, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif not _same(stored, loaded):
        yield f"{path} is {shown(loaded)} where {shown(stored)} was stored"


def _below(path: str, key: str) -> str:
    named = key if key.isidentifier() else shown(key)
    return f"{path}.{named}" if path else named


def _same(stored: Any, loaded: Any) -> bool:
    if (
        isinstance(stored, datetime)
        and isinstance(loaded, datetime)
        and (stored.tzinfo is None) != (loaded.tzinfo is None)
    ):
        return _moments(stored) & _moments(loaded) != set()
    return bool(stored == loaded)


def _moments(time: datetime) -> set[float]:
    """Return which moments a time can mean: without a zone, that of here and that of UTC."""
    if time.tzinfo is not None:
        return {time.timestamp()}
    return {time.timestamp(), time.replace(tzinfo=UTC).timestamp()}


def _named(value: object) -> str:
    return "None" if value is None else f"{'an' if type(value).__name__[:1] in 'AEIOU' else 'a'} {type(value).__name__}"


def shown(value: object) -> str:
    """Return a value as it is shown in a sentence."""
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
