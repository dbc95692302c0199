"""What a Python file imports and whether Python takes it, told without its tree where its text is known from before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatkit_doctor.project.files.digests import digest_of
from chatkit_doctor.python import compiling
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.project.tree import Tree


@dataclass(slots=True)
class Facts:
    """What is known of a text that can be parsed.

    imports: the dotted paths that its imports may mean, relative ones with their dots.
    needs: the newer Python that it is written for, if any.
    refusal: the line and the words with which Python refuses to compile it; () where it does not, None where nobody
    has tried.
    """

    imports: tuple[str, ...]
    needs: tuple[int, int] | None
    refusal: tuple[()] | tuple[int, str] | None = None


class KnownTexts(Protocol):
    """The facts of texts that were seen before, by the digest of their bytes."""

    def get(self, key: bytes) -> Facts | None:
        """Return what is known of a text."""

    def add(self, key: bytes, facts: Facts) -> None:
        """Take in what was found out about a text."""


class PythonFacts:
    """The facts of the Python files of a tree, each found out once. known: those of texts that were seen before."""

    def __init__(self, tree: Tree, known: KnownTexts | None = None) -> None:
        self._tree = tree
        self._known = known
        self._found: dict[Path, Facts | None] = {}

    def with_tree(self, tree: Tree, changed: Iterable[Path]) -> PythonFacts:
        """Return the facts of another tree, in which some files have changed."""
        other = PythonFacts(tree, self._known)
        other._found = {path: facts for path, facts in self._found.items() if path not in set(changed)}
        return other

    def of(self, path: Path) -> Facts | None:
        """Return what is known of a file, None (with a problem noted) where it cannot be parsed."""
        if path not in self._found:
            self._found[path] = self._find(path)
        return self._found[path]

    def if_sound(self, path: Path) -> Facts | None:
        """Return what is known of a file, None (and nothing is noted) where it cannot be parsed."""
        is_known = path in self._found or path in self._tree.problems
        facts = self.of(path)
        if facts is None and not is_known:
            # Whoever asks for the file itself is to note that it cannot be parsed.
            del self._found[path]
            self._tree.forget(path)
        return facts

    def refusal(self, path: Path) -> tuple[int, str] | None:
        """Return the line and the words with which Python refuses a file that can be parsed, None where it does not."""
        facts = self.of(path)
        if facts is None:
            return None
        if facts.refusal is None:
            module = self._tree.module(path)
            facts.refusal = (compiling.refusal(module) if module is not None else None) or ()
        return facts.refusal or None

    def _find(self, path: Path) -> Facts | None:
        key = self._key(path)
        facts = self._known.get(key) if self._known is not None and key is not None else None
        if facts is not None:
            return facts
        module = self._tree.module(path)
        if module is None:
            return None
        facts = Facts(tuple(dict.fromkeys(imported_paths(module.derive(Names)))), module.needs)
        if self._known is not None and key is not None:
            self._known.add(key, facts)
        return facts

    def _key(self, path: Path) -> bytes | None:
        # A text that stands in for a file is of no encoding that its bytes could tell.
        data = self._tree.data(path) if self._known is not None and path not in self._tree.texts else None
        return digest_of(data) if data is not None else None


def imported_paths(names: Names) -> Iterator[str]:
    """Yield each dotted import as it is and without its last part, which may be a name in a module."""
    for binding in names.imports():
        yield binding.dotted
        owner, _, last = binding.dotted.rpartition(".")
        yield owner if owner.strip(".") else binding.dotted[: len(binding.dotted) - len(last)]
    yield from names.star_imports()
