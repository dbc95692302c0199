"""Edits of manifests, by the places of their parts: everything else in the file stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Syntax, normalised

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.model import Requirement
    from chatkit_doctor.source import Location, Source

_HASHES = regex(r"(?:[^\n\\]|\\(?:\r?\n)?)*--hash")
# `    # via uvicorn`, on the line below what it is about.
_PLAIN = frozenset({".txt", ".in"})
_COMMENT_BELOW = regex(r"[ \t]+#")
_PIPFILE = "Pipfile"
# What admits every release.
ANY = {Syntax.PEP440: "", Syntax.POETRY: "*", Syntax.NPM: "*"}
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
    line_end = _behind_its_comments(source, last.line + 1)
    before, after = source.text[line_start:start], source.text[end : source.line_start(last.line + 1)]
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


def _behind_its_comments(source: Source, line: int) -> int:
    """Return where the first line from one on begins that is no comment on the requirement above (pip-compile)."""
    while source.path.suffix in _PLAIN and _COMMENT_BELOW.match(source.text, source.line_start(line)):
        line += 1
    return source.line_start(line)


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


def with_extra(requirement: Requirement, extra: str) -> list[Edit]:
    """Return the edit that asks for an extra of a package that is asked for without any; [] where it cannot be put."""
    if requirement.syntax is not Syntax.PEP440 or requirement.extras or requirement.location.path.name == "Pipfile":
        return []
    end = requirement.name_at.end
    return [Edit(requirement.name_at.source.location(end, end), f"[{extra}]")]


def added(after: Requirement, package: str, specifier: str) -> list[Edit]:
    """Return the edits that ask for one more package, in the way of a requirement that it is put behind.

    [] where that requirement shares its line with others.
    """
    source = after.location.source
    start, end = _with_quotes(after.location)
    line = source.position(start).line
    line_start, next_line = source.line_start(line), source.line_start(source.position(end).line + 1)
    before, behind = source.text[line_start:start], source.text[end:next_line]
    code = behind.partition("#")[0] if source.path.suffix != ".json" else behind
    if before.strip():
        return []
    is_list = source.text[start:end] != after.location.text and after.syntax is Syntax.PEP440
    if source.path.name == _PIPFILE or after.syntax is Syntax.POETRY:
        entry = f'{package} = "{specifier}"'
    elif after.syntax is Syntax.NPM:
        entry = f'"{package}": "{specifier}"'
    else:
        quote = source.text[start:end][0] if is_list else ""
        entry = f"{quote}{package}{specifier}{quote}"
    needs_comma = is_list or after.syntax is Syntax.NPM
    if needs_comma and code.strip() not in {"", ","}:
        return []
    next_line = _behind_its_comments(source, source.position(end).line + 1)
    newline = "" if source.text[:next_line].endswith("\n") else source.newline
    is_last = needs_comma and code.strip() == ""
    comma = "," if needs_comma and (not is_last or after.syntax is not Syntax.NPM) else ""
    edits = [Edit(source.location(end, end), ",")] if is_last else []
    return [*edits, Edit(source.location(next_line, next_line), f"{newline}{before}{entry}{comma}{source.newline}")]
