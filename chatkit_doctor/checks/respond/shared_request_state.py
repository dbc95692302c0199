"""Find what a turn keeps on the server, which all turns share, and reads again after others may have run."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.turns.request_state import request_states
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def shared_request_state(app: App) -> Iterator[Finding]:
    """Find what a turn keeps on the server, which all turns share, and reads again after others may have run."""
    for found in request_states(app):
        at = found.module.location(found.target)
        yield Finding(
            "CK321",
            at,
            f"{at.text} is set for each turn on the {found.view.name} that all turns share",
            label="the next turn sets it anew",
            help="keep it in a variable of the turn, or in the context of the run, which tools are given",
            seen_as=SeenAs("mixed", {"name": at.text}),
        )
