"""Fixed contents on their way out: to disk, a whole file or none of it, or as a diff."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeVar

from chatkit_doctor.project.files import FileProblem
from chatkit_doctor.project.files.inside import followed
from chatkit_doctor.project.files.replacing import OpenFolder, Replacement, remove_orphans
from chatkit_doctor.project.files.signals import tidy_end
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.unified import unified
from chatkit_doctor.scanning.fixer import FixResult
from chatkit_doctor.source import relative_path

_T = TypeVar("_T")
_CHANGED = "it was changed on disk after it was read"


@dataclass(frozen=True, slots=True)
class WriteProblem:
    """A file that could not be written and stayed as it was, and why in one clause."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class _Staged:
    """New contents beside the file that they are for. before, after: what it held when it was read, and is to hold.

    Each method raises OSError and FileProblem.
    """

    path: Path
    folder: OpenFolder
    name: str
    before: bytes
    after: bytes
    status: os.stat_result
    replacement: Replacement

    def check(self) -> None:
        """Make sure that nobody has written the file since."""
        if self.folder.read(self.name) != self.before:
            raise FileProblem(self.path, _CHANGED)

    def place(self) -> None:
        """Put the new contents in the file's place."""
        # Right before: what somebody saves meanwhile is not lost.
        self.check()
        self.replacement.put_in_place()

    def undo(self) -> None:
        """Put the old contents back, unless somebody has written the file since."""
        if self.folder.read(self.name) == self.after:
            Replacement(self.folder, self.name, self.before, self.status).put_in_place()


def write(result: FixResult, project: Project) -> list[WriteProblem]:
    """Write the fixed files over those that `project` was read from. What fails is returned, the rest goes on.

    Of files that only one fix together makes right, none is written if one of them cannot be.
    """
    problems: list[WriteProblem] = []
    with tidy_end() as end_if_asked:
        for paths in _groups(result):
            problems += _write_group(paths, result, project)
            end_if_asked()
    return problems


def tidy(project: Project) -> None:
    """Remove what killed runs have left beside files that a fix may have been written to."""
    for folder in {path.parent for path in project.listing.speaking()}:
        top = project.listing.inside.top_of(str(folder))
        if top is not None:
            with suppress(OSError), OpenFolder.at(str(folder), top) as opened:
                remove_orphans(opened)


def unified_diff(project: Project, texts: Mapping[Path, str]) -> str:
    """Return what `texts` change as a diff that `patch -p0` takes, paths relative to the working directory."""
    lines = (
        line
        for path in sorted(texts)
        for line in unified(_text(project, path), texts[path], relative_path(path, Path.cwd()))
    )
    return "".join(lines)


def _text(project: Project, path: Path) -> str:
    source = project.read(path)
    return source.text if source else ""


def _groups(result: FixResult) -> list[list[Path]]:
    """Split the files into the smallest sets that no fix reaches across."""
    groups = [{path} for path in result.texts]
    for paths in result.together:
        touched = [group for group in groups if group & paths]
        groups = [group for group in groups if not group & paths] + [set().union(*touched)]
    return sorted(sorted(group) for group in groups if group)


def _write_group(paths: list[Path], result: FixResult, project: Project) -> list[WriteProblem]:
    staged: dict[Path, _Staged] = {}
    with ExitStack() as opened:

        def stage(path: Path) -> None:
            found = _stage(path, result.texts[path], project, opened)
            if found is not None:
                staged[path] = found

        problems = _failures(stage, {path: path for path in paths}) or _failures(_Staged.check, staged)
        problems = problems or _put_in_place(staged)
    return [*problems, *_dragged_along(paths, problems)] if problems else []


def _failures(work: Callable[[_T], None], things: Mapping[Path, _T]) -> list[WriteProblem]:
    """Do some work for the thing of each file; return what failed."""
    problems = []
    for path, thing in things.items():
        try:
            work(thing)
        except FileProblem as problem:
            problems.append(WriteProblem(path, problem.reason))
        except OSError as error:
            problems.append(WriteProblem(path, _reason(error)))
    return problems


def _dragged_along(paths: list[Path], problems: list[WriteProblem]) -> Iterator[WriteProblem]:
    failed = {problem.path for problem in problems}
    reason = f"its fix changes {problems[0].path.name} too, which could not be written"
    yield from (WriteProblem(path, reason) for path in paths if path not in failed)


def _stage(path: Path, text: str, project: Project, opened: ExitStack) -> _Staged | None:
    """Return the new contents in a temporary file; None where the file holds them already.

    opened: what is to be closed in the end. Raises FileProblem where the file is not what was read any more, and
    OSError.
    """
    source, top = project.read(path), project.listing.inside.top_of(str(path))
    if source is None or top is None:
        raise FileProblem(path, "it cannot be read" if source is None else "it is outside of the project")
    target = followed(top, str(path))
    folder_path, name = os.path.split(target)
    top = top if target == str(path) else os.path.realpath(top)
    folder = opened.enter_context(OpenFolder.at(folder_path, top))
    before, after, status = folder.read(name), source.encode(text), folder.status(name)
    if before == after:
        return None
    if before != source.encode(source.text) or status is None:
        raise FileProblem(path, _CHANGED)
    replacement = Replacement(folder, name, after, status)
    opened.callback(replacement.discard)
    return _Staged(path, folder, name, before, after, status, replacement)


def _put_in_place(staged: Mapping[Path, _Staged]) -> list[WriteProblem]:
    """Put new contents in the place of the old ones: in all files, or in none. Return what failed."""
    placed: dict[Path, _Staged] = {}
    for path, each in staged.items():
        if problems := _failures(_Staged.place, {path: each}):
            _failures(_Staged.undo, placed)
            return problems
        placed[path] = each
    return []


def _reason(error: OSError) -> str:
    return f"it cannot be written: {(error.strerror or type(error).__name__).lower()}"
