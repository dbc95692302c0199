"""Find a `load_thread` that makes a thread where none is stored instead of raising NotFoundError."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.inventing import invented_threads
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def load_creates_thread(app: App) -> Iterator[Finding]:
    """Find a `load_thread` that makes a thread where none is stored instead of raising NotFoundError."""
    seen = set()
    for found in invented_threads(app):
        if found.call in seen:
            continue
        seen.add(found.call)
        yield Finding(
            "CK221",
            found.module.location(found.call.func),
            f"{found.method.title} makes a thread where none is stored",
            label="a new, empty thread under the id that was asked for",
            help="raise NotFoundError of chatkit.store; the server makes new threads itself, and saves them",
            seen_as=SeenAs("empty"),
        )
