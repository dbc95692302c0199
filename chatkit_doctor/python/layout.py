"""Which file of a project an import means, found by where files stand and never by running anything.

A project's import roots are not written down anywhere reliable, so an absolute import `a.b` means the file
that ends in `a/b.py` or `a/b/__init__.py` and whose root is nearest above the importing file.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

_INSTALLED_NAMES = frozenset({"agents", "chatkit", "fastapi", "litellm", "openai", "openai_chatkit"})

# Folders that are import roots for what stands beside them: tests import what is in `src`.
_SOURCE_ROOTS = frozenset({"src", "lib", "python"})


class Layout:
    """The Python files of a project, asked by import path.

    matches: tells whether a pattern is found in a file's bytes.
    """

    def __init__(self, files: Iterable[Path], matches: Callable[[Path, re.Pattern[bytes]], bool]) -> None:
        self._files = frozenset(files)
        self._matches = matches
        self._run_from: dict[Path, bool] = {}
        self._by_tail: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(self._files):
            self._by_tail[path.parent.name if path.name == "__init__.py" else path.stem].append(path)
        self._own_packages: dict[tuple[Path, str], bool] = {}

    def resolve(self, importer: Path, dotted: str) -> Path | None:
        """Return the file that an import in `importer` means, or None where it is not the project's own.

        dotted: the module path; a relative import has its leading dots. A file never means itself by an
        absolute import, since then the import would be of an installed package of the same name.
        """
        if dotted.startswith("."):
            return self._relative(importer, dotted)
        parts = tuple(dotted.split("."))
        candidates = [
            (root, path)
            for path in self._by_tail.get(parts[-1], [])
            if path != importer and (root := _root_of(path, parts)) is not None
        ]
        if parts[0] in _INSTALLED_NAMES:
            candidates = [pair for pair in candidates if self._hides_installed(importer, pair[0], parts[0])]
        above = [pair for pair in candidates if importer.is_relative_to(pair[0])]
        if above:
            return max(above, key=lambda pair: len(pair[0].parts))[1]
        return candidates[0][1] if len(candidates) == 1 else None

    def has_package(self, importer: Path, name: str) -> bool:
        """Tell whether a top-level module or package of this name is the project's own, seen from a file."""
        key = (importer.parent, name)
        if key not in self._own_packages:
            self._own_packages[key] = self.resolve(importer, name) is not None or self._has_namespace(importer, name)
        return self._own_packages[key]

    def _has_namespace(self, importer: Path, name: str) -> bool:
        """Tell whether a folder of that name with Python files and no `__init__.py` is reached from a file."""
        return any(
            path.parent.name == name
            and not importer.is_relative_to(path.parent)
            and self._hides_installed(importer, path.parent.parent, name)
            for path in self._files
        )

    def _hides_installed(self, importer: Path, root: Path, name: str) -> bool:
        # `src/agents/` in a package `src` is `src.agents`; only a real import root can hide an installed package.
        # A file inside it that imports the name means the installed one: no package imports from itself so far up.
        is_inside = importer.is_relative_to(root / name)
        if root / "__init__.py" in self._files and (is_inside or not self._is_run_from(root)):
            return False
        return importer.is_relative_to(root) or (root.name in _SOURCE_ROOTS and importer.is_relative_to(root.parent))

    def _is_run_from(self, folder: Path) -> bool:
        """Tell whether a file in a folder imports its siblings as top-level modules, so that programs start there."""
        if folder not in self._run_from:
            below = [path.relative_to(folder).parts[0] for path in self._files if path.is_relative_to(folder)]
            siblings = {name.removesuffix(".py") for name in below} - _INSTALLED_NAMES - sys.stdlib_module_names
            named = "|".join(map(re.escape, siblings - {"__init__"})) or "(?!)"
            pattern = re.compile(rf"^(?:from|import)[ \t]+(?:{named})\b".encode(), re.MULTILINE)
            programs = (path for path in self._files if path.parent == folder and path.name != "__init__.py")
            self._run_from[folder] = any(self._matches(path, pattern) for path in programs)
        return self._run_from[folder]

    def _relative(self, importer: Path, dotted: str) -> Path | None:
        name = dotted.lstrip(".")
        folder = importer.parent
        for _ in range(len(dotted) - len(name) - 1):
            folder = folder.parent
        target = folder.joinpath(*name.split(".")) if name else folder
        candidates = [target / "__init__.py"]
        if name:
            candidates.insert(0, target.with_name(f"{target.name}.py"))
        return next((path for path in candidates if path in self._files), None)


def _root_of(path: Path, parts: tuple[str, ...]) -> Path | None:
    """Return the folder from which `parts` reaches the file, or None when its path ends otherwise."""
    tail = path.parent if path.name == "__init__.py" else path.with_suffix("")
    if tail.parts[-len(parts) :] != parts or len(tail.parts) <= len(parts):
        return None
    return Path(*tail.parts[: -len(parts)])
