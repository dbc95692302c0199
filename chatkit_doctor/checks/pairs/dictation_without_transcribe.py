"""Find a page that takes down what people say, and a server that writes down nothing."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import surely_lacks
from chatkit_doctor.checks.pairs.switches import switch_off, switched_on
from chatkit_doctor.contracts.sdk.sdk_names import TRANSCRIBE
from chatkit_doctor.contracts.web_names import DICTATION
from chatkit_doctor.finding import Elsewhere, Finding, SeenAs
from chatkit_doctor.frontend.pairs.partners import fitting_partners
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def dictation_without_transcribe(app: App) -> Iterator[Finding]:
    """Find a page that takes down what people say, and a server that writes down nothing."""
    for partner in fitting_partners(app):
        entry = switched_on(partner.options, DICTATION)
        server = surely_lacks(partner.backend, TRANSCRIBE, partner.asked) if entry is not None else None
        if entry is None or server is None:
            continue
        module = server.own.module
        place = relative_path(module.source.path, app.base)
        yield Finding(
            "CK803",
            entry.location,
            f"dictation is on, and {server.name} in {place} has no transcribe()",
            label="the microphone is shown",
            help=f"override transcribe in {server.name}, or switch dictation off",
            seen_as=SeenAs("refused"),
            elsewhere=Elsewhere(module.name_location(server.own.node), "no transcribe() here"),
            fix=switch_off(app, entry, "dictation"),
        )
