"""Which Python files of a tree import which, across apps: only where an app can really import from the other.

An import reaches another app by a folder above both, or by a package that the importing app's manifests name. A file
of a sibling that merely has the right name is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from os.path import basename
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.python.layout import Layout

if TYPE_CHECKING:
    from chatkit_doctor.project.apps import AppFolder
    from chatkit_doctor.project.facts import PythonFacts
    from chatkit_doctor.project.land import Land
    from chatkit_doctor.project.tree import Tree

# As a layout looks for them, which asks no parser.
_IMPORT_LINE = regex(rb"^(?:from|import)[ \t]+.*", re.MULTILINE)


class Imports:
    """The imports between the Python files of a tree.

    facts: what the files import, by their texts. land: where apps stand; asked when an import leaves one.
    """

    def __init__(self, tree: Tree, facts: PythonFacts, land: Land) -> None:
        self._tree = tree
        self.facts = facts
        self._land = land
        self._found: dict[Path, frozenset[Path]] = {}

    def with_tree(self, tree: Tree, facts: PythonFacts) -> Imports:
        """Return the imports of another tree in this land."""
        other = Imports(tree, facts, self._land)
        if "_layout" in vars(self):
            vars(other)["_layout"] = self._layout.reading(tree.matches)
        return other

    def are_alike(self, before: Imports, changed: Iterable[Path]) -> bool:
        """Return whether the files that have changed import what they imported before."""
        return all(self._is_alike(before, path) for path in changed if path.suffix == ".py")

    def _is_alike(self, earlier: Imports, path: Path) -> bool:
        was, now = ((each.data(path) or b"") for each in (earlier._tree, self._tree))
        if _IMPORT_LINE.findall(was) != _IMPORT_LINE.findall(now):
            return False
        before, after = earlier.facts.if_sound(path), self.facts.if_sound(path)
        # One that cannot be parsed imports nothing.
        imports = [each.imports if each is not None else None for each in (before, after)]
        return imports[0] == imports[1]

    def of(self, importer: Path) -> frozenset[Path]:
        """Return the files of the tree that a file imports; none for one that cannot be parsed."""
        # Which files matter is found out in rounds, and asks for those of the others in each.
        known = self._found.get(importer)
        if known is None:
            facts = self.facts.of(importer)
            found = (self._resolve(importer, dotted) for dotted in (facts.imports if facts is not None else ()))
            known = self._found[importer] = frozenset(path for path in found if path is not None)
        return known

    def may_reach(self, targets: Iterable[Path]) -> Iterator[Path]:
        """Yield the files that could import one of some: those of their apps, of apps above and below, and of users."""
        folders = self._land.folders
        near = {folders.of(path) for path in targets}
        inside = {each.path for each in near}
        around = {above for each in inside for above in folders_up(each)}
        names = {basename(each) for each in inside} | {path.parent.name for path in targets}
        verdicts: dict[AppFolder, bool] = {}
        for folder, files in self._tree.folders():
            place = folders.at(folder)
            if place not in verdicts:
                home = place.path
                is_related = home in around or not inside.isdisjoint(folders_up(home))
                verdicts[place] = is_related or self._land.declared.has_any(place, names)
            if verdicts[place]:
                yield from (Path(folder, name) for name in files if name.endswith(".py"))

    @cached_property
    def _layout(self) -> Layout:
        return Layout.of_folders(self._tree.folders(), self._tree.matches)

    def _resolve(self, importer: Path, dotted: str) -> Path | None:
        path = self._layout.resolve(importer, dotted) if dotted else None
        if path is None or dotted.startswith("."):
            return path
        folders = self._land.folders
        home = folders.of(importer)
        top = dotted.partition(".")[0]
        is_near = folders.of(path) == home or self._is_above(path, dotted, importer)
        return path if is_near or self._land.declared.has_any(home, [top]) else None

    @staticmethod
    def _is_above(path: Path, dotted: str, importer: Path) -> bool:
        """Return whether the folder from which an import is read stands above the importing file."""
        tail = path.parent if path.name == "__init__.py" else path
        root = tail.parents[dotted.count(".")]
        return root in importer.parents
