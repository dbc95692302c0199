"""CK3: what a server's respond() sends to the model and streams back."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks._history import memoryless_run
from chatkit_doctor.checks._respond_fixes import history_fix, own_ids_fix
from chatkit_doctor.checks._runs import Api, api_of
from chatkit_doctor.checks._servers import responders
from chatkit_doctor.checks._streams import gives_own_ids, run_behind, streams
from chatkit_doctor.checks.registry import CHATKIT, rule
from chatkit_doctor.contracts.agents import placeholder_id
from chatkit_doctor.finding import Finding
from chatkit_doctor.project import Project


@rule("CK301", python=CHATKIT)
def missing_history(project: Project) -> Iterator[Finding]:
    """Find a respond() whose run is given the new message and nothing that came before it."""
    for responder in responders(project):
        found = memoryless_run(project, responder)
        if found is None:
            continue
        yield Finding(
            "CK301",
            found.module.location(found.input),
            f"{responder.view.name}.respond() sends the model only the new message, not the conversation",
            label=f"comes from {responder.message!r} alone",
            help="load the newest thread items, put them in the order they were written, and run the agent on them",
            fix=history_fix(project, responder, found),
        )


@rule("CK302", python=CHATKIT)
def reused_provider_ids(project: Project) -> Iterator[Finding]:
    """Find answers of a Chat Completions model streamed under the one id that all of its messages have."""
    for stream in streams(project):
        run = run_behind(project, stream)
        if run is None:
            continue
        api, model = api_of(project, run)
        if api is not Api.CHAT_COMPLETIONS or model is None:
            continue
        if gives_own_ids(project):
            return
        written = model.module.location(model.expr)
        where = "" if model.module is stream.module else f" of {written.path.name}"
        name = written.text.split("(")[0].strip()
        yield Finding(
            "CK302",
            stream.module.location(stream.call),
            f"every message that the {name}{where} streams here is stored under the same id, {placeholder_id()!r}",
            label="yields the ids that the model came with",
            help="give each message an id of its own before you yield its events",
            fix=own_ids_fix(project, stream),
        )
