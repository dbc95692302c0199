"""Edits of manifests, by the places of their parts: everything else in the file stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Syntax, normalised

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.model import Requirement
    from chatkit_doctor.source import Location

_HASHES = regex(r"(?:[^\n\\]|\\(?:\r?\n)?)*--hash")
_QUOTES = "\"'"


def can_be_edited(requirement: Requirement) -> bool:
    """Return whether a requirement's parts stand apart in its file, its own name first, and no hash vouches for it."""
    whole = requirement.location
    # Where escapes shift the parts of a text, each is told to be all of it.
    if _span(requirement.specifier_at) == _span(whole) or _named(requirement) != requirement.package:
        return False
    return _HASHES.match(whole.source.text, whole.end) is None


def renamed(requirement: Requirement, package: str) -> list[Edit]:
    """Return the edit that asks for another package instead."""
    return [Edit(requirement.name_at, package)]


def with_specifier(requirement: Requirement, specifier: str) -> list[Edit]:
    """Return the edit that asks for other versions."""
    return [Edit(requirement.specifier_at, specifier)]


def compatible(syntax: Syntax, release: str) -> str:
    """Return the specifier for a release and those after it that its maker calls compatible."""
    if syntax is Syntax.PEP440:
        return f"~={release}"
    return f"^{release}"


def removed(requirement: Requirement) -> list[Edit]:
    """Return the edits that take a requirement out of its file; [] where that would need more than a cut."""
    source = requirement.location.source
    start, end = _with_quotes(requirement.location)
    line_start = source.line_start(source.position(start).line)
    last = source.position(end)
    line_end = source.line_start(last.line + 1)
    before, after = source.text[line_start:start], source.text[end:line_end]
    if before.strip():
        return []
    if after.strip() == ",":
        return [Edit(source.location(line_start, line_end), "")]
    if after.strip():
        return []
    if source.path.suffix == ".json":
        comma = source.text.rstrip().rfind(",", 0, line_start)
        if source.text[comma + 1 : line_start].strip():
            return []
        return [Edit(source.location(comma, comma + 1), ""), Edit(source.location(line_start, line_end), "")]
    return [Edit(source.location(line_start, line_end), "")]


def _with_quotes(at: Location) -> tuple[int, int]:
    """Return where an entry begins and ends with the quotes around it."""
    text = at.source.text
    start = at.start - 1 if text[at.start - 1 : at.start] in _QUOTES and at.start else at.start
    end = at.end + 1 if text[at.end : at.end + 1] in _QUOTES and at.end < len(text) else at.end
    return start, end


def _named(requirement: Requirement) -> str:
    """Return the name that is written: of an alias, another than the package's."""
    text = requirement.name_at.text
    return text if requirement.syntax is Syntax.NPM else normalised(text)


def _span(at: Location) -> tuple[int, int]:
    return at.start, at.end
