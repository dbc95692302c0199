"""Python releases and specifiers of numbers alone, which nearly all are, without the library that knows the others.

`packaging` loads subprocess, logging and platform, and is asked for whatever is not plain.
"""

from __future__ import annotations

import re

from chatkit_doctor.patterns import regex

Bound = tuple[str, tuple[int, ...], int]
"""An operator, the numbers behind it without trailing zeros, and how many there were."""


def is_release(version: str) -> bool:
    """Return whether a version is a release in numbers, such as 1.4.0: no epoch, pre-release or the like."""
    return _RELEASE.fullmatch(version) is not None


def numbers(version: str) -> tuple[int, ...]:
    """Return what plain releases are compared by: their numbers without the zeros at the end."""
    found = list(map(int, version.split(".")))
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def parts(specifier: str) -> list[str] | None:
    """Return the parts of a specifier without blanks; None for one that is not plain."""
    found = [re.sub(r"\s", "", part) for part in specifier.split(",")] if specifier.strip() else []
    matches = [match for part in found if (match := _PART.fullmatch(part)) is not None]
    # One bound in two spellings, `==1` and `==1.0`, is for packaging to make one of.
    bounds = {(each["operator"], numbers(each["version"])) for each in matches}
    return found if len(bounds) == len(found) else None


def bounds(specifier: str) -> list[Bound] | None:
    """Return what a specifier asks for; None for one that is not plain."""
    found = parts(specifier)
    if found is None:
        return None
    matches = [match for part in found if (match := _PART.fullmatch(part)) is not None]
    return [(each["operator"], numbers(each["version"]), each["version"].count(".") + 1) for each in matches]


def admits(asked: list[Bound], version: str) -> bool:
    """Return whether a plain release is within all bounds."""
    found = numbers(version)
    return all(_is_within(found, *bound) for bound in asked)


def _is_within(found: tuple[int, ...], operator: str, bound: tuple[int, ...], length: int) -> bool:
    match operator:
        case "==":
            return found == bound
        case "!=":
            return found != bound
        case ">=":
            return found >= bound
        case "<=":
            return found <= bound
        case ">":
            return found > bound
        case "<":
            return found < bound
        case _:
            fixed = length - 1
            return found >= bound and _padded(found, fixed) == _padded(bound, fixed)


def _padded(release: tuple[int, ...], length: int) -> tuple[int, ...]:
    return (*release, *(0,) * length)[:length]


# Python makes no number of more than 4,300 digits.
_NUMBERS = r"[0-9]{1,999}(?:\.[0-9]{1,999})*"
_RELEASE = regex(_NUMBERS)
_PART = regex(rf"(?P<operator>==|!=|>=|<=|>|<|~=(?=[0-9]+\.))(?P<version>{_NUMBERS})")
