"""Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.models.dumps import PythonDump, python_dumps
from chatkit_doctor.backend.stores.json_writers import COLUMN
from chatkit_doctor.backend.stores.unwritable import unwritable_dumps
from chatkit_doctor.checks.models.written_as_json_fix import written_as_json_fix
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App

_TIME = "datetime"


def dump_without_json_mode(app: App) -> Iterator[Finding]:
    """Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""
    seen: set[ast.Call] = set()
    for found in (*_of_stores(app), *python_dumps(app)):
        if found.call in seen:
            continue
        seen.add(found.call)
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


def _of_stores(app: App) -> Iterator[PythonDump]:
    """Yield the dumps of what stores are given, however they name it."""
    for each in unwritable_dumps(app):
        yield PythonDump(each.frame.module, each.dump, each.field, _TIME, each.writer)


def _seen_as(found: PythonDump) -> SeenAs | None:
    if found.writer.startswith(COLUMN):
        return SeenAs("column") if found.object == _TIME else None
    return SeenAs("time" if found.object == _TIME else "address")
