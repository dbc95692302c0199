"""`scan --since REV` and `scan --staged`: what was there before, as git has it, so that only what is new is told.

The files of a revision are laid out in a folder that goes, scanned there with the same flags, and what is found is the
baseline of the scan. So a finding is new wherever its cause was changed, and an old one stays old where it has moved.
"""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.git import run_git
from chatkit_doctor.project.files.kinds import is_left_out, kind_of
from chatkit_doctor.project.files.reading import MAX_BYTES
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.records import replace
from chatkit_doctor.scanning.selection import ScanError

if TYPE_CHECKING:
    from chatkit_doctor.scanning.baseline import Baseline
    from chatkit_doctor.scanning.flow import Options


def staged_files(folder: Path) -> list[Path]:
    """Return the files that are staged and still there, at or below a folder. Raises ScanError."""
    top = repository(folder)
    names = _git(top, "diff", "--cached", "--name-only", "--diff-filter=d", "-z", "--no-ext-diff", "--no-textconv")
    paths = (top / os.fsdecode(name) for name in names.split(b"\0") if name)
    return [path for path in paths if path.is_relative_to(folder) and path.is_file()]


def baseline_at(revision: str, paths: Sequence[Path], options: Options) -> Baseline:
    """Return what a scan of the same paths finds in a revision. Raises ScanError and SettingsError."""
    from chatkit_doctor.scanning.baseline import baseline_of
    from chatkit_doctor.scanning.baseline.model import Baseline
    from chatkit_doctor.scanning.flow import run

    asked = [Path(os.path.abspath(path)) for path in paths]
    top = repository(asked[0] if asked[0].is_dir() else asked[0].parent)
    if outside := next((path for path in asked if not path.is_relative_to(top)), None):
        raise ScanError(f"{outside} is not in the repository of {top}, whose revisions are asked for")
    with _laid_out(top, revision) as folder:
        before = [path for path in (folder / each.relative_to(top) for each in asked) if path.exists()]
        file = folder / "since.json"
        found = run(before, _only_to_look(options)).findings if before else []
        entries = baseline_of(found, file).entries
    return Baseline(Path(revision), Path(os.path.realpath(top)), entries)


def _only_to_look(options: Options) -> Options:
    return replace(options, fix=False, add_ignores=False, shows_edits=False, before=None, baseline=None)


def repository(folder: Path) -> Path:
    """Return the top of the repository that a folder lies in. Raises ScanError."""
    here = os.path.abspath(folder)
    found = next((each for each in map(Path, folders_up(here)) if os.path.lexists(each / ".git")), None)
    if found is None:
        raise ScanError(f"{folder} lies in no git repository")
    return found


@contextmanager
def _laid_out(top: Path, revision: str) -> Iterator[Path]:
    """Give a folder with the files of a revision that a scan may read; it is a repository's top itself."""
    if revision.startswith("-"):
        raise ScanError(f"{revision!r} is no revision")
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", of=revision)
    archive = _git(top, "archive", "--format=tar", commit.decode().strip())
    with tempfile.TemporaryDirectory(prefix="chatkit-doctor-") as name:
        folder = Path(name).resolve()
        # Settings and manifests are looked for up to the top of a repository.
        (folder / ".git").mkdir()
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            for member in files:
                body = files.extractfile(member) if _may_be_read(member) else None
                if body is not None:
                    target = folder.joinpath(*member.name.split("/"))
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(body.read())
        yield folder


def _may_be_read(member: tarfile.TarInfo) -> bool:
    *folders, name = member.name.split("/")
    is_of_use = kind_of(name) is not None or name in {".gitignore", "chatkit-doctor.toml"}
    is_inside = ".." not in folders and not member.name.startswith("/")
    return (
        is_inside and member.isfile() and is_of_use and member.size <= MAX_BYTES and not any(map(is_left_out, folders))
    )


def _git(top: Path, *arguments: str, of: str = "") -> bytes:
    try:
        done = run_git(top, *arguments)
    except OSError as error:
        raise ScanError(f"git cannot be run: {(error.strerror or type(error).__name__).lower()}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ScanError(f"there is no revision {of!r} here" if of else f"git says: {(said or ['nothing'])[-1]}")
    return done.stdout
