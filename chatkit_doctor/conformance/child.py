"""The run itself, in the project's Python: `main` is called with a request and writes the verdicts to a file.

A request is an object: subject (MODULE:NAME), root (the project's folder), scratch (a folder that goes), contexts
(values), allowed (paths and hosts), seconds (for each property), only (names, none for all), out (where to write).
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import inspect
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from chatkit_doctor.conformance.fences import Fences, ReachedOutError
from chatkit_doctor.conformance.model import redirect
from chatkit_doctor.conformance.results import SubjectError


def main(text: str) -> None:
    """Run a request and write its answer."""
    request = json.loads(text)
    answer = _answer(request)
    # Allowed as it is written last: nothing of the subject runs any more.
    Path(request["out"]).write_text(json.dumps(answer), encoding="utf-8")
    # What the subject has left running, threads among it, is not waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    sys.path.insert(0, request["root"])
    os.chdir(request["scratch"])
    try:
        release = importlib.metadata.version("openai-chatkit")
    except importlib.metadata.PackageNotFoundError:
        return {"error": f"openai-chatkit is not installed for {sys.executable}"}
    redirect.prepare()
    fences = Fences(Path(request["scratch"]), tuple(request["allowed"]))
    fences.put_up()
    try:
        return {"release": release, **asyncio.run(_run(request, fences))}
    except Exception as error:  # noqa: BLE001 - whatever the project's code raises is told in one line
        return {"error": _told(error, fences), "traceback": traceback.format_exc()}


def _told(error: Exception, fences: Fences) -> str:
    if fences.refused:
        return fences.refused[0]
    told = str(error) if isinstance(error, (SubjectError, ReachedOutError)) else f"{type(error).__name__}: {error}"
    missed = next((name for name in fences.removed if name in told), None)
    return f"{told}; {missed} is taken away as long as nothing is allowed with --allow" if missed else told


async def _run(request: dict[str, Any], fences: Fences) -> dict[str, Any]:
    from chatkit_doctor.conformance import running
    from chatkit_doctor.conformance.nobody import Nobody
    from chatkit_doctor.conformance.subject import context_of, load

    subject = await load(request["subject"])
    fences.check_drivers()
    contexts = tuple(context_of(value, subject.instance) for value in request["contexts"]) or (Nobody(),)
    run = running.PropertyRun(subject, contexts, request["seconds"], Path(request["scratch"]))
    outcomes = await run.all(tuple(request["only"]))
    # A verdict on what was kept from working is none.
    if fences.refused and any(each.status == "fail" for each in outcomes):
        raise ReachedOutError(fences.refused[0])
    cls = type(subject.instance)
    return {
        "kind": subject.kind,
        "class": f"{cls.__module__}.{cls.__qualname__}",
        "path": _file_of(cls),
        "outcomes": [each.as_values() for each in outcomes],
    }


def _file_of(cls: type) -> str | None:
    try:
        return inspect.getsourcefile(cls)
    except TypeError:
        return None
