"""One folder as the doctor sees it while files of it are edited: its project, and what is found in the open files.

Between two looks everything is kept that no change has touched: the walk, what files hold, their trees, where apps
stand, the releases they use, and what was found in each app. No look walks the folder unless names in it have changed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.checks.doctor.unparsable_file import CODE as UNPARSABLE
from chatkit_doctor.checks.doctor.unparsable_file import unparsable_file
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.lsp.disk import Disk, DiskChanges, shapes_the_tree
from chatkit_doctor.lsp.texts.standing import EditorFinding, moved
from chatkit_doctor.project.files.kinds import FileKind, is_left_out, is_written_by_tools, kind_of
from chatkit_doctor.project.files.reading import MAX_BYTES, looks_generated
from chatkit_doctor.project.land import Land
from chatkit_doctor.scanning.flow import Options, Prepared, prepare
from chatkit_doctor.scanning.policy import severity_of
from chatkit_doctor.scanning.results.held import HeldResults
from chatkit_doctor.scanning.selection import ScanError
from chatkit_doctor.scanning.triage import Triage

if TYPE_CHECKING:
    from chatkit_doctor.lsp.texts.buffers import Buffer
    from chatkit_doctor.lsp.wishes import Wishes
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.scanning.results.found import InternalError, Tell

# How often the disk is asked without being told of a change, in seconds.
_ASK_AGAIN = 2.0


class FolderLook:
    """What is known of one folder. All of it is used by one thread.

    folder: absolute. wishes: the editor's settings.
    error: what a person has to put right in a settings file; None for nothing. bugs: ours, found so far.
    """

    def __init__(self, folder: Path, wishes: Wishes) -> None:
        self.folder = folder
        self.error: str | None = None
        self.bugs: list[InternalError] = []
        self._bugs_told = 0
        self._options = Options(wishes.select, wishes.ignore, unsafe_fixes=wishes.unsafe_fixes, may_fork=False)
        self._prepared: Prepared | None = None
        self._project: Project | None = None
        self._asked: frozenset[Path] = frozenset()
        self._disk: Disk | None = None
        self._ask_at = 0.0
        self._changed = DiskChanges(is_other_tree=True)
        self._is_refused = False
        self._held = HeldResults()
        self._told: dict[Path, list[EditorFinding]] = {}

    def note(self, changed: Iterable[Path]) -> None:
        """Note that files were written, made or removed on disk."""
        self._changed.files |= set(changed)
        self._changed.is_other_tree |= any(map(shapes_the_tree, self._changed.files))
        self._is_refused = False
        self._ask_at = 0.0

    @property
    def project(self) -> Project | None:
        """Return the project as the last look saw it, None before there was one."""
        return self._project

    @property
    def prepared(self) -> Prepared | None:
        """Return what the last look went by."""
        return self._prepared

    def look(self, buffers: Mapping[Path, Buffer], tell: Tell) -> dict[Path, list[EditorFinding]]:
        """Return what is found in the open files of the folder, those without a finding included.

        tell: takes which rule is checked; what it raises is raised, and the next look takes up what is left to do.
        """
        self._catch_up(buffers)
        if self._prepared is None or self._project is None:
            return {path: [] for path in buffers}
        counting = {path: buffer for path, buffer in buffers.items() if self._counts(self._prepared, buffer)}
        self._project, broken = self._with_texts(self._project, counting)
        found: dict[Path, list[EditorFinding]] = {path: [] for path in buffers}
        for finding in self.check(self._project, tell):
            if finding.at.path in counting and finding.at.path not in broken:
                found[finding.at.path].append(told_of(finding, counting[finding.at.path]))
        for path, problem in broken.items():
            moving = (moved(each, counting[path].source) for each in self._told.get(path, ()))
            found[path] = [*filter(None, moving), *problem]
        self._told |= {path: each for path, each in found.items() if path not in broken}
        return found

    def check(self, project: Project, tell: Tell = lambda _: None) -> list[Finding]:
        """Return what is found in a state of the project, or in what fixes make of it, and is to be told."""
        triage = self.triage(project, tell)
        found = [finding for finding in triage.check(project) if triage.shows(finding)]
        self.bugs += (each for each in triage.errors if each not in self.bugs)
        return found

    def allows_fix(self, finding: Finding) -> bool:
        """Return whether a finding has a fix that may be made without being asked for by name."""
        assert self._prepared is not None
        return self._prepared.policy.allows_fix(finding)

    def new_bugs(self) -> list[InternalError]:
        """Return the bugs of ours that have come up since this was asked last."""
        found = self.bugs[self._bugs_told :]
        self._bugs_told = len(self.bugs)
        return found

    def triage(self, project: Project, tell: Tell) -> Triage:
        """Return what sorts the findings of a state of the project. There has been a look."""
        prepared = self._prepared
        assert prepared is not None
        least, held = Severity.INFO, self._held_for(project)
        return Triage(prepared.policy, prepared.selection, prepared.codes, least, None, tell, held, may_fork=False)

    def _held_for(self, project: Project) -> HeldResults:
        """Return what is held of a state of the project; of one that is only tried out, nothing is held for later."""
        now = self._project
        if project is now:
            return self._held
        if now is None or not project.is_like(now):
            return HeldResults()
        before, after = now.texts, project.texts
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        return self._held.without(project, changed)

    def _catch_up(self, buffers: Mapping[Path, Buffer]) -> None:
        """Take in what has changed on disk, but for code that is open: what the editor has stands in for it."""
        if not self.folder.is_dir():
            # Whoever has removed it knows, and it may come back.
            self._prepared, self._project, self._disk, self.error = None, None, None, None
            self._changed.is_other_tree = True
            return
        now = time.monotonic()
        if self._disk is not None and now >= self._ask_at:
            self._ask_at = now + _ASK_AGAIN
            found = self._disk.changes()
            self._is_refused &= not found
            self._changed.files |= found.files
            self._changed.is_other_tree |= found.is_other_tree
        standing = {path for path in buffers if not Land.is_made_by(path)}
        files = self._changed.files - standing
        if self._is_refused or not (self._changed.is_other_tree or files):
            return
        try:
            prepared = prepare([self.folder], self._options, base=self.folder)
        except ScanError as error:
            # Once told, until something changes again; what was known before goes on.
            self.error, self._is_refused = str(error), True
            return
        self.error = None
        self._changed = DiskChanges(self._changed.files & standing)
        self._disk = Disk(prepared.selection.listing.entered)
        project, before = prepared.project, self._project
        self._prepared, self._project = prepared, project.continuing(before, files) if before is not None else project
        self._asked = frozenset()
        self._held.forget()

    def _with_texts(
        self, project: Project, buffers: Mapping[Path, Buffer]
    ) -> tuple[Project, dict[Path, list[EditorFinding]]]:
        """Return the project with the texts of open files, and those that are in pieces, with how that is told.

        The texts of a moment ago stand in for these.
        """
        before = project
        if self._asked != buffers.keys():
            self._asked = frozenset(buffers)
            project = project.about(self._asked)
        closed = {path: None for path in project.texts if path not in buffers}
        changed = set(closed)
        if closed:
            project = project.with_texts(closed)
        broken: dict[Path, list[EditorFinding]] = {}
        for path, buffer in buffers.items():
            if project.texts.get(path) == buffer.source.text:
                continue
            tried = project.with_texts({path: buffer.source.text})
            if not buffer.is_saved and _is_broken(project, tried, path):
                broken[path] = self._told_of_pieces(tried, buffer)
            else:
                project = tried
                changed.add(path)
        if not project.is_like(before):
            self._held.forget()
        self._held.forget_about(project, changed)
        if project is not before and self._disk is not None:
            self._disk.count(map(str, project.files_read))
        return project, broken

    def _told_of_pieces(self, project: Project, buffer: Buffer) -> list[EditorFinding]:
        problem = project.problems.get(buffer.path)
        assert self._prepared is not None
        if problem is None or UNPARSABLE not in self._prepared.policy.codes_on(buffer.path):
            return []
        return [told_of(unparsable_file(problem, project.text_of_problem(problem)), buffer)]

    @staticmethod
    def _counts(prepared: Prepared, buffer: Buffer) -> bool:
        """Return whether a scan would look at an open file: one of the walk's, or one that is not there yet."""
        path, text = buffer.path, buffer.source.text
        if kind_of(path.name) is None or len(text) > MAX_BYTES:
            return False
        listing, settings = prepared.selection.listing, prepared.policy.settings
        if path in listing:
            return kind_of(path.name) is not FileKind.WEB or not looks_generated(text.encode())
        if os.path.lexists(path) or is_written_by_tools(path.name) or not path.is_relative_to(listing.root):
            return False
        is_hidden = any(map(is_left_out, path.relative_to(listing.root).parts[:-1]))
        return not is_hidden and not settings.excludes(path)


def _is_broken(before: Project, after: Project, path: Path) -> bool:
    """Return whether a file that was read cannot be any more."""
    return path in before.python_paths and before.module(path) is not None and after.module(path) is None


def told_of(finding: Finding, buffer: Buffer) -> EditorFinding:
    """Return a finding as it is told: that what is being written cannot be parsed, only quietly."""
    is_quiet = finding.code == UNPARSABLE and not buffer.is_saved
    return EditorFinding(finding, finding.at, Severity.INFO if is_quiet else severity_of(finding), is_quiet)
