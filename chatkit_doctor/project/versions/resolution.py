"""Which release declared requirements come down to: the newest that all of them admit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.project.manifests.model import Ecosystem, Purpose, Requirement
from chatkit_doctor.project.versions import specifiers
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


# Of one package in one manifest, in different ways; people have a handful.
_MOST_REQUIREMENTS = 50


@dataclass(frozen=True, slots=True)
class Resolution:
    """What requirements of one package come down to.

    version: None where it cannot be told; `reason` then says why in one clause.
    is_pin: whether they name this one version.
    is_impossible: whether no release can satisfy them, none to come either.
    requirement: the one that decided.
    is_foreign: whether it comes from a folder, a repository or a URL, so that no release says what is in it.
    """

    version: str | None
    requirement: Requirement
    is_pin: bool = False
    reason: str = ""
    is_impossible: bool = False
    is_foreign: bool = False


def choose(requirements: Sequence[Requirement], releases: Sequence[str], ecosystem: Ecosystem) -> Resolution:
    """Return what one manifest's requirements of a package, of which there is at least one, come down to.

    releases: the known ones, in any order; empty where they are not known.
    """
    # What is asked for twice is asked for.
    distinct = {
        (each.specifier, each.url, each.conditional, each.scope, each.syntax): each for each in reversed(requirements)
    }
    requirements = list(reversed(distinct.values()))
    if len(requirements) > _MOST_REQUIREMENTS:
        return Resolution(None, requirements[0], reason="it is asked for in too many ways to follow")
    choices = [_choose_all(each, releases, ecosystem) for each in _sets(requirements)]
    settled = [each for each in choices if each.version is not None]
    if settled:
        best = specifiers.newest([each.version for each in settled if each.version], ecosystem)
        return next((each for each in settled if each.version == best), settled[0])
    return next((each for each in choices if not each.is_impossible), choices[0])


def _sets(requirements: Sequence[Requirement]) -> Iterator[Sequence[Requirement]]:
    """Yield the sets that hold together: what always holds, else each requirement that may hold, with constraints."""
    firm = [each for each in requirements if not each.conditional and each.scope is not Purpose.OPTIONAL]
    loose = [
        each
        for each in requirements
        if (each.conditional or each.scope is Purpose.OPTIONAL) and each.scope is not Purpose.CONSTRAINT
    ]
    if any(each.scope is Purpose.MAIN for each in firm) or not loose:
        yield firm or requirements[:1]
        return
    for each in loose:
        yield [each, *firm]


def _choose_all(together: Sequence[Requirement], releases: Sequence[str], ecosystem: Ecosystem) -> Resolution:
    pinned = {each: version for each in together if (version := specifiers.exact_version(each)) is not None}
    decisive = next(iter(pinned), together[0])
    for each in together:
        if each.url and each not in pinned:
            return Resolution(None, each, reason=f"it comes from {each.url}", is_foreign=True)
    tests = [specifiers.admits(each) for each in together]
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return Resolution(None, together[tests.index(None)], reason="its specifier cannot be read")
    newest = specifiers.newest(releases, ecosystem)
    pool = [*releases, *(version for version in pinned.values() if _is_newer(version, newest, ecosystem))]
    admitted = [version for version in pool if all(test(version) for test in known)]
    version = specifiers.newest(admitted, ecosystem)
    if version is not None:
        return Resolution(version, decisive, is_pin=bool(pinned))
    if newest is None:
        return Resolution(None, decisive, reason="its releases are not known")
    # A specifier that asks for more than the newest known release may well be met by the next.
    future = [each for each in _probes(together, newest) if _is_newer(each, newest, ecosystem)]
    is_impossible = not any(all(test(version) for test in known) for version in future)
    asked = ", ".join(each.specifier for each in together)
    return Resolution(
        None,
        decisive,
        reason=f"no release satisfies {asked}; the newest known is {newest}",
        is_impossible=is_impossible,
    )


def _is_newer(version: str, newest: str | None, ecosystem: Ecosystem) -> bool:
    return newest is None or (version != newest and specifiers.newest([version, newest], ecosystem) == version)


def _probes(together: Iterable[Requirement], newest: str) -> Iterator[str]:
    """Yield releases that may come: those the specifiers name, and the next after each and after the newest."""
    for named in (newest, *(version for each in together for version in specifiers.mentioned(each))):
        major, minor, patch = specifiers.release_numbers(named)
        yield f"{major}.{minor}.{patch}"
        yield f"{major}.{minor}.{patch + 1}"
        yield f"{major}.{minor + 1}.0"
        yield f"{major + 1}.0.0"
