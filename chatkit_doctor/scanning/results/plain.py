"""Findings as plain values, which travel between processes and lie in a cache, and findings made of them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.finding import Applicability, Edit, Elsewhere, Finding, Fix, SeenAs, Severity
from chatkit_doctor.scanning.results.found import Anew
from chatkit_doctor.source import Location

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.project.app import App
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.source import Source

ReadText = Callable[[Path], "Source | None"]
Plain = tuple[Any, ...]


class NotPlainError(Exception):
    """Something stands in a text that is not one of the project's files, so that nobody could find it again."""


def plain(finding: Finding, read: ReadText) -> Plain:
    """Return a finding as plain values, its fix left out. Raises NotPlainError."""
    seen, elsewhere = finding.seen_as, finding.elsewhere
    return (
        finding.code,
        _place(finding.at, read),
        str(finding.message),
        str(finding.label),
        str(finding.help),
        finding.severity.value if finding.severity is not None else None,
        finding.row,
        (seen.line, {str(name): str(value) for name, value in seen.names.items()}) if seen is not None else None,
        str(finding.why),
        (_place(elsewhere.at, read), str(elsewhere.label)) if elsewhere is not None else None,
    )


def plain_fix(fix: Fix | None, read: ReadText) -> Plain | None:
    """Return a fix as plain values; its edits are None where nobody has asked for them yet. Raises NotPlainError."""
    if fix is None:
        return None
    edits = fix.built
    told = [(_place(each.at, read), str(each.text)) for each in edits] if edits is not None else None
    return str(fix.title), fix.applicability.value, told


def found_again(told: Plain, fix: Plain | None, read: ReadText, edits: Callable[[], Sequence[Edit]]) -> Finding:
    """Return the finding that plain values tell. edits: finds out those of its fix, where they are not told.

    Raises NotPlainError.
    """
    code, place, message, label, help_, severity, row, seen, why, elsewhere = told
    return Finding(
        code,
        _location(place, read),
        message,
        label=label,
        help=help_,
        severity=Severity(severity) if severity is not None else None,
        row=row,
        seen_as=SeenAs(*seen) if seen is not None else None,
        why=why,
        fix=_fix(fix, read, edits) if fix is not None else None,
        elsewhere=Elsewhere(_location(elsewhere[0], read), elsewhere[1]) if elsewhere is not None else None,
    )


def plain_findings(findings: Sequence[Finding], read: ReadText) -> list[tuple[Plain, Plain | None]]:
    """Return findings as plain values, each with its fix. Raises NotPlainError."""
    return [(plain(each, read), plain_fix(each.fix, read)) for each in findings]


def found_of(
    project: Project, app: App, rules: Sequence[Rule], told: Iterable[tuple[Plain, Plain | None]]
) -> list[Finding]:
    """Return the findings in an app that plain values tell. Raises NotPlainError."""
    anew = Anew(app, rules)
    return [_again(project, anew, *each) for each in told]


def _again(project: Project, anew: Anew, told: Plain, fix: Plain | None) -> Finding:
    finding: Finding

    def edits() -> Sequence[Edit]:
        return anew.edits(finding, fix[0] if fix is not None else "")

    finding = found_again(told, fix, project.read, edits)
    return finding


def _fix(told: Plain, read: ReadText, unknown: Callable[[], Sequence[Edit]]) -> Fix:
    title, applicability, edits = told
    if edits is None:
        return Fix(title, Applicability(applicability), unknown)
    made = [Edit(_location(place, read), text) for place, text in edits]
    return Fix(title, Applicability(applicability), lambda: made)


def _place(at: Location, read: ReadText) -> Plain:
    if read(at.path) is not at.source:
        raise NotPlainError
    return str(at.path), at.start, at.end


def _location(place: Plain, read: ReadText) -> Location:
    path, start, end = place
    source = read(Path(path))
    if source is None:
        raise NotPlainError
    return source.location(start, end)
