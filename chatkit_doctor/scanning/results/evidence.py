"""What the findings in some apps go by, as digests: every file that they reach, and what they ask beyond these.

Apps that reach the same files, in the same places, with the same packages around them, are asked the same questions
by the rules, one after the other, as long as the answers are the same. That is why what was asked of other files and
of releases is kept in its order: up to the first answer that differs, nothing else would be asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from chatkit_doctor.project.app import Question
from chatkit_doctor.project.apps import AppFolder
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.project.packages import Package
from chatkit_doctor.project.project import Project
from chatkit_doctor.scanning.cache import digest
from chatkit_doctor.scanning.results.units import Unit

Answered = tuple[str, str, str, bytes]
"""A question to the project: its kind, the file or folder, what about it, and a digest of the answer."""

# The questions that the bytes of a file, and the place of the app that it belongs to, answer.
OF_FILES = frozenset({"read", "module", "document", "mentions"})

Contents = Callable[[str, Sequence[str]], "list[tuple[str, bytes]]"]
"""Returns digests of some of the files in a folder, by their names."""


class Evidence:
    """What can be told of the apps of a project before any rule is run on them."""

    def __init__(self, project: Project, contents: Contents) -> None:
        self._project = project
        self._contents = contents
        self._places: dict[AppFolder, bytes] = {}
        self._packages: dict[Path, bytes] = {}

    def key(self, unit: Unit) -> bytes:
        """Return a digest of all that some apps reach."""
        project = self._project
        apps = [
            [str(app.folder), *(sorted(str(each.folder) for each in places) for places in (app.imported, app.shown))]
            for app in unit
        ]
        places = sorted(reached(unit), key=lambda each: str(each.folder))
        matter = [*project.python_in(places), *project.web_in(places)]
        # What an import means may hang on files beyond these.
        leading = [sorted(map(str, project.leading_to(app.place))) for app in unit if len(app.imported) > 1]
        return digest([apps, [self._place(each) for each in places], list(map(str, matter)), leading])

    def asked(self, unit: Unit, questions: Iterable[Question]) -> Iterator[Answered]:
        """Yield what was asked beyond the files that some apps reach, with the answers as they are."""
        places = reached(unit)
        known: set[tuple[str, str, str]] = set()
        for kind, path, about in questions:
            if kind == "target":
                subject = str(self._project.folders.of(path).folder)
            elif kind in OF_FILES and self.is_reached(path, places):
                continue
            else:
                subject = str(path)
            if (kind, subject, about) not in known:
                known.add((kind, subject, about))
                yield kind, subject, about, self.answer(kind, subject, about)

    def is_reached(self, path: Path, places: Iterable[AppFolder]) -> bool:
        """Return whether a file is one of those that the key is made of."""
        return path in self._project.listing and self._project.folders.of(path) in places

    def answer(self, kind: str, subject: str, about: str) -> bytes:
        """Return a digest of what the project answers; a problem with the file is noted as it would be for a rule."""
        project, path = self._project, Path(subject)
        if kind == "target":
            return digest(repr(project.target(path / "_", about)))
        if kind == "declared":
            return digest(repr(project.declared(path, Ecosystem(about))))
        if kind == "declared around":
            return digest(repr(list(project.declared_around(path, Ecosystem(about)))))
        if kind == "speaking below":
            return digest(list(map(str, project.speaking_below(path))))
        if kind == "module":
            project.module(path)
        elif kind != "mentions":
            project.read(path)
        place = project.folders.of(path)
        data = project.data(path)
        return digest([str(place.folder), place in project.places, data])

    def _place(self, place: AppFolder) -> bytes:
        """Return a digest of an app's own files, and of the packages that may have to do with them."""
        if place not in self._places:
            project = self._project
            folders = sorted((folder, self._contents(folder, names)) for folder, names in project.folders_in(place))
            packages = sorted((str(each.folder), self._package(each)) for each in self._packages_around(place))
            own = [str(place.folder), sorted(each.value for each in place.ecosystems), place in project.places]
            self._places[place] = digest([own, folders, packages])
        return self._places[place]

    def _packages_around(self, place: AppFolder) -> Iterator[Package]:
        """Yield every web package that an answer about an app's files may be about; one may come twice."""
        packages = self._project.packages
        inside = place.folder / "_"
        found: dict[Path, None] = {}
        for package in {each.folder: each for each in (packages.of(inside), *packages.above(inside))}.values():
            found |= dict.fromkeys([package.folder, *packages.in_reach(package)])
        yield from (packages.of(folder / "_") for folder in found)

    def _package(self, package: Package) -> bytes:
        if package.folder not in self._packages:
            self._packages[package.folder] = digest(json.dumps(package.manifest, sort_keys=True))
        return self._packages[package.folder]


def reached(unit: Unit) -> frozenset[AppFolder]:
    """Return the folders of the apps that some apps reach, themselves included."""
    return frozenset[AppFolder]().union(*({app.place} | app.imported | app.shown for app in unit))
