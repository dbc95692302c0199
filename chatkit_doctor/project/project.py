"""The files of one scan as the checks see them: parsed on demand, asked together, with the releases in use.

A project never fails: what cannot be read or parsed is noted in `problems` and left out of every answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chatkit_doctor.project.files import Listing
from chatkit_doctor.project.relevance import Needles, relevant_modules, relevant_web_paths
from chatkit_doctor.project.tree import Problem, Tree
from chatkit_doctor.python.flow import Flow
from chatkit_doctor.python.hierarchy import Hierarchy
from chatkit_doctor.python.layout import Layout
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.symbols import Symbols
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from chatkit_doctor.project.apps import Apps
    from chatkit_doctor.project.targets import Override, Releases, Target, Targets
    from chatkit_doctor.web.document import Document

T = TypeVar("T")


class Project:
    """One tree of files.

    listing: the files that the scan may look at.
    needles: what a file must mention to matter.
    texts: contents that stand in for what is on disk, by path (an editor's buffer, a fix not yet written).
    releases: returns the known releases of a package, for a range to be resolved to one.
    overrides: the releases that the user told.
    """

    def __init__(
        self,
        listing: Listing,
        needles: Needles,
        texts: Mapping[Path, str] | None = None,
        *,
        releases: Releases = lambda _: (),
        overrides: Sequence[Override] = (),
    ) -> None:
        self.root = listing.root
        self.listing = listing
        # What a check was last given to look at; a crash in the check is reported with it.
        self.last_looked_at: Path | None = None
        self._needles = needles
        self._releases = releases
        self._overrides = overrides
        self._tree = Tree(listing, texts or {})
        self._derived: dict[object, object] = {}

    def with_texts(self, texts: Mapping[Path, str]) -> Project:
        """Return the project as it would be with other contents in some files; the rest is shared, not read again."""
        other = Project(self.listing, self._needles, releases=self._releases, overrides=self._overrides)
        other._tree = self._tree.with_texts(texts)
        return other

    def derive(self, build: Callable[[Project], T]) -> T:
        """Return what a function makes of this project, made once and kept with it."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value]

    # Files

    def exists(self, path: Path) -> bool:
        """Tell whether a file is one of the project's."""
        return self._tree.exists(path)

    def read(self, path: Path) -> Source | None:
        """Return a file's text, or None (with a problem noted) where it cannot be had."""
        return self._tree.source(path)

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed, or None (with a problem noted) where it cannot be."""
        return self._tree.module(path)

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed, or None (with a problem noted) where it cannot be."""
        return self._tree.document(path)

    def mentions(self, path: Path, needles: tuple[bytes, ...]) -> bool:
        """Tell whether a file's bytes hold one of the needles; False where it cannot be read."""
        return self._tree.mentions(path, needles)

    def mentions_pattern(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether a pattern is found in a file's bytes; False where it cannot be read."""
        return self._tree.matches(path, pattern)

    def take_in(self) -> None:
        """Read and parse every file that matters, so that `problems` is whole."""
        _ = self._relevant_modules, self._relevant_documents

    @property
    def problems(self) -> dict[Path, Problem]:
        """Return what went wrong with the files read so far, manifests included."""
        told = self._targets.errors if "_targets" in vars(self) else ()
        # Of the errors in one manifest, the first is told: reading stops there for its own tool.
        return {each.path: Problem(each.path, each.line, each.reason) for each in reversed(told)} | self._tree.problems

    def text_of_problem(self, problem: Problem) -> Source:
        """Return what can be shown of a file that could not be taken in; an empty text where nothing can be."""
        return self._tree.shown(problem)

    # Releases

    @cached_property
    def apps(self) -> Apps:
        """Return the folders of the project that are apps of their own."""
        from chatkit_doctor.project.apps import Apps

        return Apps(self.root, self.listing.files)

    @cached_property
    def _targets(self) -> Targets:
        from chatkit_doctor.project.manifests.folders import Folders
        from chatkit_doctor.project.targets import Targets

        return Targets(self.root, Folders(self.read), self._releases, self._overrides)

    def target(self, path: Path, package: str) -> Target | None:
        """Return the release of a package that the app around a file uses, None where nothing asks for it."""
        return self._targets.of(self.apps.app_of(path).folder, package)

    def targets(self) -> Iterator[Target]:
        """Yield the releases that the apps with files that matter use, app by app."""
        paths = [module.source.path for module in self._relevant_modules]
        paths += [document.path for document in self._relevant_documents]
        for app in dict.fromkeys(self.apps.app_of(path) for path in paths):
            yield from self._targets.of_app(app)

    # Python

    @cached_property
    def layout(self) -> Layout:
        """Return the import layout of the project's Python files."""
        return Layout(self._python_paths, self.mentions_pattern)

    @cached_property
    def symbols(self) -> Symbols:
        """Return the definitions that names stand for, across files."""
        return Symbols(self.layout, self.module)

    @cached_property
    def flow(self) -> Flow:
        """Return the flow of values across files."""
        return Flow(self.symbols)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Return the classes of the Python files that matter."""
        return Hierarchy(self.symbols, self._relevant_modules)

    def names(self, module: Module) -> Names:
        """Return the table of names of a module."""
        return self.symbols.names(module)

    def modules(self) -> Iterator[Module]:
        """Yield the Python files that matter: those that mention ChatKit, and those that import such a file."""
        for module in self._relevant_modules:
            self.last_looked_at = module.source.path
            yield module

    @cached_property
    def _python_paths(self) -> tuple[Path, ...]:
        return tuple(path for path in self._tree.paths if path.suffix == ".py")

    @cached_property
    def _relevant_modules(self) -> tuple[Module, ...]:
        needles = self._needles.python
        return tuple(relevant_modules(self._tree, self._python_paths, needles, self.layout, self.names).values())

    # Web

    def documents(self) -> Iterator[Document]:
        """Yield the web files that mention ChatKit."""
        for document in self._relevant_documents:
            self.last_looked_at = document.source.path
            yield document

    def web_paths(self) -> tuple[Path, ...]:
        """Return every web file of the project, those that do not mention ChatKit included."""
        return self._web_paths

    @cached_property
    def _web_paths(self) -> tuple[Path, ...]:
        return tuple(path for path in self._tree.paths if self.listing.kind(path) == "web")

    @cached_property
    def _relevant_documents(self) -> tuple[Document, ...]:
        paths = relevant_web_paths(self._tree, self._web_paths, self._needles.web)
        return tuple(document for path in paths if (document := self.document(path)) is not None)
