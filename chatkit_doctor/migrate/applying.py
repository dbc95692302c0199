"""A plan on its way to disk: all of it or nothing, and nothing is overwritten that was not read."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.scan.fixer import FixResult
from chatkit_doctor.scan.writing import write
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan


def apply_plan(plan: Plan) -> None:
    """Write a plan. Raises MigrateError and then leaves everything as it was."""
    texts = {path: text for path, text in plan.texts.changed.items() if path not in plan.texts.removed}
    made: list[Path] = []
    taken: dict[Path, bytes] = {}
    try:
        for path, data in plan.texts.new.items():
            _create(path, data, made)
        for path in plan.texts.removed:
            taken[path] = path.read_bytes()
            path.unlink()
        result = FixResult(texts, [], [], [], [], frozenset({frozenset(texts)}))
        problems = write(result, plan.texts.start)
        if problems:
            shown = relative_path(problems[0].path, plan.texts.root)
            raise MigrateError(f"{shown}: {problems[0].reason}; nothing was changed")
    except BaseException as error:
        for path, data in taken.items():
            path.write_bytes(data)
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, OSError):
            shown = relative_path(Path(str(error.filename)), plan.texts.root)
            reason = (error.strerror or type(error).__name__).lower()
            raise MigrateError(f"{shown}: it cannot be written: {reason}; nothing was changed") from None
        raise


def _create(path: Path, data: bytes, made: list[Path]) -> None:
    for folder in reversed([each for each in path.parents if not each.exists()]):
        folder.mkdir()
        made.append(folder)
    with path.open("xb") as file:
        made.append(path)
        file.write(data)


def refuse_dirty(root: Path) -> None:
    """Raise MigrateError where git could not undo what is written: no repository, or changes not committed."""
    call = ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=no", "--", "."]
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - fixed words
    except OSError:
        raise MigrateError(
            "git is not here, which would undo what migrate writes; --allow-dirty goes without"
        ) from None
    if done.returncode != 0:
        raise MigrateError(
            "this is no git repository, which would undo what migrate writes; --allow-dirty goes without"
        )
    if done.stdout.strip():
        first = done.stdout.splitlines()[0][3:]
        raise MigrateError(f"{first} has changes that are not committed; commit them, or go on with --allow-dirty")
