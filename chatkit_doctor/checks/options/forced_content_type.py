"""Find a `fetch` of a page's own that gives uploads a Content-Type which names no boundary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.frontend.options.forced_types import ForcedType, forced_types
from chatkit_doctor.project.app import App


def forced_content_type(app: App) -> Iterator[Finding]:
    """Find a `fetch` of a page's own that gives uploads a Content-Type which names no boundary."""
    for found in forced_types(app):
        if app.owns(found.document.path):
            yield Finding(
                "CK422",
                found.document.location(found.node),
                f"every request is sent as {found.text}, also a file in FormData, which loses its boundary so",
                label="for uploads as well",
                help=f"set it only where {found.init}.body is no FormData",
                fix=Fix("leave FormData its own type", Applicability.UNSAFE, partial(_edits, found)),
            )


def _edits(found: ForcedType) -> list[Edit]:
    """Return the edit that sets the type for all bodies but FormData."""
    at = found.document.location(found.node)
    if found.is_entry:
        return [Edit(at, f"...({found.init}?.body instanceof FormData ? {{}} : {{ {at.text} }})")]
    return [Edit(at, f"if (!({found.init}?.body instanceof FormData)) {at.text}")]
