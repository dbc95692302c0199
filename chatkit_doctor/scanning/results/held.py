"""What was found in each app, held in memory from one look at a project to the next, while somebody edits it.

Nothing is compared by contents here: whoever changes the project says in which files.
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
    """The findings of the apps that no change has touched."""

    def __init__(self) -> None:
        self._held: dict[tuple[Path, ...], _Held] = {}

    def forget(self) -> None:
        """Forget everything: files, manifests, settings or rules are other ones."""
        self._held.clear()

    def forget_about(self, project: Project, changed: Collection[Path]) -> None:
        """Forget what was found in the apps that go by some files, which hold something else from now on."""
        self._held = self._untouched(project, changed)

    def without(self, project: Project, changed: Collection[Path]) -> HeldResults:
        """Return what is held for a project that is tried out, in which some files hold something else."""
        other = HeldResults()
        other._held = self._untouched(project, changed)
        return other

    def results(
        self, project: Project, units: Sequence[Unit], _: Sequence[Rule], check: CheckUnits, /
    ) -> dict[App, Found]:
        """Return what the rules find in each app. check: finds it out, for those of which nothing is held.

        Whatever it raises is raised, and what was found up to then is held.
        """
        found: dict[App, Found] = {}
        for unit in units:
            name = tuple(app.folder for app in unit)
            places = reached(unit)
            matter = (*project.python_in(places), *project.web_in(places))
            held = self._held.get(name)
            if held is None or (held.reached, held.matter) != (places, matter):
                held = _checked(unit, check, places, matter)
                if not project.is_passing:
                    self._held[name] = held
            found |= {app: held.found[app.folder] for app in unit}
        return found

    def _untouched(self, project: Project, changed: Collection[Path]) -> dict[tuple[Path, ...], _Held]:
        places = {project.folders.of(path) for path in changed}
        return {
            name: held
            for name, held in self._held.items()
            if held.reached.isdisjoint(places) and held.asked.isdisjoint(changed)
        }


def _checked(unit: Unit, check: CheckUnits, places: frozenset[AppFolder], matter: tuple[Path, ...]) -> _Held:
    questions: dict[Question, None] = {}
    for app in unit:
        app.asked = questions
    found = check([unit])
    asked = frozenset(path for kind, path, _ in questions if kind in OF_FILES)
    return _Held({app.folder: found[app] for app in unit}, places, matter, asked)
