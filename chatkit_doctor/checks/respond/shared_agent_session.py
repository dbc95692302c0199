"""Find runs that are given one session of the Agents SDK for all threads and users."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.shared_sessions import shared_sessions
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def shared_agent_session(app: App) -> Iterator[Finding]:
    """Find runs that are given one session of the Agents SDK for all threads and users."""
    for found in shared_sessions(app):
        module = found.run.module
        made = found.made.module.location(found.made.expr)
        where = f"{made.path.name}:{made.first.line}"
        how = f"one session, made at {where}" if found.is_made_once else f"one session by the id written at {where}"
        yield Finding(
            "CK311",
            module.location(found.value),
            f"all threads and all users share {how}",
            label="the same whatever the thread",
            help="make the session in the turn, with thread.id as its id",
            seen_as=SeenAs("shared"),
        )
