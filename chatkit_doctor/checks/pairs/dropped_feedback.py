"""Find a page that asks for feedback, and a server that drops it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import surely_lacks
from chatkit_doctor.checks.pairs.switches import switch_off, switched_on
from chatkit_doctor.contracts.sdk.sdk_names import ADD_FEEDBACK
from chatkit_doctor.contracts.web_names import FEEDBACK
from chatkit_doctor.finding import Elsewhere, Finding
from chatkit_doctor.frontend.pairs.partners import fitting_partners
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def dropped_feedback(app: App) -> Iterator[Finding]:
    """Find a page that asks for feedback, and a server that drops it."""
    for partner in fitting_partners(app):
        entry = switched_on(partner.options, FEEDBACK)
        server = surely_lacks(partner.backend, ADD_FEEDBACK, partner.asked) if entry is not None else None
        if entry is None or server is None:
            continue
        module = server.own.module
        place = relative_path(module.source.path, app.base)
        yield Finding(
            "CK804",
            entry.location,
            f"feedback is asked for, and {server.name} in {place} keeps none",
            label="the thumbs are shown",
            help=f"override add_feedback in {server.name}, or switch feedback off",
            elsewhere=Elsewhere(module.name_location(server.own.node), "no add_feedback() here"),
            fix=switch_off(app, entry, "feedback"),
        )
