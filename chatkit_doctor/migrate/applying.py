"""A plan on its way to disk: all of it or nothing, and nothing is overwritten that was not read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.project.files.signals import tidy_end
from chatkit_doctor.scanning.fixer import FixResult
from chatkit_doctor.scanning.writing import write
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan


def apply_plan(plan: Plan) -> None:
    """Write a plan. Raises MigrateError and then leaves everything as it was."""
    texts = {path: text for path, text in plan.texts.changed.items() if path not in plan.texts.removed}
    with tidy_end():
        _apply(plan, texts)


def _apply(plan: Plan, texts: dict[Path, str]) -> None:
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
