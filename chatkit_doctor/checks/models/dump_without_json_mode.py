"""Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.models.dumps import PythonDump, python_dumps
from chatkit_doctor.backend.stores.json_writers import COLUMN
from chatkit_doctor.checks.models.written_as_json_fix import written_as_json_fix
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App

_TIME = "datetime"


def dump_without_json_mode(app: App) -> Iterator[Finding]:
    """Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""
    for found in python_dumps(app):
        dump = " ".join(found.module.location(found.call).text.split())
        article = "an" if found.object[0] in "AEIOU" else "a"
        yield Finding(
            "CK117",
            found.module.location(found.call),
            f"{dump} holds {article} {found.object} in '{found.field}', which {found.writer} refuses",
            label="no JSON yet",
            help='dump it with mode="json", which makes texts of times and addresses',
            seen_as=_seen_as(found),
            fix=written_as_json_fix(found.module, found.call),
        )


def _seen_as(found: PythonDump) -> SeenAs | None:
    if found.writer.startswith(COLUMN):
        return SeenAs("column") if found.object == _TIME else None
    return SeenAs("time" if found.object == _TIME else "address")
