"""Find answers of a Chat Completions model streamed under the one id that all of its messages have."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.streams import gives_own_ids, run_behind, streams
from chatkit_doctor.checks.respond.reused_provider_ids_fix import own_ids_fix
from chatkit_doctor.contracts.sdk.agents import placeholder_id
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def reused_provider_ids(app: App) -> Iterator[Finding]:
    """Find answers of a Chat Completions model streamed under the one id that all of its messages have."""
    for stream in streams(app):
        run = run_behind(app, stream)
        if run is None:
            continue
        api, model = api_of(app, run)
        if api is not Api.CHAT_COMPLETIONS or model is None:
            continue
        if gives_own_ids(app):
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
            row=8,
            seen_as=SeenAs("replaced"),
            fix=own_ids_fix(app, stream),
        )
