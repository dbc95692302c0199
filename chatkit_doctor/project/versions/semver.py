"""npm's versions and ranges: `^1.2`, `~1.2.3`, `1.x`, `>=1 <2`, `1.2 - 1.4`, `a || b`, as node-semver reads them."""

from __future__ import annotations

from functools import total_ordering
from itertools import takewhile
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

# In characters: npm's own reader takes no version beyond it; what is so much longer is no range that people write.
_LONGEST = 256
_LONGEST_RANGE = 4096


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version by semver 2: build metadata is dropped, a pre-release comes before its release."""

    numbers: tuple[int, int, int]
    pre: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """Return the version that a text is, None for any other text."""
        match = _VERSION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
        if match is None:
            return None
        pre = tuple(match["pre"].split(".")) if match["pre"] else ()
        return cls((int(match["major"]), int(match["minor"]), int(match["patch"])), pre)

    def __lt__(self, other: Version) -> bool:
        return self._key < other._key

    @property
    def _key(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        identifiers = tuple((not each.isdigit(), int(each) if each.isdigit() else 0, each) for each in self.pre)
        return self.numbers, not self.pre, identifiers


@dataclass(frozen=True, slots=True)
class _Bound:
    operator: str
    version: Version

    def admits(self, version: Version) -> bool:
        """Return whether a version is on this side of the bound."""
        match self.operator:
            case ">=":
                return version >= self.version
            case ">":
                return version > self.version
            case "<":
                return version < self.version
            case "<=":
                return version <= self.version
        return version == self.version


@dataclass(frozen=True, slots=True)
class Range:
    """Alternatives, each a set of bounds that all must hold."""

    alternatives: tuple[tuple[_Bound, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Range | None:
        """Return the range that a text is; None for any other text, such as a tag or a URL."""
        if len(text) > _LONGEST_RANGE:
            return None
        alternatives = []
        for each in text.split("||"):
            bounds = _alternative(each.strip())
            if bounds is None:
                return None
            alternatives.append(bounds)
        # Beside "any", npm drops the other alternatives, and with them the pre-releases that they name.
        return cls((_ANY,) if _ANY in alternatives else tuple(alternatives))

    def admits(self, version: Version) -> bool:
        """Return whether a version is in the range; a pre-release only where it names one of the same release."""
        return any(_holds(bounds, version) for bounds in self.alternatives)


def exact(text: str) -> str | None:
    """Return the one version that a range names, None for a range of several."""
    version = text.strip().removeprefix("=").strip().removeprefix("v")
    return version if Version.parse(version) else None


def _holds(bounds: tuple[_Bound, ...], version: Version) -> bool:
    if not all(bound.admits(version) for bound in bounds):
        return False
    return not version.pre or any(bound.version.pre and bound.version.numbers == version.numbers for bound in bounds)


def _alternative(text: str) -> tuple[_Bound, ...] | None:
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen:
        low, high = _Partial.parse(hyphen["low"]), _Partial.parse(hyphen["high"])
        return None if low is None or high is None else (*low.bounds(">="), *high.bounds("<="))
    bounds: list[_Bound] = []
    for comparator in _SPACE_AFTER_OPERATOR.sub(r"\1", text).split() or ["*"]:
        match = _COMPARATOR.fullmatch(comparator)
        partial = _Partial.parse(match["version"]) if match else None
        if match is None or partial is None:
            return None
        bounds.extend(partial.bounds(match["operator"]))
    return tuple(bounds)


@dataclass(frozen=True, slots=True)
class _Partial:
    """A version of which the last numbers may be open: `1`, `1.x`, `1.2.*`."""

    numbers: tuple[int, ...]
    pre: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> _Partial | None:
        match = _PARTIAL.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            return None
        parts = [match["major"], match["minor"], match["patch"]]
        numbers = [int(each) for each in takewhile(_is_number, parts) if each]
        if any(map(_is_number, parts[len(numbers) :])):
            return None
        pre = match["pre"].split(".") if match["pre"] and len(numbers) == 3 else []
        return cls(tuple(numbers), tuple(pre))

    def bounds(self, operator: str) -> Iterator[_Bound]:
        """Yield what an operator before this version demands."""
        if not self.numbers:
            # `<*` and `>*` admit nothing, every other operator anything.
            yield _Bound("<", _NOTHING) if operator in {"<", ">"} else _Bound(">=", _LEAST)
            return
        first = Version(self._padded, self.pre)
        is_open = len(self.numbers) < 3
        match operator:
            case "^":
                yield from _between(first, self._after(self._caret_place))
            case "~" | "~>":
                yield from _between(first, self._after(min(len(self.numbers), 2) - 1))
            case ">" if is_open:
                yield _Bound(">=", Version(self._after(len(self.numbers) - 1)))
            case "<=" if is_open:
                yield _Bound("<", Version(self._after(len(self.numbers) - 1), _LOWEST))
            case "<" if is_open:
                yield _Bound("<", Version(self._padded, _LOWEST))
            case "" | "=" if is_open:
                yield from _between(first, self._after(len(self.numbers) - 1))
            case _:
                yield _Bound(operator, first)

    @property
    def _padded(self) -> tuple[int, int, int]:
        major, minor, patch = (*self.numbers, 0, 0)[:3]
        return major, minor, patch

    @property
    def _caret_place(self) -> int:
        """Return which number a caret lets no higher: the first that is not zero, or the last written."""
        places = (place for place, number in enumerate(self.numbers) if number)
        return next(places, len(self.numbers) - 1)

    def _after(self, place: int) -> tuple[int, int, int]:
        """Return the first release in which the number at a place is one higher."""
        numbers = [*self._padded[:place], self._padded[place] + 1, 0, 0]
        return numbers[0], numbers[1], numbers[2]


def _is_number(text: str | None) -> bool:
    return text is not None and text.isdigit()


def _between(low: Version, high: tuple[int, int, int]) -> Iterator[_Bound]:
    yield _Bound(">=", low)
    yield _Bound("<", Version(high, _LOWEST))


# `-0` is below every other pre-release, so that `<2.0.0-0` keeps the pre-releases of 2.0.0 out.
_LOWEST = ("0",)
_LEAST = Version((0, 0, 0))
_NOTHING = Version((0, 0, 0), _LOWEST)
_ANY = (_Bound(">=", _LEAST),)

_NUMBER = r"(?:0|[1-9]\d*)"
_OPEN = rf"(?:{_NUMBER}|[xX*])"
_SUFFIX = r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
_VERSION = regex(rf"v?(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER}){_SUFFIX}")
_PARTIAL = regex(rf"[v=\s]*(?P<major>{_OPEN})(?:\.(?P<minor>{_OPEN})(?:\.(?P<patch>{_OPEN}){_SUFFIX})?)?")
_COMPARATOR = regex(r"(?P<operator>\^|~>|~|>=|<=|>|<|=|)(?P<version>.*)")
_HYPHEN = regex(r"(?P<low>\S+)\s+-\s+(?P<high>\S+)")
_SPACE_AFTER_OPERATOR = regex(r"([\^~<>=])\s+")
