"""Which apps are checked together, for a rule that is given one of them asks about the other: both ends of a pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.budget import Clock
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning.results.found import Found, Tell, check_app

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.source import Source

Unit = tuple[App, ...]
"""Apps none of which asks anything about an app outside: what is found in them goes by what they reach."""


def units_of(apps: Iterable[App]) -> list[Unit]:
    """Return apps in as many units as can be, each in the order of the apps."""
    ordered = list(apps)
    homes = {app: index for index, app in enumerate(ordered)}
    members: dict[int, list[App]] = {index: [app] for index, app in enumerate(ordered)}
    for app in ordered:
        for other in (pair.backend for pair in app.pairs()):
            mine, its = homes[app], homes.get(other, homes[app])
            if its != mine:
                for each in members[its]:
                    homes[each] = mine
                members[mine] += members.pop(its)
    places = {app: index for index, app in enumerate(ordered)}
    return [tuple(sorted(unit, key=lambda each: places[each])) for unit in members.values()]


def check_units(units: Sequence[Unit], rules: Sequence[Rule], tell: Tell, of: int = 1) -> dict[App, Found]:
    """Return what the rules find in each app.

    tell: takes which rule is checked in which app, at its start. of: how many apps there are, wherever that is.
    """
    number = max(of, sum(map(len, units)))
    found: dict[App, Found] = {}
    for unit in units:
        with _clock_for(unit) as clock:
            for app in unit:
                app.budget.hold_to_size(_size(app.sources()))
                where = f" in app {len(found) + 1} of {number}" if number > 1 else ""
                found[app] = check_app(app, rules, _telling(tell, where), clock)
    return found


def _clock_for(unit: Unit) -> Clock:
    """Return a clock for the rules in some apps, which look at each other's files."""
    sources = {source for app in unit for source in app.sources()}
    return Clock(len(unit), _size(sources))


def _size(sources: Iterable[Source]) -> int:
    return sum(len(source.text) for source in sources)


def _telling(tell: Tell, where: str) -> Tell:
    return lambda text: tell(f"{text}{where}")
