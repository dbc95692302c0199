"""The file given as --workflow: what it is, and what it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.project.files import FileProblem, read_bytes
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.source import Source, UnreadableSourceError

if TYPE_CHECKING:
    from chatkit_doctor.migrate.workflow.python import Workflow

_PYTHON = (".py",)
_TYPESCRIPT = (".ts", ".mts", ".js", ".mjs", ".tsx")


def read_workflow(path: Path) -> Workflow:
    """Return the module that an export becomes. Raises MigrateError for a file that is no export."""
    try:
        source = Source.from_bytes(path, read_bytes(path))
    except FileProblem as problem:
        raise MigrateError(f"{visible(str(path))}: {problem.reason}") from None
    except UnreadableSourceError as error:
        raise MigrateError(f"{visible(str(path))} cannot be read: {error.reason}") from None
    if path.suffix in _PYTHON:
        from chatkit_doctor.migrate.workflow.python import python_workflow

        return python_workflow(path, source.text)
    if path.suffix in _TYPESCRIPT:
        from chatkit_doctor.migrate.workflow.typescript import typescript_workflow

        return typescript_workflow(path, source)
    raise MigrateError(f"{path.name} is no export of Agent Builder: those are .py or .ts files")
