"""The files of one scan and the apps that they form: read and parsed on demand, with the releases in use.

A project never fails: what cannot be read or parsed is noted in `problems` and left out of every answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os.path import join
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.app import App
from chatkit_doctor.project.apps import AppFolder, AppFolders
from chatkit_doctor.project.facts import KnownTexts, PythonFacts
from chatkit_doctor.project.files import FileKind
from chatkit_doctor.project.files.listing import Listing
from chatkit_doctor.project.imports import Imports
from chatkit_doctor.project.land import Land
from chatkit_doctor.project.neighbours import reach
from chatkit_doctor.project.relevance import Needles, relevant_python_paths, relevant_web_paths
from chatkit_doctor.project.tree import Problem, Tree
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.folders import Declared
    from chatkit_doctor.project.manifests.model import Ecosystem
    from chatkit_doctor.project.packages import Packages
    from chatkit_doctor.project.scope import ReadScope
    from chatkit_doctor.project.targets import GivenRelease, Releases, Target
    from chatkit_doctor.web.document import Document


class Project:
    """One tree of files.

    listing: the files that the scan may look at.
    needles: what a file must mention to matter.
    texts: contents that stand in for what is on disk, by path (an editor's buffer, a fix not yet written).
    releases: returns the known releases of a package, for a range to be resolved to one.
    overrides: the releases that the user told.
    base: the folder that paths in messages are relative to; by default the root.
    """

    def __init__(
        self,
        listing: Listing,
        needles: Needles,
        texts: Mapping[Path, str] | None = None,
        *,
        releases: Releases = lambda _: (),
        overrides: Sequence[GivenRelease] = (),
        base: Path | None = None,
    ) -> None:
        self.root = listing.root
        self.base = base or listing.root
        self.listing = listing
        self._asked: frozenset[Path] | None = None
        self._needles = needles
        self._releases = releases
        self._overrides = overrides
        self._tree = Tree(listing, texts or {})
        self._facts = PythonFacts(self._tree)
        self._land = Land(self._tree, releases, overrides)
        self._paths: dict[str, Path] = {}
        self._speaking_below: dict[Path, tuple[Path, ...]] = {}

    def with_texts(self, texts: Mapping[Path, str | None]) -> Project:
        """Return the project as it would be with other contents in some files; the rest is shared, not read again.

        A text of None takes the one that stands in for a file away: what is on disk counts again. What manifests and
        the names of files say is asked anew where these are other ones, which files matter where imports are.
        """
        tree = self._tree.with_texts(texts)
        other = self._with(tree, self._facts.with_tree(tree, texts))
        is_other_land = any(Land.is_made_by(path) or path not in self.listing for path in texts)
        # Of an app that is none any more, nobody asks whether its manifests can be read.
        if is_other_land or any(self._matters(path) != other._matters(path) for path in texts):
            other._land = Land(tree, self._releases, self._overrides)
        else:
            other._take_over(self, texts)
        return other

    def continuing(self, before: Project, changed: Collection[Path]) -> Project:
        """Return the project with the texts of an earlier one of the same folder, and what that has read and parsed.

        changed: the files that are other ones on disk.
        """
        tree = self._tree.with_texts(dict(before._tree.texts)).continuing(before._tree, changed)
        other = self._with(tree, before._facts.with_tree(tree, changed))
        other._land = Land(tree, self._releases, self._overrides)
        return other

    def is_like(self, before: Project) -> bool:
        """Return whether apps, packages and releases are those of an earlier state of the project."""
        return self._land is before._land

    def knowing(self, texts: KnownTexts) -> Project:
        """Return the project with what is known of Python texts that were seen before."""
        return self._with(self._tree, PythonFacts(self._tree, texts))

    def about(self, asked: frozenset[Path] | None) -> Project:
        """Return the project for findings in some files; only what has to do with them is read. None for all."""
        other = self._with(self._tree, self._facts)
        other._asked = asked
        if "_imports" in vars(self):
            vars(other)["_imports"] = self._imports
        return other

    def _with(self, tree: Tree, facts: PythonFacts) -> Project:
        """Return the project with another tree in the same land."""
        other = Project(self.listing, self._needles, releases=self._releases, overrides=self._overrides, base=self.base)
        other._asked, other._tree, other._facts, other._land = self._asked, tree, facts, self._land
        return other

    def _take_over(self, other: Project, changed: Mapping[Path, str | None]) -> None:
        """Take over what was found out about a project with the same files and manifests, as far as it holds here."""
        known = vars(other)
        if "_imports" not in known:
            return
        imports = vars(self)["_imports"] = other._imports.with_tree(self._tree, self._facts)
        if not imports.are_alike(other._imports, changed):
            return
        if self._asked is None or self._tree.texts.keys() == other._tree.texts.keys():
            by_place = ("_python_by_place", "_web_by_place")
            shared = ("_scope", "python_paths", "web_paths", *by_place, "_importers", "_links")
            vars(self).update({name: known[name] for name in shared if name in known})
            self._note_what_is_broken(changed)

    def _note_what_is_broken(self, changed: Mapping[Path, str | None]) -> None:
        """Note the changed Python files that matter and cannot be parsed, as finding out which files matter does."""
        scope = None if self._scope is None else set(self.files_read)
        for path in changed:
            if path.suffix == ".py" and self._matters(path) and (scope is None or path in scope):
                self._facts.of(path)

    def _matters(self, path: Path) -> bool:
        """Return whether a file's own text says that it matters."""
        if path.suffix == ".py":
            return self._tree.mentions(path, self._needles.python)
        return self._tree.mentions(path, self._needles.web) and not self._tree.is_generated(path)

    # Files

    @property
    def texts(self) -> Mapping[Path, str]:
        """Return the texts that stand in for files."""
        return self._tree.texts

    @property
    def files_read(self) -> tuple[Path, ...]:
        """Return the files whose contents count, whether they say something of ChatKit or not."""
        return self.files_in(self._scope.read if self._scope is not None else list(self._land.folders_by_place))

    def exists(self, path: Path | str) -> bool:
        """Return whether a file is one of the project's."""
        return self._tree.exists(path if isinstance(path, Path) else Path(path))

    def read(self, path: Path) -> Source | None:
        """Return a file's text, or None (with a problem noted) where it cannot be had."""
        return self._holder(path).source(path)

    def data(self, path: Path) -> bytes | None:
        """Return a file's bytes, or None (with a problem noted) where they cannot be had."""
        return self._holder(path).data(path)

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed, or None (with a problem noted) where it cannot be."""
        return self._tree.module(path)

    def refusal(self, path: Path) -> tuple[int, str] | None:
        """Return the line and the words with which Python refuses a file that can be parsed, None where it does not."""
        return self._facts.refusal(path)

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed, or None (with a problem noted) where it cannot be."""
        return self._tree.document(path)

    def mentions(self, path: Path, needles: tuple[bytes, ...]) -> bool:
        """Return whether a file's bytes hold one of the needles; False where it cannot be read."""
        return self._holder(path).mentions(path, needles)

    def mentions_pattern(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Return whether a pattern is found in a file's bytes; False where it cannot be read."""
        return self._holder(path).matches(path, pattern)

    def _holder(self, path: Path) -> Tree:
        """Return the tree that a file is read from, so that it is read once in all projects of one land."""
        return self._land.tree if Land.is_made_by(path) else self._tree

    def speaking(self) -> list[Path]:
        """Return the files that may say something of ChatKit, manifests included; only those of apps to be read."""
        if self._scope is None:
            return self._tree.speaking()
        return self._tree.speaking(self._land.folders_of(self._scope.read))

    def speaking_below(self, folder: Path) -> tuple[Path, ...]:
        """Return the files below a folder that may say something of ChatKit, sorted, of whatever app."""
        # Each app of a workspace asks for the same.
        if folder not in self._speaking_below:
            below = {each for each, _ in self._tree.folders() if Path(each).is_relative_to(folder)}
            found = sorted(path for path in self._tree.speaking(below) if path.is_relative_to(folder))
            self._speaking_below[folder] = tuple(found)
        return self._speaking_below[folder]

    def take_in(self) -> None:
        """Read and parse every file that matters, so that `problems` is whole."""
        _ = self.web_paths
        for path in self.python_paths:
            if (refusal := self._facts.refusal(path)) is not None:
                self._tree.problems[path] = Problem(path, *refusal, is_read=True)

    @property
    def newer_modules(self) -> list[Module]:
        """Return the files that matter and are written for a newer Python than the one that runs here."""
        needing = (path for path in self.python_paths if (facts := self._facts.of(path)) and facts.needs is not None)
        return [module for path in needing if (module := self.module(path)) is not None]

    @property
    def problems(self) -> dict[Path, Problem]:
        """Return what went wrong with the files read so far, manifests included."""
        told = [*self._land.errors, *(each for path in self.web_paths for each in self.packages.errors(path))]
        # Of the errors in one manifest, the first is told: reading stops there for its own tool.
        of_manifests = {each.path: Problem(each.path, each.line, each.reason) for each in reversed(told)}
        return of_manifests | self._land.problems | self._tree.problems

    @property
    def is_passing(self) -> bool:
        """Return whether a file was not taken in that another scan may take in as it is."""
        return any(each.is_passing for each in self._tree.problems.values())

    @property
    def room_taken(self) -> float:
        """Return how much is taken of the room for all files, as the tree says it; another process may add to it."""
        return self._tree.room_taken

    @room_taken.setter
    def room_taken(self, share: float) -> None:
        self._tree.room_taken = share

    def note_problems(self, told: Iterable[tuple[str, int, str, bool, bool]]) -> None:
        """Note what went wrong with files elsewhere, where it is not known here, each as `Problem.plain` has it."""
        for path, line, reason, is_read, is_passing in told:
            # What can be shown of the file is shown.
            self.read(Path(path))
            problem = Problem(Path(path), line, reason, is_read=is_read, is_passing=is_passing)
            self._tree.problems.setdefault(Path(path), problem)

    def text_of_problem(self, problem: Problem) -> Source:
        """Return what can be shown of a file that could not be taken in; an empty text where nothing can be."""
        return self._holder(problem.path).shown(problem)

    # Files that matter

    @cached_property
    def python_paths(self) -> tuple[Path, ...]:
        """Return the Python files that matter, sorted: what mentions ChatKit, and what imports such a file."""
        paths = (path for path in self.speaking() if path.suffix == ".py")
        return tuple(relevant_python_paths(self._tree, paths, self._needles.python, self._imports))

    @cached_property
    def web_paths(self) -> tuple[Path, ...]:
        """Return the web files that mention ChatKit and can be read, sorted."""
        paths = (path for path in self.speaking() if self.listing.kind(path) is FileKind.WEB)
        found = relevant_web_paths(self._tree, paths, self._needles.web)
        return tuple(path for path in found if self.read(path) is not None)

    @cached_property
    def _imports(self) -> Imports:
        return Imports(self._tree, self._facts, self._land)

    def modules_in(self, places: Collection[AppFolder]) -> tuple[Module, ...]:
        """Return the Python files that matter, of some apps, sorted."""
        return tuple(module for path in self.python_in(places) if (module := self.module(path)) is not None)

    def documents_in(self, places: Collection[AppFolder]) -> tuple[Document, ...]:
        """Return the web files that matter, of some apps, sorted."""
        return tuple(document for path in self.web_in(places) if (document := self.document(path)) is not None)

    @cached_property
    def _python_by_place(self) -> dict[AppFolder, list[tuple[int, Path]]]:
        return self._by_place(self.python_paths)

    @cached_property
    def _web_by_place(self) -> dict[AppFolder, list[tuple[int, Path]]]:
        return self._by_place(self.web_paths)

    def _by_place(self, paths: Iterable[Path]) -> dict[AppFolder, list[tuple[int, Path]]]:
        """Return files, each with its number, by the apps that they belong to."""
        found: dict[AppFolder, list[tuple[int, Path]]] = {}
        for number, path in enumerate(paths):
            found.setdefault(self.folders.of(path), []).append((number, path))
        return found

    def python_in(self, places: Collection[AppFolder]) -> list[Path]:
        """Return the paths of the Python files that matter, of some apps."""
        return _of(places, self._python_by_place)

    def web_in(self, places: Collection[AppFolder]) -> list[Path]:
        """Return the paths of the web files that matter, of some apps."""
        return _of(places, self._web_by_place)

    # Apps

    @property
    def folders(self) -> AppFolders:
        """Return the folders that apps stand in."""
        return self._land.folders

    @cached_property
    def places(self) -> frozenset[AppFolder]:
        """Return the folders of the apps with files that matter, of those that are read."""
        return frozenset([*self._python_by_place, *self._web_by_place])

    @cached_property
    def apps(self) -> tuple[App, ...]:
        """Return the apps with files that matter, of those that are read, sorted by folder."""
        return tuple(self._app(place) for place in sorted(self.places, key=lambda each: each.path))

    @cached_property
    def _numbered(self) -> dict[AppFolder, tuple[int, App]]:
        return {app.place: (number, app) for number, app in enumerate(self.apps)}

    def apps_at(self, places: Collection[AppFolder]) -> list[App]:
        """Return the apps with files that matter of those in some folders, sorted by folder."""
        found = (self._numbered.get(place) for place in places)
        return [app for _, app in sorted((each for each in found if each is not None), key=lambda each: each[0])]

    @cached_property
    def _showing(self) -> dict[AppFolder, list[App]]:
        found: dict[AppFolder, list[App]] = {}
        for app in self.apps:
            for place in {app.place, *app.shown}:
                found.setdefault(place, []).append(app)
        return found

    def apps_that_show(self, place: AppFolder) -> list[App]:
        """Return the apps whose pages can get what is in a folder, sorted by folder; its own app among them."""
        return self._showing.get(place, [])

    @property
    def checked(self) -> tuple[App, ...]:
        """Return the apps to check: all, or those that can find something in the files that are asked for."""
        if self._scope is None:
            return self.apps
        asked = self._asked_places
        # A file that belongs to no app that is checked by itself is any app's that gets at it.
        places = asked if asked <= self.places else self._scope.near
        return tuple(each for each in self.apps if each.place in places)

    @cached_property
    def _asked_places(self) -> frozenset[AppFolder]:
        return frozenset(map(self.folders.of, self._asked or ()))

    @cached_property
    def _scope(self) -> ReadScope | None:
        if self._asked is None:
            return None
        return self._land.scope(self._asked_places, self._tree.speaking)

    @property
    def packages(self) -> Packages:
        """Return the web packages of the tree."""
        return self._land.packages

    def files_in(self, places: Collection[AppFolder]) -> tuple[Path, ...]:
        """Return the files that belong to some apps, sorted."""
        here = [each for place in places for each in self._land.folders_by_place.get(place, ())]
        return tuple(map(self._path, sorted(join(folder, name) for folder, names in here for name in names)))

    def _path(self, text: str) -> Path:
        """Return a path, the same for all apps that get at a file: what is asked of it is worked out once."""
        found = self._paths.get(text)
        if found is None:
            found = self._paths[text] = Path(text)
        return found

    def folders_in(self, place: AppFolder) -> Sequence[tuple[str, Sequence[str]]]:
        """Return the folders whose files belong to an app, with the names of the files."""
        return self._land.folders_by_place.get(place, ())

    def _app(self, place: AppFolder) -> App:
        users, used = self._links
        imported = frozenset(map(self.folders.at, reach(place.path, users, used)))
        return App(self, place, imported, self._land.shown(place))

    @cached_property
    def _links(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Return which apps import from each app, and which each app imports from, by their folders."""
        users: dict[str, set[str]] = {}
        used: dict[str, set[str]] = {}
        for path, importing_files in self._importers.items():
            imported = self.folders.of(path).path
            for importing in importing_files:
                importer = self.folders.of(importing).path
                if imported != importer:
                    users.setdefault(imported, set()).add(importer)
                    used.setdefault(importer, set()).add(imported)
        return users, used

    @cached_property
    def _importers(self) -> dict[Path, list[Path]]:
        """Return which of the Python files that matter import each file."""
        found: dict[Path, list[Path]] = {}
        for importing in self.python_paths:
            for path in self._imports.of(importing):
                found.setdefault(path, []).append(importing)
        return found

    def leading_to(self, place: AppFolder) -> frozenset[Path]:
        """Return the Python files that matter, of an app, and those from which imports lead to a file of it."""
        files = dict.fromkeys((*self.python_in((place,)), *self._importers))
        waiting = [path for path in files if self.folders.of(path) == place]
        found = set(waiting)
        while waiting:
            new = [path for path in self._importers.get(waiting.pop(), ()) if path not in found]
            found.update(new)
            waiting += new
        return frozenset(found)

    # Releases

    def target(self, path: Path, package: str) -> Target | None:
        """Return the release of a package that the app around a file uses, None where nothing asks for it."""
        return self._land.targets.of(self.folders.of(path).folder, package)

    def declared(self, folder: Path, ecosystem: Ecosystem) -> tuple[Declared, ...]:
        """Return what each manifest of an app's folder asks for."""
        return self._land.targets.declared(folder, ecosystem)

    def declared_around(self, folder: Path, ecosystem: Ecosystem) -> Iterator[Declared]:
        """Yield what the manifests of an app's folder and of those above it ask for, the nearest first."""
        return self._land.targets.declared_around(folder, ecosystem)

    def targets(self) -> Iterator[Target]:
        """Yield the releases that the apps with files that matter use, app by app."""
        for place in dict.fromkeys([*self._python_by_place, *self._web_by_place]):
            yield from self._land.targets.of_app(place)


def _of(places: Iterable[AppFolder], files: Mapping[AppFolder, list[tuple[int, Path]]]) -> list[Path]:
    """Return the files of some apps by their numbers."""
    return [path for _, path in sorted(each for place in places for each in files.get(place, ()))]
