"""Made-up findings for ignore comments: every word such as `ck101` or `ck401_url` in a file is a finding of its code.

The word counts wherever it stands, in strings too, and not in comments, where codes have capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.checks.doctor.invalid_suppression import CODE as INVALID
from chatkit_doctor.checks.doctor.unused_suppression import CODE as UNUSED
from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.scanning.checking import CHATKIT
from chatkit_doctor.scanning.fixer import FixResult, fix
from chatkit_doctor.scanning.suppressions import Suppressions, add_ignores
from tests.projects import write_exactly

DOCTORS = frozenset({INVALID, UNUSED})
_BAD = re.compile(r"\b(ck\d{3})(?:_[a-z]+(?:\n[ ]*\+)?)*\b")


@dataclass
class Told:
    """What a scan says: of each finding its code and line, in the order of the text."""

    visible: list[tuple[str, int]]
    hidden: list[tuple[str, int]]


class Folder:
    """A project in a folder, with made-up rules and the real comments."""

    def __init__(self, root: Path, ran: Collection[str] | None = None) -> None:
        self.root = root
        self.ran = frozenset(pages()) if ran is None else frozenset(ran)

    def open(self, files: dict[str, str | bytes]) -> Project:
        write_exactly(self.root, files)
        return Project(discover(self.root), Needles(CHATKIT, CHATKIT))

    def bad(self, project: Project) -> list[Finding]:
        sources = [source for path in project.listing.files if (source := project.read(path))]
        return [
            Finding(match[1].upper(), source.location(*match.span()), f"{match[0]} is bad")
            for source in sources
            for match in _BAD.finditer(source.text)
            if match[1].upper() in self.ran
        ]

    def visible(self, project: Project) -> list[Finding]:
        bad, suppressions = self.bad(project), Suppressions(project)
        left = [finding for finding in bad if not suppressions.hides(finding)]
        return [*left, *suppressions.judge(bad, lambda _: self.ran)]

    def tell(self, text: str | bytes, name: str = "app.py") -> Told:
        project = self.open({name: text})
        visible = self.visible(project)
        suppressions = Suppressions(project)
        return Told(places(visible), places(finding for finding in self.bad(project) if suppressions.hides(finding)))

    def judged(self, text: str | bytes, name: str = "app.py") -> list[Finding]:
        return [finding for finding in self.visible(self.open({name: text})) if finding.code in DOCTORS]

    def fixed(self, text: str | bytes, name: str = "app.py") -> str:
        """Return what the fixes of CK901 and CK902 make of a file."""
        project = self.open({name: text})
        result = fix(project, self.visible, lambda finding: finding.code in DOCTORS, lambda _: True)
        assert not result.errors, result.errors[0].traceback
        assert not result.held_back, result.held_back
        assert not [finding for finding in result.remaining if finding.code in DOCTORS]
        return self._text(project, result, name)

    def added(self, text: str | bytes, name: str = "app.py") -> str:
        """Return a file with comments for all that is found in it; a second time must change nothing."""
        project = self.open({name: text})
        result = self.add(project)
        again = self.add(project.with_texts(result.texts))
        assert again.texts == {}
        return self._text(project, result, name)

    def add(self, project: Project) -> FixResult:
        result = add_ignores(project, self.visible, lambda _: True, lambda _: True)
        assert not result.errors, result.errors[0].traceback
        return result

    def _text(self, project: Project, result: FixResult, name: str) -> str:
        source = project.read(self.root / name)
        assert source is not None
        return result.texts.get(source.path, source.text)


def places(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    return sorted(((finding.code, finding.at.first.line) for finding in findings), key=lambda each: each[::-1])
