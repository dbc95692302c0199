"""One app of a tree, the unit of every question: its files, parsed on demand, and what models make of them, kept.

What an app's code reaches belongs to the answers about it: a package of the same repository that it imports, the
folder above it, the other half of the project. Findings are its own alone; `owns` says in which files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from chatkit_doctor.budget import MOST_STEPS_OF_AN_APP, Budget, OutOfBudgetError
from chatkit_doctor.project.apps import AppFolder, AppFolders
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.files.upward import folder_of
from chatkit_doctor.project.test_files import is_sample, is_test_file, is_test_or_story
from chatkit_doctor.python.flow import Flow
from chatkit_doctor.python.hierarchy import Hierarchy
from chatkit_doctor.python.layout import Layout
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.symbols import Symbols
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.folders import Declared
    from chatkit_doctor.project.manifests.model import Ecosystem
    from chatkit_doctor.project.packages import Packages
    from chatkit_doctor.project.targets import Target
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.evaluate import Evaluator
    from chatkit_doctor.web.modules.resolve import Resolver

T = TypeVar("T")

Question = tuple[str, Path, str]
"""What an app asked of its project: a method's name, the file or folder, and the package or ecosystem."""


class Surroundings(Protocol):
    """What an app asks of the project that it is part of; `project.Project` says what each answer is."""

    root: Path
    base: Path

    @property
    def folders(self) -> AppFolders:
        """Return the folders that apps stand in."""

    @property
    def places(self) -> frozenset[AppFolder]:
        """Return the folders of the apps that are checked."""

    def apps_at(self, places: Collection[AppFolder]) -> list[App]:
        """Return the apps that are checked of those in some folders, in their order."""

    def apps_that_show(self, place: AppFolder) -> list[App]:
        """Return the apps that are checked whose pages can get what is in a folder, in their order."""

    @property
    def packages(self) -> Packages:
        """Return the web packages."""

    def modules_in(self, places: Collection[AppFolder]) -> tuple[Module, ...]:
        """Return the Python files that matter, of some apps."""

    def documents_in(self, places: Collection[AppFolder]) -> tuple[Document, ...]:
        """Return the web files that matter, of some apps."""

    def files_in(self, places: Collection[AppFolder]) -> tuple[Path, ...]:
        """Return the files that belong to some apps."""

    def speaking_below(self, folder: Path) -> tuple[Path, ...]:
        """Return the files below a folder that may say something of ChatKit, whatever app they belong to."""

    def read(self, path: Path) -> Source | None:
        """Return a file's text."""

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed."""

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed."""

    def mentions(self, path: Path, needles: tuple[bytes, ...]) -> bool:
        """Return whether a file's bytes hold one of the needles."""

    def mentions_pattern(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Return whether a pattern is found in a file's bytes."""

    def leading_to(self, place: AppFolder) -> frozenset[Path]:
        """Return the Python files that matter, of an app, and those from which imports lead to a file of it."""

    def target(self, path: Path, package: str) -> Target | None:
        """Return the release of a package that the app around a file uses."""

    def declared(self, folder: Path, ecosystem: Ecosystem) -> tuple[Declared, ...]:
        """Return what each manifest of an app's folder asks for."""

    def declared_around(self, folder: Path, ecosystem: Ecosystem) -> Iterator[Declared]:
        """Yield what the manifests of an app's folder and of those above it ask for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A frontend and the backend that it speaks to; they may be one app."""

    frontend: App
    backend: App


class App:
    """An app and the files that questions about it may look at.

    root: the scan's root. base: the folder that paths in messages are relative to.
    place: its folder. A file is its own where no other app's folder is nearer.
    imported: the apps whose Python files its own reach by imports, or that import them, itself included.
    shown: the apps whose web files its pages can get, or that may serve them, itself included.
    """

    def __init__(
        self, project: Surroundings, place: AppFolder, imported: frozenset[AppFolder], shown: frozenset[AppFolder]
    ) -> None:
        self.folder = place.folder
        self.root = project.root
        self.base = project.base
        # What a rule was last given to look at; a crash in the rule is reported with it.
        self.last_looked_at: Path | None = None
        # What it may still do.
        self.budget = Budget(MOST_STEPS_OF_AN_APP)
        self._project = project
        self.place = place
        self.imported = imported
        self.shown = shown
        # Where somebody wants to know what was asked of the project, each question once, in the order of asking.
        self.asked: dict[Question, None] | None = None
        self._derived: dict[object, object] = {}
        self._targets: dict[Path, dict[str, Target | None]] = {}
        self._tests: dict[Path, bool] = {}
        self._tests_and_stories: dict[Path, bool] = {}

    def derive(self, build: Callable[[App], T]) -> T:
        """Return what a function makes of this app, made once and kept with it.

        What one rule had no steps or time left for is tried for no other: OutOfBudgetError is raised for each.
        """
        if build not in self._derived:
            try:
                self._derived[build] = build(self)
            except OutOfBudgetError:
                self._derived[build] = OutOfBudgetError
                raise
        made = self._derived[build]
        if made is OutOfBudgetError:
            raise OutOfBudgetError
        return made  # type: ignore[return-value]

    def owns(self, path: Path) -> bool:
        """Return whether a file belongs to this app, or to none that is checked by itself."""
        place = self._project.folders.of(path)
        return place == self.place or place not in self._project.places

    def is_test_file(self, path: Path) -> bool:
        """Return whether a file is there to test the app that it belongs to."""
        if path not in self._tests:
            self._tests[path] = is_test_file(path, self._home(path))
        return self._tests[path]

    def is_test_or_story(self, path: Path) -> bool:
        """Return whether a file is there to test or to show off the app that it belongs to."""
        if path not in self._tests_and_stories:
            self._tests_and_stories[path] = is_test_or_story(path, self._home(path))
        return self._tests_and_stories[path]

    def is_sample(self, path: Path) -> bool:
        """Return whether a file stands in a folder of examples or documents of the app that it belongs to."""
        return is_sample(path, self._project.folders.of(path).path)

    def _home(self, path: Path) -> str:
        """Return the folder below which names tell of tests: with the app's own name, which may be `tests`."""
        folder = self._project.folders.of(path).path
        return folder if folder == str(self.root) else folder_of(folder)

    def pairs(self) -> tuple[Pair, ...]:
        """Return this app as a frontend with each backend that it may speak to, itself first."""
        return tuple(Pair(self, each) for each in self._project.apps_at({self.place, *self.shown}))

    def _note(self, kind: str, path: Path, about: str = "") -> None:
        if self.asked is not None:
            self.asked[kind, path, about] = None

    def fronts(self) -> tuple[Pair, ...]:
        """Return this app as a backend with each app that may speak to it, itself first."""
        return tuple(Pair(each, self) for each in self._project.apps_that_show(self.place))

    # Files

    def exists(self, path: Path | str) -> bool:
        """Return whether a file is one that the app can get at."""
        return os.fspath(path) in self._known

    def read(self, path: Path) -> Source | None:
        """Return a file's text, or None (with a problem noted) where it cannot be had."""
        self._note("read", path)
        return self._project.read(path)

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed, or None (with a problem noted) where it cannot be."""
        self._note("module", path)
        return self._project.module(path)

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed, or None (with a problem noted) where it cannot be."""
        self._note("document", path)
        return self._project.document(path)

    def mentions(self, path: Path, needles: tuple[bytes, ...]) -> bool:
        """Return whether a file's bytes hold one of the needles; False where it cannot be read."""
        self._note("mentions", path)
        return self._project.mentions(path, needles)

    def mentions_pattern(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Return whether a pattern is found in a file's bytes; False where it cannot be read."""
        self._note("mentions", path)
        return self._project.mentions_pattern(path, pattern)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Return every file that the app can get at, sorted."""
        return self._project.files_in(self.imported | self.shown)

    def speaking_below(self, folder: Path) -> tuple[Path, ...]:
        """Return the files below a folder that may say something of ChatKit, those of apps out of its reach included.

        What lies beside an app says nothing about it, unless a tool puts what both ask for in one place.
        """
        self._note("speaking below", folder)
        return self._project.speaking_below(folder)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(str, self.files))

    # Releases

    def target(self, path: Path, package: str) -> Target | None:
        """Return the release of a package that the app around a file uses, None where nothing asks for it."""
        if self.asked is not None:
            self._note("target", path, package)
        # Asked for every name of ChatKit's in a file.
        known = self._targets.setdefault(path, {})
        if package not in known:
            known[package] = self._project.target(path, package)
        return known[package]

    def declared(self, ecosystem: Ecosystem) -> tuple[Declared, ...]:
        """Return what each manifest of the app's own folder asks for, the most telling manifest first."""
        self._note("declared", self.folder, ecosystem.value)
        return self._project.declared(self.folder, ecosystem)

    def declared_around(self, ecosystem: Ecosystem) -> Iterator[Declared]:
        """Yield what the manifests of the app's folder and of those above it ask for, the nearest first."""
        self._note("declared around", self.folder, ecosystem.value)
        return self._project.declared_around(self.folder, ecosystem)

    # Python

    @cached_property
    def layout(self) -> Layout:
        """Return the import layout of the Python files that the app reaches."""
        paths = (path for path in self._project.files_in(self.imported) if path.suffix == ".py")
        return Layout(paths, self.mentions_pattern)

    @cached_property
    def symbols(self) -> Symbols:
        """Return the definitions that names stand for, across files."""
        return Symbols(self.layout, self.module, self.budget)

    @cached_property
    def flow(self) -> Flow:
        """Return the flow of values across files."""
        return Flow(self.symbols, self.budget)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Return the classes of the Python files that matter."""
        return Hierarchy(self.symbols, self._modules)

    def sources(self) -> Iterator[Source]:
        """Yield the texts of the files that matter."""
        yield from (module.source for module in self._modules)
        yield from (document.source for document in self._documents)

    def names(self, module: Module) -> Names:
        """Return the table of names of a module."""
        return self.symbols.names(module)

    def modules(self) -> Iterator[Module]:
        """Yield the Python files that matter: those that mention ChatKit, and those that import such a file."""
        for module in self._modules:
            self.last_looked_at = module.source.path
            self.budget.spend()
            yield module

    def own_modules(self) -> Iterator[Module]:
        """Yield those of the Python files that matter which are the app's own: findings in others' are theirs to tell.

        A rule that judges file by file needs no others; where many apps reach the same files, that is most of its work.
        """
        yield from (module for module in self.modules() if self.owns(module.source.path))

    def leads_home(self, path: Path) -> bool:
        """Return whether a Python file that matters is the app's own, or imports lead from it to one that is.

        What is wrong with a class elsewhere can be written in the app's own files only where imports lead there.
        """
        # An app that reaches no other has no others' files.
        return len(self.imported) == 1 or path in self._leading

    @cached_property
    def _leading(self) -> frozenset[Path]:
        return self._project.leading_to(self.place)

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return self._project.modules_in(self.imported)

    # Web

    @cached_property
    def evaluator(self) -> Evaluator:
        """Return what evaluates the expressions of the app's web files; its resolver is the app's as well."""
        from chatkit_doctor.web.evaluation.evaluate import Evaluator
        from chatkit_doctor.web.modules.resolve import Resolver

        return Evaluator(Resolver(self, self.budget), self.budget)

    @property
    def resolver(self) -> Resolver:
        """Return what tells which web file of the app an import means."""
        return self.evaluator.resolver

    @property
    def packages(self) -> Packages:
        """Return the web packages of the tree."""
        return self._project.packages

    def documents(self) -> Iterator[Document]:
        """Yield the web files that mention ChatKit."""
        for document in self._documents:
            self.last_looked_at = document.source.path
            self.budget.spend()
            yield document

    def web_paths(self) -> tuple[Path, ...]:
        """Return every web file that the app can get at, those that do not mention ChatKit included."""
        return self._web_paths

    @cached_property
    def has_web_files(self) -> bool:
        """Return whether a web file is the app's own: where none is, nothing of the web can be wrong in it."""
        return any(map(self.owns, self._web_paths))

    @cached_property
    def _web_paths(self) -> tuple[Path, ...]:
        return tuple(path for path in self._project.files_in(self.shown) if kind_of(path.name) is FileKind.WEB)

    @cached_property
    def _documents(self) -> tuple[Document, ...]:
        return self._project.documents_in(self.shown)
