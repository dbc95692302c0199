"""Find a page whose chat is answered by a route that does not speak ChatKit's protocol."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.pairs.strangers import strangers
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def hand_written_protocol(app: App) -> Iterator[Finding]:
    """Find a page whose chat is answered by a route that does not speak ChatKit's protocol."""
    for found in strangers(app):
        route = found.route
        place = relative_path(route.module.source.path, app.base)
        name = route.handler.name if route.handler is not None else route.path.text
        asked = found.address.text
        yield Finding(
            "CK703",
            found.address.value.location,
            f"{asked} is answered by {name}() in {place}, and nothing in that app is a ChatKitServer",
            label="no ChatKit server",
            help="answer there with ChatKitServer.process of openai-chatkit",
        )
