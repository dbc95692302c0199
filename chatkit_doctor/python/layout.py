"""Which file of an app an import means, found by where files stand and never by running anything.

An app's import roots are not written down anywhere reliable, so an absolute import `a.b` means the file that ends in
`a/b.py` or `a/b/__init__.py` and whose root is nearest above the importing file.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from os.path import basename, dirname, join
from pathlib import Path

Matches = Callable[[Path, re.Pattern[bytes]], bool]

_INSTALLED_NAMES = frozenset({"agents", "chatkit", "fastapi", "litellm", "openai", "openai_chatkit"})

# Folders that are import roots for what stands beside them: tests import what is in `src`.
_SOURCE_ROOTS = frozenset({"src", "lib", "python"})
_PACKAGE = "__init__.py"


class Layout:
    """The Python files of an app, asked by import path. Inside, paths are strings, indexed by their last parts.

    matches: tells whether a pattern is found in a file's bytes.
    """

    def __init__(self, files: Iterable[Path], matches: Matches) -> None:
        self._matches = matches
        self._files: set[str] = set()
        self._by_tail: dict[str, list[str]] = defaultdict(list)
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for path in files:
            self._add(dirname(path), basename(path), str(path))
        self._sort()
        self._run_from: dict[str, bool] = {}
        self._own_packages: dict[tuple[str, str], bool] = {}
        self._resolved: dict[tuple[str, str], Path | None] = {}

    @classmethod
    def of_folders(cls, folders: Iterable[tuple[str, Iterable[str]]], matches: Matches) -> Layout:
        """Return the layout of the Python files among those of some folders."""
        layout = cls((), matches)
        for folder, names in folders:
            base = join(folder, "")
            for name in names:
                if name.endswith(".py"):
                    layout._add(folder, name, base + name)
        layout._sort()
        return layout

    def reading(self, matches: Matches) -> Layout:
        """Return the layout of the same files, of which some may hold something else."""
        other = Layout((), matches)
        other._files, other._by_tail, other._by_folder = self._files, self._by_tail, self._by_folder
        vars(other).update(
            {name: vars(self)[name] for name in ("_folders_by_name", "_names_below") if name in vars(self)}
        )
        return other

    def _add(self, folder: str, name: str, path: str) -> None:
        if path not in self._files:
            self._files.add(path)
            self._by_tail[basename(folder) if name == _PACKAGE else name[:-3]].append(path)
            self._by_folder[folder].append(path)

    def _sort(self) -> None:
        for found in (*self._by_tail.values(), *self._by_folder.values()):
            found.sort()

    def resolve(self, importer: Path, dotted: str) -> Path | None:
        """Return the file that an import in `importer` means, or None where it is not the app's own.

        dotted: the module path; a relative import has its leading dots. A file never means itself by an
        absolute import, since then the import would be of an installed package of the same name.
        """
        key = (str(importer), dotted)
        if key not in self._resolved:
            found = self._relative(*key) if dotted.startswith(".") else self._absolute(*key)
            self._resolved[key] = Path(found) if found is not None else None
        return self._resolved[key]

    def has_package(self, importer: Path, name: str) -> bool:
        """Return whether a top-level module or package of this name is the app's own, seen from a file."""
        key = (str(importer.parent), name)
        if key not in self._own_packages:
            is_own = self.resolve(importer, name) is not None or self._has_namespace(str(importer), name)
            self._own_packages[key] = is_own
        return self._own_packages[key]

    def _absolute(self, importer: str, dotted: str) -> str | None:
        parts = dotted.split(".")
        candidates = [
            (root, path)
            for path in self._by_tail.get(parts[-1], ())
            if path != importer and (root := _root_of(path, parts)) is not None
        ]
        if parts[0] in _INSTALLED_NAMES:
            candidates = [pair for pair in candidates if self._hides_installed(importer, pair[0], parts[0])]
        above = [pair for pair in candidates if _is_below(importer, pair[0])]
        if above:
            return max(above, key=lambda pair: len(pair[0]))[1]
        return candidates[0][1] if len(candidates) == 1 else None

    def _has_namespace(self, importer: str, name: str) -> bool:
        """Return whether a folder of that name with Python files and no `__init__.py` is reached from a file."""
        return any(
            not _is_below(importer, folder) and self._hides_installed(importer, dirname(folder), name)
            for folder in self._folders_by_name.get(name, ())
        )

    @cached_property
    def _folders_by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder in self._by_folder:
            found.setdefault(basename(folder), []).append(folder)
        return found

    def _hides_installed(self, importer: str, root: str, name: str) -> bool:
        # `src/agents/` in a package `src` is `src.agents`; only a real import root can hide an installed package.
        # A file inside it that imports the name means the installed one: no package imports from itself so far up.
        is_inside = _is_below(importer, join(root, name))
        if join(root, _PACKAGE) in self._files and (is_inside or not self._is_run_from(root)):
            return False
        return _is_below(importer, root) or (basename(root) in _SOURCE_ROOTS and _is_below(importer, dirname(root)))

    def _is_run_from(self, folder: str) -> bool:
        """Return whether a file in a folder imports its siblings as top-level modules, so that programs start there."""
        if folder not in self._run_from:
            below = self._names_below.get(folder, set())
            siblings = {name.removesuffix(".py") for name in below} - _INSTALLED_NAMES - sys.stdlib_module_names
            named = "|".join(map(re.escape, siblings - {"__init__"})) or "(?!)"
            pattern = re.compile(rf"^(?:from|import)[ \t]+(?:{named})\b".encode(), re.MULTILINE)
            programs = (path for path in self._by_folder.get(folder, ()) if basename(path) != _PACKAGE)
            self._run_from[folder] = any(self._matches(Path(path), pattern) for path in programs)
        return self._run_from[folder]

    @cached_property
    def _names_below(self) -> dict[str, set[str]]:
        """Return for each folder the names of the files and folders in it that are or hold Python files."""
        found: dict[str, set[str]] = {}
        for folder, paths in self._by_folder.items():
            found.setdefault(folder, set()).update(map(basename, paths))
            child = folder
            while (above := dirname(child)) != child:
                names = found.setdefault(above, set())
                if basename(child) in names:
                    break
                names.add(basename(child))
                child = above
        return found

    def _relative(self, importer: str, dotted: str) -> str | None:
        name = dotted.lstrip(".")
        folder = dirname(importer)
        for _ in range(len(dotted) - len(name) - 1):
            folder = dirname(folder)
        target = join(folder, *name.split(".")) if name else folder
        candidates = [f"{target}.py", join(target, _PACKAGE)] if name else [join(target, _PACKAGE)]
        return next((path for path in candidates if path in self._files), None)


def _is_below(path: str, folder: str) -> bool:
    """Return whether a path is a folder or stands in it."""
    return path == folder or path.startswith(folder if folder.endswith(("/", "\\")) else join(folder, ""))


def _root_of(path: str, parts: list[str]) -> str | None:
    """Return the folder from which `parts` reaches the file, or None when its path ends otherwise."""
    tail = dirname(path) if basename(path) == _PACKAGE else path.removesuffix(".py")
    for part in reversed(parts):
        above = dirname(tail)
        if above == tail or basename(tail) != part:
            return None
        tail = above
    return tail
