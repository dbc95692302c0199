"""Find an app whose chat runs on a workflow that OpenAI hosts, once, with its page and its session route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.dates import hosted_workflows_end, today
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.frontend.hosted.apps import HostedApp, hosted_app
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from chatkit_doctor.source import Location


def hosted_sunset(app: App) -> Iterator[Finding]:
    """Find an app whose chat runs on a workflow that OpenAI hosts, once, with its page and its session route."""
    found = hosted_app(app)
    if found is None:
        return
    end = hosted_workflows_end()
    has_ended = today() >= end
    yield Finding(
        "CK606",
        _place(found),
        f"{_subject(found, app.base)} a workflow that OpenAI hosts, {_end(end, has_ended=has_ended)}",
        label="needs a hosted workflow" if found.mounts else "makes sessions of a hosted workflow",
        help="run `chatkit-doctor migrate` to move the chat to a server of your own",
        severity=Severity.ERROR if has_ended else Severity.WARNING,
    )


def _place(app: HostedApp) -> Location:
    return app.mounts[0].location if app.mounts else app.routes[0]


def _subject(app: HostedApp, root: Path) -> str:
    """Return who uses the workflow, with every other place in words."""
    others = [*(mount.location for mount in app.mounts[1:]), *app.routes][0 if app.mounts else 1 :]
    places = [f"{relative_path(each.path, root)}:{each.first.line}" for each in others]
    beside = f" and {places[0]}" if places else ""
    more = f" ({len(places) - 1} more)" if len(places) > 1 else ""
    here = _place(app).text if app.mounts else _place(app).path.name
    return f"{here}{beside}{more} {'rest' if beside else 'rests'} on"


def _end(end: date, *, has_ended: bool) -> str:
    return f"which OpenAI {'shut' if has_ended else 'shuts'} down on {end.isoformat()}"
