"""The code actions at a place: which there are, told at once, and what each changes, found out when it is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from chatkit_doctor.finding import Finding
from chatkit_doctor.lsp.mending import Mended, has_fix, ignore, is_safe, mend, mend_all
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.scanning.results.found import identity

if TYPE_CHECKING:
    from chatkit_doctor.lsp.look import FolderLook
    from chatkit_doctor.lsp.texts.buffers import Buffer
    from chatkit_doctor.lsp.texts.standing import EditorFinding
    from chatkit_doctor.project.project import Project

QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = "source.fixAll.chatkitDoctor"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
_DOCTORS_OWN = "CK9"


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that may be done.

    does: `fix`, `rule`, `ignore` or `all`. about: the finding that it is about; None for all of a file.
    """

    title: str
    kind: str
    does: str
    about: EditorFinding | None = None
    is_preferred: bool = False

    def data(self, buffer: Buffer) -> dict[str, Any]:
        """Return what the choice is known by when it comes back, with the version of the text that it is meant for."""
        at = self.about.at if self.about is not None else None
        code = self.about.finding.code if self.about is not None else ""
        place = [at.start, at.end] if at is not None else []
        message = self.about.finding.message if self.about is not None else ""
        return {
            "uri": buffer.uri,
            "version": buffer.version,
            "does": self.does,
            "code": code,
            "place": place,
            "message": message,
        }


def choices(
    look: FolderLook, told: Sequence[EditorFinding], here: Sequence[EditorFinding], only: Sequence[str]
) -> Iterator[Offered]:
    """Yield what may be done in a file.

    told: all that is told of the file. here: what is at the place that is asked about. only: kinds, none for any.
    """
    if _is_wanted(QUICK_FIX, only):
        mendable = [each for each in here if each.is_mendable and has_fix(each.finding, look)]
        for each in mendable:
            yield _fix(each)
        for code in dict.fromkeys(each.finding.code for each in mendable):
            if sum(each.finding.code == code and each.finding.fix is not None for each in told) > 1:
                first = next(each for each in mendable if each.finding.code == code)
                yield Offered(f"Fix all of {_named(code)} in this file", QUICK_FIX, "rule", first)
        for each in here:
            # While its file is in pieces, nothing says where a comment could stand.
            if each.is_mendable and not each.is_quiet and not each.finding.code.startswith(_DOCTORS_OWN):
                yield Offered(f"Ignore {_named(each.finding.code)} here", QUICK_FIX, "ignore", each)
    allowed = [each for each in told if each.is_mendable and look.allows_fix(each.finding)]
    if allowed and _is_wanted(FIX_ALL, only):
        how = " safely" if all(is_safe(each.finding) for each in allowed) else ""
        yield Offered(f"Fix all that can be fixed{how} in this file (chatkit-doctor)", FIX_ALL, "all")


def outcome(look: FolderLook, project: Project, buffer: Buffer, asked: Mapping[str, Any]) -> Mended:
    """Return what a choice that comes back makes of the project. asked: its data."""
    does, code = asked.get("does"), asked.get("code")

    def is_in_file(finding: Finding) -> bool:
        return finding.at.path == buffer.path

    def is_meant(finding: Finding) -> bool:
        _, path, start, end, message = identity(finding)
        place = [start, end]
        return finding.code == code and path == buffer.path and (place, message) == (asked["place"], asked["message"])

    match does:
        case "fix":
            return mend(look, project, is_meant)
        case "rule":
            return mend_all(look, project, lambda each: is_in_file(each) and each.code == code)
        case "ignore":
            finding = next(filter(is_meant, look.check(project)), None)
            return ignore(look, project, finding) if finding is not None else Mended({}, "it is not there any more")
        case "all":
            return mend_all(look, project, lambda each: is_in_file(each) and look.allows_fix(each))
        case _:
            return Mended({}, "it is none of the doctor's")


def _fix(told: EditorFinding) -> Offered:
    fix = told.finding.fix
    assert fix is not None
    title = visible(f"{fix.title[:1].upper()}{fix.title[1:]}")
    if is_safe(told.finding):
        return Offered(title, QUICK_FIX, "fix", told, is_preferred=True)
    return Offered(f"{title} (unsafe: it may change what the code does)", QUICK_FIX, "fix", told)


def _named(code: str) -> str:
    return f"{code} {page(code).name}"


def _is_wanted(kind: str, only: Sequence[str]) -> bool:
    """Return whether a kind is one of those that are asked for, or below one."""
    return not only or any(f"{kind}.".startswith(f"{each}.") for each in only)
