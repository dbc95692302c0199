"""Paths of routes: joined, compared with the path of an address, and known in part where code does not tell all."""

from __future__ import annotations

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

_ANY_REST = "{*}"
_ANY = "{}"
_PARAMETER = regex(r"\{(\w*)(?::(\w+))?\}|<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class RoutePath:
    """The path of a route, parameters as `{}`, one that takes all that follows as `{*}`.

    is_whole: whether nothing unknown stands before it.
    """

    segments: tuple[str, ...]
    is_whole: bool = True

    @classmethod
    def of(cls, text: str | None) -> RoutePath:
        """Return a path as frameworks write it; one that is not known for None."""
        return cls(_segments(text), is_whole=True) if text is not None else cls((), is_whole=False)

    def below(self, outer: RoutePath) -> RoutePath:
        """Return this path where it is put behind another."""
        if not self.is_whole:
            return self
        return RoutePath(outer.segments + self.segments, outer.is_whole)

    def answers(self, path: str) -> bool:
        """Return whether the route may answer an address's path; of one known in part, whether the end fits."""
        asked = tuple(each for each in path.split("/") if each)
        if _ANY_REST in self.segments:
            head = self.segments[: self.segments.index(_ANY_REST)]
            return not self.is_whole or _fit(head, asked[: len(head)])
        if self.is_whole:
            return _fit(self.segments, asked)
        count = len(self.segments)
        return count <= len(asked) and _fit(self.segments, asked[len(asked) - count :])

    @property
    def text(self) -> str:
        """Return the path as people write it."""
        return f"{'' if self.is_whole else '…'}/{'/'.join(self.segments)}"


def _fit(segments: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return len(segments) == len(asked) and all(
        one == other or _ANY in one for one, other in zip(segments, asked, strict=True)
    )


def _segments(text: str) -> tuple[str, ...]:
    return tuple(each for each in _PARAMETER.sub(_placeholder, text).split("/") if each)


def _placeholder(match: object) -> str:
    converters = {match[2], match[3]}  # type: ignore[index]
    return _ANY_REST if "path" in converters else _ANY
