"""The published releases of the packages the contracts know, and since and until when a datum holds.

A built table says `[first, last, value]` for every stretch of releases over which a datum did not change;
`last` is None while it holds in the newest release.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from chatkit_doctor.contracts.data_files import built
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHATKIT = "openai-chatkit"
CHATKIT_JS = "@openai/chatkit"
CHATKIT_REACT = "@openai/chatkit-react"
NPM_PACKAGES = (CHATKIT_JS, CHATKIT_REACT)


@dataclass(frozen=True, slots=True)
class Availability:
    """Since which release something exists, and the last one that has it: None while it still exists."""

    first: str
    last: str | None


@cache
def releases(package: str) -> tuple[str, ...]:
    """Return every known release of a package, oldest first. Raises KeyError for an unknown package."""
    return tuple(built("releases")[package])


@cache
def known_packages() -> frozenset[str]:
    """Return the packages whose releases are known."""
    return frozenset(built("releases"))


def newest(package: str) -> str:
    """Return the newest known release of a package."""
    return releases(package)[-1]


@cache
def resolve_release(package: str, version: str | None) -> tuple[str, bool]:
    """Return the known release to judge a version by, and whether the version is newer than the data.

    A version between two known releases (a pre-release, a yanked one) is judged by the one before it; None, and
    what is no version at all, by the newest.
    """
    known = releases(package)
    if version is None or version in known:
        return version or known[-1], False
    from packaging.version import Version  # rarely needed, slow to load

    try:
        wanted = Version(version)
    except ValueError:
        return known[-1], False
    not_newer = [release for release in known if Version(release) <= wanted]
    return (not_newer[-1] if not_newer else known[0]), wanted > Version(known[-1])


@cache
def _positions(package: str) -> dict[str, int]:
    return {release: position for position, release in enumerate(releases(package))}


def holds(package: str, first: str, last: str | None, release: str) -> bool:
    """Return whether a stretch of releases has a release in it."""
    position = _positions(package)
    return position[first] <= position[release] and (last is None or position[release] <= position[last])


def value_at(package: str, spans: Sequence[Sequence[Any]], release: str) -> Any:
    """Return what a datum was in a release, or None where it was not there."""
    return next((value for first, last, value in spans if holds(package, first, last, release)), None)


def table_at(package: str, table: dict[str, Any], release: str) -> dict[str, Any]:
    """Return the entries of a table (spans by name) that a release has, with their values."""
    found = ((name, value_at(package, spans, release)) for name, spans in table.items())
    return {name: value for name, value in found if value is not None}


def availability(spans: Iterable[Sequence[Any]]) -> Availability | None:
    """Return the first and the last release of a datum, or None where no release has it."""
    known = list(spans)
    return Availability(known[0][0], known[-1][1]) if known else None
