"""One requirement in the form of PEP 508 (`openai-agents[litellm]>=0.6; python_version > "3.9"`) at its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Item, ManifestError, Purpose, Requirement, normalised
from chatkit_doctor.project.versions import plain

if TYPE_CHECKING:
    from chatkit_doctor.source import Location

# In characters, far beyond any real one. Python refuses to read a number of more than 4,300 digits.
_LONGEST = 2_000


def read_requirement(text: str, at: Location, scope: Purpose) -> Item:
    """Parse one requirement.

    text: the requirement as its tool reads it; at: where it stands, which may be spelled with escapes.
    """
    if len(text) > _LONGEST:
        return ManifestError(at.path, at.first.line, f"a requirement of {len(text):,} characters is too long to be one")
    plainly = _PLAIN.fullmatch(text)
    specifiers = plain.parts(plainly["specifier"]) if plainly is not None else None
    if plainly is not None and specifiers is not None:
        extras = (each.strip() for each in (plainly["extras"] or "").split(","))
        specifier = ",".join(sorted(set(specifiers)))
        return _requirement(text, at, scope, (plainly["name"], specifier, tuple(sorted(set(filter(None, extras))))))
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        parsed = Parsed(text)
    except InvalidRequirement:
        return ManifestError(at.path, at.first.line, f"{text!r} is not a valid requirement", entry=text)
    specifier = str(parsed.specifier) if parsed.url is None else pinned_by_file(parsed.url)[1]
    words = (parsed.name, specifier, tuple(sorted(parsed.extras)))
    return _requirement(text, at, scope, words, conditional=parsed.marker is not None, url=parsed.url or "")


def _requirement(
    text: str,
    at: Location,
    scope: Purpose,
    words: tuple[str, str, tuple[str, ...]],
    *,
    conditional: bool = False,
    url: str = "",
) -> Requirement:
    """Return a requirement with the places of its parts. words: its name, its specifier and its extras."""
    name, specifier, extras = words
    head = _HEAD.match(text)
    specifier_start, specifier_end = _specifier(text, head.end("head") if head else 0)
    name_end = head.end("name") if head else 0
    return Requirement(
        normalised(name),
        specifier,
        at,
        part(at, text, 0, name_end),
        part(at, text, specifier_start, specifier_end),
        extras=extras,
        scope=scope,
        conditional=conditional,
        url=url,
    )


def pinned_by_file(url: str) -> tuple[str, str]:
    """Return the package and the specifier that a distribution's file name tells, two empty strings for none."""
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    name = re.split(r"[?#]", url, maxsplit=1)[0].replace("\\", "/").rpartition("/")[2]
    try:
        if name.endswith(".whl"):
            package, version = parse_wheel_filename(name)[:2]
        else:
            package, version = parse_sdist_filename(name)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return "", ""
    return str(package), f"=={version}"


def part(at: Location, text: str, start: int, end: int) -> Location:
    """Return the place of a part of a text that stands at a location; all of it where escapes shift the parts."""
    if at.text[: len(text)] != text:
        return at
    return at.source.location(at.start + start, at.start + end)


def _specifier(text: str, start: int) -> tuple[int, int]:
    """Return where the version specifier stands that follows the name and extras; an empty stretch for none."""
    rest = text[start:].partition(";")[0]
    if rest.lstrip().startswith("@"):
        return start, start
    blank = len(rest) - len(rest.lstrip())
    if not rest.strip():
        return start, start
    return start + blank, start + len(rest.rstrip())


# A name, perhaps extras, perhaps numbers to be within: no marker, no address, nothing in parentheses.
_PLAIN = regex(
    r"\s*+(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*+"
    r"(?:\[(?P<extras>[A-Za-z0-9]++(?:[ \t]*+,[ \t]*+[A-Za-z0-9]++)*+)\][ \t]*+)?"
    r"(?P<specifier>(?:[<>=!~][<>=!~0-9., \t]*)?)"
)
_HEAD = regex(r"(?P<head>(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\s*\[[^\]]*\])?)")
