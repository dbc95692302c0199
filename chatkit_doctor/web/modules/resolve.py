"""Which file of the project an import means: relative paths, guessed suffixes, aliases of tsconfig and jsconfig."""

from __future__ import annotations

import os.path
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatkit_doctor.budget import Budget
from chatkit_doctor.web.languages import WEB_SUFFIXES
from chatkit_doctor.web.modules.tsconfig import PathAliases, read_aliases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.source import Source
    from chatkit_doctor.web.document import Document

_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".vue", ".svelte", ".d.ts")
# TypeScript sources import each other under the names that their output will have.
_WRITTEN_FOR = {".js": (".ts", ".tsx", ".jsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_CONFIGS = ("tsconfig.json", "jsconfig.json", "tsconfig.app.json")
_MAX_LEVELS = 40


class Files(Protocol):
    """The project's files as the web layer needs them; paths are absolute."""

    def exists(self, path: Path | str) -> bool:
        """Return whether a path is a file of the project."""

    def read(self, path: Path) -> Source | None:
        """Return a file's text, or None where it is none of the project's or cannot be read."""

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed, or None where it is none of the project's or cannot be read."""


def is_local(specifier: str) -> bool:
    """Return whether a specifier can only mean a file of the project, never a package."""
    return specifier.startswith((".", "/", "@/", "~/", "~~/", "#", "$lib/", "src/"))


class Resolver:
    """Resolves specifiers between the files of a project; what it learns of the configuration is kept.

    budget: the steps that may be taken; by default as many as there are.
    """

    def __init__(self, files: Files, budget: Budget | None = None) -> None:
        self.files = files
        self.budget = budget or Budget()
        self._aliases: dict[Path, PathAliases | None] = {}
        self._resolved: dict[tuple[Path, str], Path | None] = {}

    def document(self, importer: Path, specifier: str) -> Document | None:
        """Return the project's document that a specifier means in a file, or None (a package, or not found)."""
        path = self.resolve(importer, specifier)
        return self.files.document(path) if path is not None else None

    def resolve(self, importer: Path, specifier: str) -> Path | None:
        """Return the project's web file that a specifier means in a file, or None."""
        key = (importer.parent, specifier)
        if key not in self._resolved:
            self.budget.spend()
            self._resolved[key] = self._resolve(importer, specifier)
        return self._resolved[key]

    def _resolve(self, importer: Path, specifier: str) -> Path | None:
        bare = specifier.split("?", 1)[0]
        if not bare or "\0" in bare or "://" in bare:
            return None
        if bare.startswith("."):
            return self._file(_join(importer.parent, bare))
        for candidate in self._aliased(importer, bare):
            if (found := self._file(candidate)) is not None:
                return found
        return None

    def _aliased(self, importer: Path, specifier: str) -> Iterator[Path]:
        aliases = self._nearest_aliases(importer.parent)
        if aliases is not None:
            yield from aliases.targets(specifier)
        if specifier.startswith(("@/", "~/")):
            yield from self._guessed_roots(importer.parent, specifier[2:])

    def _guessed_roots(self, folder: Path, rest: str) -> Iterator[Path]:
        """Yield where `@/rest` can be in a bundler's usual set-up: below a src/ or the folder above the importer."""
        for level in _upwards(folder):
            yield _join(level / "src", rest)
            yield _join(level, rest)

    def _nearest_aliases(self, folder: Path) -> PathAliases | None:
        for level in _upwards(folder):
            if level not in self._aliases:
                configs = (level / name for name in _CONFIGS)
                found = (read_aliases(self.files.read, path) for path in configs if self.files.exists(path))
                self._aliases[level] = next((aliases for aliases in found if aliases is not None), None)
            if (known := self._aliases[level]) is not None:
                return known
        return None

    def _file(self, target: Path) -> Path | None:
        found = next(filter(self.files.exists, _candidates(target)), None)
        return Path(found) if found is not None else None


def _candidates(target: Path) -> Iterator[str]:
    """Yield the paths that may be meant; as texts, for of each import there are two dozen."""
    if not target.name:
        return
    path, suffix = str(target), target.suffix
    if suffix in WEB_SUFFIXES:
        yield path
    for other in _WRITTEN_FOR.get(suffix, ()):
        yield path.removesuffix(suffix) + other
    for other in _SUFFIXES:
        yield path + other
    for other in _SUFFIXES:
        yield f"{path}{os.sep}index{other}"


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from list(folder.parents)[:_MAX_LEVELS]


def _join(folder: Path, relative: str) -> Path:
    return Path(os.path.normpath(folder / posixpath.normpath(relative).lstrip("/")))
