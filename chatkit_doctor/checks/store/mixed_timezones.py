"""Find threads and items stamped with a zone, or with UTC, in stores that compare them to the SDK's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.timezones import ZonedTime, zoned_times
from chatkit_doctor.backend.turns.utc_times import UtcTime, utc_times
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs, Severity
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.words import last_part

_THREADS = ("Thread", "ThreadMetadata")
_OF_THREADS = (
    "Python compares no time with a zone to one without, so that no list of threads can be loaded that holds both."
)


def mixed_timezones(app: App) -> Iterator[Finding]:
    """Find threads and items stamped with a zone, or with UTC, in stores that compare them to the SDK's."""
    yield from map(_in_utc, utc_times(app))
    for found in zoned_times(app):
        order = found.order.module.location(found.order.expr)
        yield Finding(
            "CK219",
            found.module.location(found.value),
            f"{_one(found.model)} has a time with a zone, and {found.store.name} sorts it among those without one"
            f" ({order.path.name}:{order.first.line})",
            label="a time with a zone",
            help="stamp it with datetime.now(), as ChatKit stamps threads and messages",
            seen_as=SeenAs("compared"),
            why=_OF_THREADS if found.model in _THREADS else "",
            fix=_fix(found),
        )


def _in_utc(found: UtcTime) -> Finding:
    value, order = found.value, found.order.module.location(found.order.expr)
    return Finding(
        "CK219",
        value.module.location(value.expr),
        f"{_one(last_part(found.item.model))} has the time of UTC, and {found.store.name} puts it in order with what"
        f" ChatKit stamps with the time of the machine ({order.path.name}:{order.first.line})",
        label="UTC, without saying so",
        help="stamp it with datetime.now(), as ChatKit stamps threads and messages",
        severity=Severity.WARNING,
        seen_as=SeenAs("moved"),
        why="On a machine that does not go by UTC it stands hours before or behind what it answers, on the page and in "
        "what the model is given.",
        fix=_local_fix(value),
    )


def _one(model: str) -> str:
    return f"{'an' if model[0] in 'AEIOU' else 'a'} {model}"


def _local_fix(value: PlacedExpr) -> Fix | None:
    """Return the fix that asks for the time of the machine; None where the zone is taken off again."""
    func = value.expr.func if isinstance(value.expr, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr != "utcnow":
        return None
    whole = value.module.location(func)
    name = whole.source.location(whole.start + len(whole.text) - len(func.attr), whole.start + len(whole.text))
    return Fix("ask for the time of the machine", Applicability.SAFE, lambda: (Edit(name, "now"),))


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
