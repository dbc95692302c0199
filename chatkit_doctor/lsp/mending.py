"""What a person may have done about findings: the engine's own fixes and ignore comments, as new texts of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Finding
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.results.found import identity, internal_error, note

if TYPE_CHECKING:
    from chatkit_doctor.lsp.look import FolderLook
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.scanning.fixer import FixResult

IsWanted = Callable[[Finding], bool]


@dataclass(frozen=True, slots=True)
class Mended:
    """What is to be written. texts: the new contents by file. reason: why there are none."""

    texts: dict[Path, str]
    reason: str = ""


def has_fix(finding: Finding, look: FolderLook) -> bool:
    """Return whether a finding's fix turns out to be possible; its edits are built now."""
    try:
        return finding.fix is not None and bool(finding.fix.edits)
    except Exception as error:  # noqa: BLE001 - one fix's bug must not take the others away
        note(look.bugs, internal_error(finding.code, finding.at.path, error))
        return False


def is_safe(finding: Finding) -> bool:
    """Return whether a finding's fix changes nothing but what is wrong."""
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


def mend(look: FolderLook, project: Project, wanted: IsWanted) -> Mended:
    """Return what the fixes of some findings make of the project, as far as they pass the engine's gates.

    wanted: tells which of the findings that there are now; what comes up later is left.
    """
    from chatkit_doctor.scanning.fixer import fix

    chosen: set[Finding] | None = None

    def scan(candidate: Project) -> list[Finding]:
        nonlocal chosen
        found = look.check(candidate)
        if chosen is None:
            chosen = {each for each in found if wanted(each)}
        return found

    prepared = look.prepared
    assert prepared is not None
    result = fix(project, scan, lambda each: chosen is not None and each in chosen, prepared.selection.may_write)
    return _outcome(look, result)


def mend_all(look: FolderLook, project: Project, wanted: IsWanted) -> Mended:
    """Return what the fixes of findings make of the project, round after round, until none is left."""
    from chatkit_doctor.scanning.fixer import fix

    prepared = look.prepared
    assert prepared is not None
    return _outcome(look, fix(project, look.check, wanted, prepared.selection.may_write))


def ignore(look: FolderLook, project: Project, finding: Finding) -> Mended:
    """Return what the project is with a comment that ignores a finding, and all others that start on its line."""
    from chatkit_doctor.scanning.suppressions import add_ignores

    prepared = look.prepared
    assert prepared is not None
    key = identity(finding)
    result = add_ignores(project, look.check, lambda each: identity(each) == key, prepared.selection.may_write)
    made = _outcome(look, result)
    return made if made.texts or made.reason else Mended({}, "no comment can stand where it would be read")


def _outcome(look: FolderLook, result: FixResult) -> Mended:
    for error in result.errors:
        note(look.bugs, error)
    reason = result.held_back[0].reason if result.held_back and not result.texts else ""
    return Mended(dict(result.texts), reason)
