"""Which releases requirements admit, in each syntax: PEP 440, Poetry's, npm's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Ecosystem, Requirement, Syntax
from chatkit_doctor.project.versions import plain, semver

Admits = Callable[[str], bool]


def admits(requirement: Requirement) -> Admits | None:
    """Return the test for the releases that a requirement asks for; None where its specifier cannot be read.

    Pre-releases pass only where the specifier names one.
    """
    match requirement.syntax:
        case Syntax.NPM:
            text = "*" if requirement.specifier == "latest" else requirement.specifier
            return _npm(text)
        case Syntax.POETRY:
            return _any_of([_poetry(each) for each in re.split(r"(?<!\s)\s*+\|\|?\s*+", requirement.specifier)])
        case Syntax.PEP440:
            return _pep440("" if requirement.specifier == "*" else requirement.specifier)


def exact_version(requirement: Requirement) -> str | None:
    """Return the one version that a requirement pins, None for a range."""
    text = requirement.specifier
    if requirement.syntax is Syntax.NPM:
        return semver.exact(text)
    text = text.strip()
    match = _POETRY_PIN.fullmatch(text) if requirement.syntax is Syntax.POETRY else _PIN.fullmatch(text)
    if match is None or "*" in match[1]:
        return None
    return match[1] if plain.is_release(match[1]) or sort_key(match[1], Ecosystem.PYTHON) else None


def mentioned(requirement: Requirement) -> list[str]:
    """Return the versions that a specifier names, each as three numbers."""
    return [".".join(map(str, release_numbers(each))) for each in _NAMED.findall(requirement.specifier)]


def release_numbers(version: str) -> tuple[int, int, int]:
    """Return the first three numbers of a version, zero for those that it leaves out."""
    numbers = [int(each) for each in re.findall(r"\d{1,999}", version)[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch


def sort_key(version: str, ecosystem: Ecosystem) -> Any:
    """Return what a version is compared by within its ecosystem, None for what is no version."""
    if ecosystem is Ecosystem.NODE:
        return semver.Version.parse(version)
    # packaging takes as long to load as a small app takes to scan.
    from packaging.version import Version

    try:
        return Version(version)
    except ValueError:
        # No version, or one of more digits than Python makes a number of.
        return None


def newest(versions: Sequence[str], ecosystem: Ecosystem) -> str | None:
    """Return the newest of some versions, None for none; among several, what is no version is left out."""
    if len(versions) == 1:
        return versions[0]
    if ecosystem is Ecosystem.PYTHON and versions and all(map(plain.is_release, versions)):
        return max(versions, key=lambda each: (plain.numbers(each), each))
    keyed = [(key, each) for each in versions if (key := sort_key(each, ecosystem)) is not None]
    return max(keyed)[1] if keyed else None


def _npm(text: str) -> Admits | None:
    found = semver.Range.parse(text)
    if found is None:
        return None
    return lambda version: (parsed := semver.Version.parse(version)) is not None and found.admits(parsed)


def _pep440(text: str) -> Admits | None:
    if _ENDLESS_NUMBER.search(text):
        return None
    bounds = plain.bounds(text)
    if bounds is not None:
        return lambda version: (
            plain.admits(bounds, version) if plain.is_release(version) else _by_packaging(text, version)
        )
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier:
        return None
    return lambda version: specifiers.contains(version, prereleases=bool(specifiers.prereleases))


def _by_packaging(text: str, version: str) -> bool:
    """Return whether a plain specifier admits a version that is not plain."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text).contains(version, prereleases=False)


def _any_of(alternatives: Sequence[Admits | None]) -> Admits | None:
    known = [each for each in alternatives if each is not None]
    if len(known) < len(alternatives):
        return None
    return lambda version: any(each(version) for each in known)


def _poetry(text: str) -> Admits | None:
    """Return the test for one of Poetry's alternatives, by its PEP 440 equivalent."""
    parts = [each for each in re.split(r"(?<!\s)\s*+,\s*+|(?<![<>=!~^,\s])\s++(?=[<>=!~^\d*v])", text.strip()) if each]
    specifiers = [_pep440_of(each) for each in parts]
    return None if None in specifiers else _pep440(",".join(each for each in specifiers if each))


def _pep440_of(text: str) -> str | None:
    """Return one of Poetry's constraints in PEP 440; None for one that is not understood."""
    match = _POETRY.fullmatch(text)
    if match is None:
        return None
    operator, version = match["operator"], match["version"]
    if version in {"*", "x", "X"}:
        return ""
    if operator in {"^", "~"}:
        return _bounded(operator, version)
    version = re.sub(r"\.[xX]\b", ".*", version)
    # Poetry ignores what follows the first wildcard, PEP 440 allows nothing there.
    version = version[: version.index("*") + 1] if "*" in version else version
    return f"{ {'': '==', '=': '=='}.get(operator, operator) }{version}".replace(" ", "")


def _bounded(operator: str, version: str) -> str | None:
    release = _release(version)
    if release is None:
        return None
    if operator == "~":
        place = min(len(release), 2) - 1
    else:
        place = next((index for index, number in enumerate(release) if number), len(release) - 1)
    high = ".".join(map(str, (*release[:place], release[place] + 1)))
    return f">={version},<{high}"


def _release(version: str) -> tuple[int, ...] | None:
    """Return the numbers of a version's release, None for what is no version."""
    if plain.is_release(version):
        return tuple(map(int, version.split(".")))
    key = sort_key(version, Ecosystem.PYTHON)
    release: tuple[int, ...] | None = key.release if key is not None else None
    return release


# Python makes no number of more than 4,300 digits.
_ENDLESS_NUMBER = regex(r"[0-9]{1000}")
_NAMED = regex(r"\d+(?:\.\d+){0,2}")
_PIN = regex(r"===?\s*([^\s,]+)")
_POETRY_PIN = regex(r"={0,3}\s*v?(\d[^\s,|<>^~]*)")
_POETRY = regex(r"(?P<operator>\^|~=|~|===?|!=|>=|<=|>|<|=|)\s*v?(?P<version>[0-9A-Za-z.*+!_-]+)")
