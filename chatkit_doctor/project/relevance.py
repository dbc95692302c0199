"""Which files of a tree matter to a scan, told from their bytes before anything is parsed.

A file matters when it mentions what a rule looks for. A Python file also matters when it imports one that
does, directly or not: a Store subclass may never say "chatkit".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.imports import Imports
from chatkit_doctor.project.tree import Tree
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Needles:
    """The bytes that make a file matter, of which it must hold one, for Python and for web files."""

    python: tuple[bytes, ...]
    web: tuple[bytes, ...]


def relevant_web_paths(tree: Tree, paths: Iterable[Path], needles: tuple[bytes, ...]) -> list[Path]:
    """Return the web files that mention one of the needles and that people write."""
    if not needles:
        return []
    return [path for path in paths if tree.mentions(path, needles) and not tree.is_generated(path)]


def relevant_python_paths(
    tree: Tree, paths: Iterable[Path], needles: tuple[bytes, ...], imports: Imports
) -> list[Path]:
    """Return the Python files that matter, sorted; those that cannot be parsed are noted in the tree."""
    if not needles:
        return []
    fresh = {path for path in paths if tree.mentions(path, needles) and imports.facts.of(path) is not None}
    found = set(fresh)
    while fresh:
        waiting = [path for path in imports.may_reach(fresh) if path not in found]
        fresh = set(_importers(tree, waiting, fresh, imports))
        found |= fresh
    return sorted(found)


def _importers(tree: Tree, candidates: list[Path], targets: set[Path], imports: Imports) -> Iterator[Path]:
    """Yield the candidates that import one of the targets."""
    words = _words_of_imports(targets)
    for path in candidates:
        if not _may_import(tree.data(path) or b"", words):
            continue
        if not targets.isdisjoint(_imported_if_sound(tree, path, imports)):
            yield path


def _may_import(data: bytes, words: re.Pattern[bytes]) -> bool:
    """Return whether an import statement has one of the words; it is cheaper to search for than to parse."""
    return any(words.search(data, *statement.span()) for statement in _IMPORT.finditer(data))


def _words_of_imports(targets: Iterable[Path]) -> re.Pattern[bytes]:
    """Return what an import of one of the targets must hold: its name, or dots alone for its package."""
    stems = {path.parent.name if path.name == "__init__.py" else path.stem for path in targets}
    names = b"|".join(re.escape(stem.encode(errors="surrogateescape")) for stem in sorted(stems))
    return re.compile(rb"\b(?:%b)\b|\bfrom[\s\\]*\.[\s\\.]*import\b" % names)


# An import statement to its end, which may be lines away: behind a parenthesis or a backslash.
_IMPORT = regex(rb"\b(?:import|from)\b(?:[^\n\\(]|\\(?:\r?\n)?+)*+(?:\((?:[^)#]|#[^\n]*+)*+)?+")


def _imported_if_sound(tree: Tree, path: Path, imports: Imports) -> frozenset[Path]:
    """Return what a file imports; one that cannot be parsed and never says ChatKit is nobody's business."""
    is_known = path in tree.problems
    if imports.facts.of(path) is None and not is_known:
        tree.problems.pop(path, None)
    return imports.of(path)
