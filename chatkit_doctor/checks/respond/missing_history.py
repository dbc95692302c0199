"""Find a respond() whose run is given the new message and nothing that came before it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.history import memoryless_run
from chatkit_doctor.backend.servers import responders
from chatkit_doctor.checks.respond.missing_history_fix import history_fix
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def missing_history(app: App) -> Iterator[Finding]:
    """Find a respond() whose run is given the new message and nothing that came before it."""
    for responder in responders(app):
        found = memoryless_run(app, responder)
        if found is None:
            continue
        yield Finding(
            "CK301",
            found.module.location(found.input),
            f"{responder.view.name}.respond() sends the model only the new message, not the conversation",
            label=f"comes from {responder.message!r} alone",
            help="load the newest thread items, put them in the order they were written, and run the agent on them",
            row=7,
            seen_as=SeenAs("forgets"),
            fix=history_fix(app, responder, found),
        )
