"""The ignore comments of a project's files, read where a finding or a judgement asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.checks.doctor.invalid_suppression import CODE as INVALID
from chatkit_doctor.checks.doctor.unused_suppression import CODE as UNUSED
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.manifests.kinds import declares
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.scanning.results.found import MOST_FINDINGS
from chatkit_doctor.scanning.suppressions.ignores import FileIgnores
from chatkit_doctor.scanning.suppressions.judging import invalid, unused
from chatkit_doctor.scanning.suppressions.languages import commented
from chatkit_doctor.scanning.suppressions.parsing import MARK

if TYPE_CHECKING:
    from chatkit_doctor.finding import Finding
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.source import Source

Ran = Callable[[Path], Container[str]]

# What is found of a file that cannot be taken in: unparsable-file.
_UNREAD = frozenset({"CK903"})


class Suppressions:
    """The ignore comments of one project as it is; of a project with other texts they are others."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[Source, FileIgnores | None] = {}

    def hides(self, finding: Finding) -> bool:
        """Return whether a comment hides a finding."""
        ignores = self._of(finding.at.source)
        return ignores is not None and next(ignores.hiding(finding), None) is not None

    def judge(self, findings: Iterable[Finding], ran: Ran) -> Iterator[Finding]:
        """Yield what is wrong with the comments, CK901 before CK902, each by the order of the files.

        Of each there are at most as many as of any rule.

        findings: all that the scan has found, hidden or not. ran: the codes that were run on a file, CK901 and
        CK902 among them where they are asked for. A comment about a code that did not run is not called unused.
        """
        by_source: defaultdict[Source, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_source[finding.at.source].append(finding)
        marked = [ignores for source in self._sources(by_source) if (ignores := self._of(source)) is not None]
        for judged in (self._unused, _invalid):
            found = (
                each
                for ignores in marked
                for each in judged(ignores, by_source.get(ignores.source, ()), ran(ignores.source.path))
                if next(ignores.hiding(each), None) is None
            )
            yield from islice(found, MOST_FINDINGS)

    def _unused(self, ignores: FileIgnores, findings: Iterable[Finding], ran: Container[str]) -> Iterator[Finding]:
        if UNUSED in ran:
            # No rule looks at a file that cannot be taken in.
            unread = ignores.source.path in self._project.problems
            yield from unused(ignores, findings, _UNREAD if unread else ran)

    def _sources(self, with_findings: Iterable[Source]) -> list[Source]:
        """Return the files whose comments are judged: those that the rules read, Python's manifests among them."""
        found = [*with_findings]
        paths = (*self._project.python_paths, *self._project.web_paths)
        found += [source for path in paths if (source := self._project.read(path)) is not None]
        found += self._manifests()
        return sorted(dict.fromkeys(found), key=lambda source: str(source.path))

    def _manifests(self) -> Iterator[Source]:
        for path in filter(self._project.listing.__contains__, self._project.speaking()):
            if kind_of(path.name) is not FileKind.MANIFEST or declares(path.name) is not Ecosystem.PYTHON:
                continue
            source = self._project.read(path) if self._project.mentions(path, (MARK.encode(),)) else None
            if source is not None:
                yield source

    def _of(self, source: Source) -> FileIgnores | None:
        if source not in self._known:
            is_marked = MARK in source.text
            self._known[source] = FileIgnores(commented(source, self._project.document)) if is_marked else None
        return self._known[source]


def _invalid(ignores: FileIgnores, _: Iterable[Finding], ran: Container[str]) -> Iterator[Finding]:
    if INVALID in ran:
        yield from invalid(ignores)
