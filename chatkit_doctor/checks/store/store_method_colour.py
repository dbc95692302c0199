"""Find overrides that are sync where the SDK awaits them, or async where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.absence import severity_of_absence
from chatkit_doctor.backend.colours import has_wrong_colour
from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.checks.store.store_method_colour_fix import colour_fix
from chatkit_doctor.checks.store.words import colour_seen_as
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App

_SYNC = "sync, and ChatKit awaits what it returns"
_ASYNC = "async, and ChatKit takes what it returns without awaiting it"


def store_method_colour(app: App) -> Iterator[Finding]:
    """Find overrides that are sync where the SDK awaits them, or async where it does not."""
    for override in overrides(app):
        if not has_wrong_colour(override):
            continue
        module, function = override.module, override.function
        is_awaited = override.is_awaited
        yield Finding(
            "CK203",
            module.name_location(function),
            f"{override.view.name}.{function.name}() is {_SYNC if is_awaited else _ASYNC}",
            label="its result is awaited" if is_awaited else "a call gives a coroutine, never awaited",
            help=f"define it with {'async def' if is_awaited else 'def'}",
            seen_as=colour_seen_as(override),
            severity=severity_of_absence(app, module.source.path),
            fix=colour_fix(app, override),
        )
