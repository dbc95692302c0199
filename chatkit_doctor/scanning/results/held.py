"""What was found in each app, held in memory from one look at a project to the next, while somebody edits it.

Nothing is compared by contents here: whoever changes the project says in which files. Fixes that are tried say it
with the texts of the project that they make.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.app import Question
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.results.evidence import OF_FILES, reached
from chatkit_doctor.scanning.results.found import Found
from chatkit_doctor.scanning.results.units import Unit

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.project.app import App
    from chatkit_doctor.project.apps import AppFolder
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.scanning.results.known import CheckUnits


@dataclass(frozen=True, slots=True)
class _Held:
    """What was found in some apps, by their folders, and what that goes by.

    reached: the apps whose files they reach. matter: the files of these that matter. asked: all that they asked about.
    """

    found: dict[Path, Found]
    reached: frozenset[AppFolder]
    matter: tuple[Path, ...]
    asked: frozenset[Path]


class HeldResults:
    """The findings of the apps that no change has touched.

    at_once: whether all other apps are checked together; one by one, what was found up to an exception is held.
    """

    def __init__(self, *, at_once: bool = False) -> None:
        self._held: dict[tuple[Path, ...], _Held] = {}
        self._at_once = at_once

    def forget(self) -> None:
        """Forget everything: files, manifests, settings or rules are other ones."""
        self._held.clear()

    def forget_about(self, project: Project, changed: Collection[Path]) -> None:
        """Forget what was found in the apps that go by some files, which hold something else from now on."""
        self._held = self._untouched(project, changed)

    def without(self, project: Project, changed: Collection[Path]) -> HeldResults:
        """Return what is held for a project that is tried out, in which some files hold something else."""
        other = HeldResults(at_once=self._at_once)
        other._held = self._untouched(project, changed)
        return other

    def results(
        self, project: Project, units: Sequence[Unit], _: Sequence[Rule], check: CheckUnits, /
    ) -> dict[App, Found]:
        """Return what the rules find in each app. check: finds it out, for those of which nothing is held.

        Whatever it raises is raised, and what was found up to then is held.
        """
        found: dict[App, Found] = {}
        pending: list[Unit] = []
        for unit in units:
            held = self._held.get(_name(unit))
            if held is not None and (held.reached, held.matter) == _reach(project, unit):
                found |= {app: held.found[app.folder] for app in unit}
            else:
                pending.append(unit)
        for some in [pending] if self._at_once else [[unit] for unit in pending]:
            for unit, held in _checked(project, some, check).items():
                found |= {app: held.found[app.folder] for app in unit}
                if not project.is_passing:
                    self._held[_name(unit)] = held
        return found

    def _untouched(self, project: Project, changed: Collection[Path]) -> dict[tuple[Path, ...], _Held]:
        places = {project.folders.of(path) for path in changed}
        return {
            name: held
            for name, held in self._held.items()
            if held.reached.isdisjoint(places) and held.asked.isdisjoint(changed)
        }


class TriedResults:
    """The findings in the states of a project that fixes are tried on, of the first one and of the last one."""

    def __init__(self) -> None:
        self._first: _State | None = None
        self._last: _State | None = None

    def results(
        self, project: Project, units: Sequence[Unit], rules: Sequence[Rule], check: CheckUnits, /
    ) -> dict[App, Found]:
        """Return what the rules find in each app. check: finds it out, for those that the fixes touch."""
        # What is done to the only app touches it.
        if len(units) < 2:
            return check(units)
        held = self._held_for(project)
        found = held.results(project, units, rules, check)
        self._last = _State(project, held)
        self._first = self._first or self._last
        return found

    def _held_for(self, project: Project) -> HeldResults:
        """Return what is held of the state that a project differs from in the fewest files."""
        known = {id(each): each for each in (self._last, self._first) if each is not None}
        changed = {each: _changed(project, each.project) for each in known.values() if project.is_like(each.project)}
        nearest = min(changed, key=lambda each: len(changed[each]), default=None)
        if nearest is None:
            return HeldResults(at_once=True)
        return nearest.held.without(project, changed[nearest])


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    project: Project
    held: HeldResults


def _changed(project: Project, before: Project) -> set[Path]:
    was, now = before.texts, project.texts
    return {path for path in was.keys() | now.keys() if was.get(path) != now.get(path)}


def _name(unit: Unit) -> tuple[Path, ...]:
    return tuple(app.folder for app in unit)


def _reach(project: Project, unit: Unit) -> tuple[frozenset[AppFolder], tuple[Path, ...]]:
    """Return the folders of the apps that some apps reach, and their files that matter."""
    places = reached(unit)
    return places, (*project.python_in(places), *project.web_in(places))


def _checked(project: Project, units: Sequence[Unit], check: CheckUnits) -> dict[Unit, _Held]:
    asked: dict[Unit, dict[Question, None]] = {unit: {} for unit in units}
    for unit, questions in asked.items():
        for app in unit:
            app.asked = questions
    found = check(units) if units else {}
    return {
        unit: _Held(
            {app.folder: found[app] for app in unit},
            *_reach(project, unit),
            frozenset(path for kind, path, _ in questions if kind in OF_FILES),
        )
        for unit, questions in asked.items()
    }
