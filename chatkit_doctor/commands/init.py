"""The start of a new project: a copy of the known-good reference app, into a folder where nothing is overwritten."""

from __future__ import annotations

import os
import shlex
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from chatkit_doctor.project.files.gitignore import Rules
from chatkit_doctor.project.files.signals import tidy_end
from chatkit_doctor.project.files.walk import is_ignored
from chatkit_doctor.reports.drawing.cells import visible

_PACKAGE = Path(__file__).parent.parent

# Needs no escape between $' and '.
_UNESCAPED = frozenset(string.ascii_letters + string.digits + " -./_+,:=@")
# How many of the files that are in the way a message names.
_NAMED = 3

_NEXT_STEPS = """\
Started {folder}: {count} files, {counts}.

In one terminal, the backend:

  cd {folder}/backend
  python3 -m venv .venv
  .venv/bin/pip install -r requirements.txt
  .venv/bin/python -m app.dev

In another, the frontend, at http://localhost:5173, where any name signs in:

  cd {folder}/frontend
  npm install
  npm run dev

It answers without a key, from a small scripted model; {folder}/README.md says how to give it a real one.
"""


class StartError(Exception):
    """A project that cannot be started where it was asked for; the text is one line."""


def reference_folder() -> Path:
    """Return the folder of the reference app: inside an installed package, or beside the package in a checkout."""
    packed = _PACKAGE / "_pages" / "reference"
    return packed if packed.is_dir() else _PACKAGE.parent / "fixtures" / "reference"


def reference_files() -> list[Path]:
    """Return the app's files, relative to its folder: all but those that git ignores."""
    top = reference_folder()
    return [path.relative_to(top) for path in _files(top, tuple(_rules(top)))]


def start(folder: Path) -> list[Path]:
    """Copy the app into a folder, which is made if need be; return the files, relative to it.

    Raises StartError and then leaves everything as it was: where a file of the app is there already, where a file
    is in the way of a folder, and where something cannot be written.
    """
    files = reference_files()
    _refuse_to_overwrite(folder, files)
    try:
        with tidy_end():
            _copy_all(files, folder)
    except OSError as error:
        place = visible(str(error.filename or folder))
        reason = (error.strerror or type(error).__name__).lower()
        raise StartError(f"{place}: it cannot be written: {reason}; nothing is left behind") from None
    return files


def next_steps(folder: Path, files: Sequence[Path], encoding: str) -> str:
    """Return what to say of a new project, in an encoding: what is in it, and how to run it."""
    sides = Counter(path.parts[0] for path in files if len(path.parts) > 1)
    counts = " and ".join(f"{number} in {side}/" for side, number in sides.items())
    return _NEXT_STEPS.format(count=len(files), counts=counts, folder=_typed(os.path.normpath(folder), encoding))


def _rules(app: Path) -> Iterator[Rules]:
    """Yield the rules for the app, the nearest first: its own, and in a checkout those of the repository."""
    # What lies above an installed package may well ignore all of it.
    above = [] if app.is_relative_to(_PACKAGE) else [_PACKAGE.parent]
    for folder in (app, *above):
        if (folder / ".gitignore").is_file():
            yield Rules.read(folder / ".gitignore", os.path.join(folder, ""))  # noqa: PTH118 - it ends with a separator


def _files(folder: Path, rules: tuple[Rules, ...]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        is_folder = path.is_dir()
        if is_ignored(str(path), rules, is_folder=is_folder):
            continue
        if is_folder:
            yield from _files(path, rules)
        else:
            yield path


def _refuse_to_overwrite(folder: Path, files: Sequence[Path]) -> None:
    there = list(dict.fromkeys(each for path in files if (each := _in_the_way(folder, path)) is not None))
    if not there:
        return
    named = ", ".join(visible(str(path)) for path in there[:_NAMED])
    more = f" and {len(there) - _NAMED} more" if len(there) > _NAMED else ""
    raise StartError(f"{named}{more} {'is' if len(there) == 1 else 'are'} there already; nothing was written")


def _in_the_way(folder: Path, path: Path) -> Path | None:
    """Return what a file of the app would overwrite, or what is no folder where one of its folders would have to be."""
    for each in (folder, *(folder / parent for parent in reversed(path.parents[:-1]))):
        is_other = not each.is_dir() or (each != folder and each.is_symlink())
        if os.path.lexists(each) and is_other:
            return each
    return folder / path if os.path.lexists(folder / path) else None


def _copy_all(files: Sequence[Path], folder: Path) -> None:
    """Copy files of the app. Whatever ends it early, an interrupt too, what it made is taken back."""
    made: list[Path] = []
    try:
        for path in files:
            _copy(reference_folder() / path, folder / path, made)
    except BaseException:
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir() if each.is_dir() else each.unlink()
        raise


def _copy(source: Path, target: Path, made: list[Path]) -> None:
    """Write a file and its folders, noting each as it is made. Raises OSError."""
    missing = [each for each in target.parents if not each.exists()]
    for each in reversed(missing):
        each.mkdir()
        made.append(each)
    # Exclusive: what came to be there since it was looked for stays as it is.
    with target.open("xb") as file:
        made.append(target)
        file.write(source.read_bytes())


def _typed(path: str, encoding: str) -> str:
    """Return a path as it is typed into a shell; what cannot be shown stands as escapes, which bash and zsh read."""
    # A folder that looks like an option.
    path = f"./{path}" if path.startswith("-") else path
    if path.isprintable() and path == path.encode(encoding, "replace").decode(encoding):
        return shlex.quote(path)
    escaped = (chr(byte) if chr(byte) in _UNESCAPED else f"\\{byte:03o}" for byte in os.fsencode(path))
    return f"$'{''.join(escaped)}'"
