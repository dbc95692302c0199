"""Find stored items that ChatKit's own converter turns into a form which Chat Completions models reject."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.conversions import default_conversions
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.checks.respond.history_converter_rejected_fix import own_converter_fix
from chatkit_doctor.contracts.sdk.agents import AGENTS, rejects_assistant_history
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def history_converter_rejected(app: App) -> Iterator[Finding]:
    """Find stored items that ChatKit's own converter turns into a form which Chat Completions models reject."""
    for run, found in default_conversions(app):
        target = app.target(found.module.source.path, AGENTS)
        if target is not None and target.is_foreign:
            continue
        if not rejects_assistant_history(target.version if target is not None else None):
            continue
        api, model = api_of(app, run)
        if api is not Api.CHAT_COMPLETIONS or model is None:
            continue
        written = model.module.location(model.expr)
        where = "" if model.module is found.module else f" of {written.path.name}"
        name = written.text.split("(")[0].strip()
        at = found.module.location(found.call.func)
        yield Finding(
            "CK306",
            at,
            f"the {name}{where} is given the assistant's stored messages in a form that {AGENTS} rejects for it",
            label="writes `output_text` parts",
            help="convert them with an assistant_message_to_input of your own that gives a role and a plain text",
            seen_as=SeenAs("rejected"),
            fix=own_converter_fix(app, found),
        )
