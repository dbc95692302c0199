"""Find threads and items stamped with a zone, in stores that compare them to the SDK's, which have none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.timezones import ZonedTime, zoned_times
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App


def mixed_timezones(app: App) -> Iterator[Finding]:
    """Find threads and items stamped with a zone, in stores that compare them to the SDK's, which have none."""
    for found in zoned_times(app):
        order = found.order.module.location(found.order.expr)
        article = "an" if found.model[0] in "AEIOU" else "a"
        yield Finding(
            "CK219",
            found.module.location(found.value),
            f"{article} {found.model} has a time with a zone, and {found.store.name} sorts it among those without one"
            f" ({order.path.name}:{order.first.line})",
            label="a time with a zone",
            help="stamp it with datetime.now(), as ChatKit stamps threads and messages",
            seen_as=SeenAs("compared"),
            fix=_fix(found),
        )


def _fix(found: ZonedTime) -> Fix | None:
    """Return the fix that leaves the zone out; None where the time is made elsewhere."""
    value = found.value
    if not isinstance(value, ast.Call) or not (value.args or value.keywords):
        return None
    zone = value.args[0] if value.args else value.keywords[0]
    if len(value.args) + len(value.keywords) != 1 or getattr(value.func, "attr", "") == "astimezone":
        return None
    edit = Edit(found.module.location(zone), "")
    return Fix("leave the zone out", Applicability.SAFE, lambda: (edit,))
