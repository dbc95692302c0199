"""Fixed contents on their way out: to disk, a whole file or none of it, or as a diff."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files import FileProblem, read_bytes
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass
from chatkit_doctor.scan.fixer import FixResult
from chatkit_doctor.source import relative_path

# For patch and git a line ends at a line feed only.
_LINE = regex(r"[^\n]*\n|[^\n]+")
# What patch, git or a terminal would take for something else in a file's name, and what is no text.
_ODD_IN_NAME = regex(r'[\x00-\x1f\x7f-\x9f"\\\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class WriteProblem:
    """A file that could not be written and stayed as it was, and why in one clause."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class _Staged:
    """New contents in a temporary file next to the file that they are for."""

    path: Path
    temporary: Path
    target: Path


def write(result: FixResult, project: Project) -> list[WriteProblem]:
    """Write the fixed files over those that `project` was read from. What fails is returned, the rest goes on.

    Of files that only one fix together makes right, none is written if one of them cannot be.
    """
    return [problem for paths in _groups(result) for problem in _write_group(paths, result, project)]


def unified_diff(project: Project, texts: Mapping[Path, str]) -> str:
    """Return what `texts` change as a diff that `patch -p0` takes, paths relative to the working directory."""
    return "".join(line for path in sorted(texts) for line in _diff_lines(project, path, texts[path]))


def _groups(result: FixResult) -> list[list[Path]]:
    """Split the files into the smallest sets that no fix reaches across."""
    groups = [{path} for path in result.texts]
    for paths in result.together:
        touched = [group for group in groups if group & paths]
        groups = [group for group in groups if not group & paths] + [set().union(*touched)]
    return sorted(sorted(group) for group in groups if group)


def _write_group(paths: list[Path], result: FixResult, project: Project) -> list[WriteProblem]:
    staged: list[_Staged] = []
    problems: list[WriteProblem] = []
    try:
        for path in paths:
            try:
                staged += _stage(path, result.texts[path], project)
            except FileProblem as problem:
                problems.append(WriteProblem(path, problem.reason))
            except OSError as error:
                problems.append(WriteProblem(path, _reason(error)))
        if problems:
            return [*problems, *_dragged_along(paths, problems)]
        return list(_put_in_place(staged))
    finally:
        for each in staged:
            each.temporary.unlink(missing_ok=True)


def _dragged_along(paths: list[Path], problems: list[WriteProblem]) -> Iterator[WriteProblem]:
    failed = {problem.path for problem in problems}
    reason = f"its fix changes {problems[0].path.name} too, which could not be written"
    yield from (WriteProblem(path, reason) for path in paths if path not in failed)


def _stage(path: Path, text: str, project: Project) -> Iterator[_Staged]:
    """Yield the new contents in a temporary file; nothing where the file holds them already.

    Raises FileProblem where the file is not what was read any more, and OSError.
    """
    source = project.read(path)
    if source is None:
        raise FileProblem(path, "it cannot be read")
    target = Path(os.path.realpath(path))
    on_disk, wanted = read_bytes(target), source.encode(text)
    if on_disk == wanted:
        return
    if on_disk != source.encode(source.text):
        raise FileProblem(path, "it was changed on disk after it was read")
    yield _Staged(path, _temporary(target, wanted), target)


def _temporary(target: Path, data: bytes) -> Path:
    """Return a new file next to `target` with its owner and permissions and other contents, safe on disk."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _copy_ownership(target, descriptor)
            os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _copy_ownership(target: Path, descriptor: int) -> None:
    status = target.stat()
    if hasattr(os, "fchown"):
        # Only root may give files away; anybody else's stay theirs.
        with suppress(PermissionError):
            os.fchown(descriptor, status.st_uid, status.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _put_in_place(staged: Iterable[_Staged]) -> Iterator[WriteProblem]:
    for each in staged:
        try:
            each.temporary.replace(each.target)
        except OSError as error:
            yield WriteProblem(each.path, _reason(error))


def _reason(error: OSError) -> str:
    return f"it cannot be written: {(error.strerror or type(error).__name__).lower()}"


def _diff_lines(project: Project, path: Path, text: str) -> Iterator[str]:
    source = project.read(path)
    shown = _in_header(relative_path(path, Path.cwd()))
    old, new = _LINE.findall(source.text if source else ""), _LINE.findall(text)
    for line in difflib.unified_diff(old, new, shown, shown):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _in_header(name: str) -> str:
    """Return a file's name as a diff's headers hold it: quoted where it is odd, its end marked where it has blanks."""
    if _ODD_IN_NAME.search(name):
        return f'"{_ODD_IN_NAME.sub(_as_octal, name)}"'
    return f"{name}\t" if " " in name else name


def _as_octal(character: re.Match[str]) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character[0]))
