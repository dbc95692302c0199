"""Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.models.dumps import JsonPlace, PythonDump, python_dumps
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App

_MODE = 'mode="json"'


def dump_without_json_mode(app: App) -> Iterator[Finding]:
    """Find dumps of models that hold times or addresses as Python objects, where only JSON can stand."""
    for found in python_dumps(app):
        dump = found.module.location(found.call).text
        article = "an" if found.object[0] in "AEIOU" else "a"
        yield Finding(
            "CK117",
            found.module.location(found.call),
            f"{' '.join(dump.split())} holds {article} {found.object} in '{found.field}', which {_writer(found)}",
            label="no JSON yet",
            help=f"dump it with {_MODE}",
            seen_as=_seen_as(found),
            fix=_fix(found),
        )


def _seen_as(found: PythonDump) -> SeenAs | None:
    is_time = found.object == "datetime"
    if found.place is JsonPlace.COLUMN:
        return SeenAs("column") if is_time else None
    return SeenAs("time" if is_time else "address")


def _writer(found: PythonDump) -> str:
    if found.place is JsonPlace.COLUMN:
        return f"{found.writer}, a column of JSON, cannot hold"
    return f"{found.writer} cannot write"


def _fix(found: PythonDump) -> Fix:
    """Return the fix: the mode, behind what the call is given already."""
    module, call = found.module, found.call
    whole = module.location(call)
    func = module.location(call.func)
    given = ", ".join(module.location(each).text for each in call.keywords)
    owner = func.text.rpartition(".")[0]
    text = f"{owner}.model_dump({given}{', ' if given else ''}{_MODE})"
    return Fix(f"dump it with {_MODE}", Applicability.SAFE, lambda: (Edit(whole, text),))
