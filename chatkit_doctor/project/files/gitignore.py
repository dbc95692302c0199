"""The rules of .gitignore files, as gitignore(5) has them, for a walk that goes from the top down.

Git's own reading is needed exactly: a rule matches an entry itself, never what is below it, since a walk does
not go into a folder that is ignored. Libraries that match whole paths differ there, try a pattern in every way there
is, and cost more to import than a scan takes. Nearly all rules that people write are a name, an ending or a path: those
are looked up; the rest goes through one automaton.
"""

from __future__ import annotations

import os

from chatkit_doctor.project.files.glob_parts import is_literal
from chatkit_doctor.project.files.globs import Globs
from chatkit_doctor.project.files.reading import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_NEVER = (-1,)
# Of a set at the end of an ending, as in `*.py[cod]`, so many letters are looked up as so many endings.
_MOST_LETTERS = 8


class Rules:
    """The rules of one ignore file; false where there is none.

    base: the folder they are relative to, as a string that ends with a separator.
    lines: of the file, without their line ends; a rule is known by the index of its line.
    """

    __slots__ = ("_by_name", "_by_path", "_folder", "_ignores", "_known", "_placed", "_skip", "_states", "_tables")

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self._skip = len(base)
        self._ignores: dict[int, bool] = {}
        # Of files, and of folders, which there are more rules for.
        self._tables = (_Table(), _Table())
        self._by_name = Globs()
        self._by_path = Globs()
        # Entries come folder by folder: what was read up to the last one's folder is kept.
        self._folder: str | None = None
        self._states = 0
        for index, line in enumerate(lines):
            if line and not line.startswith("#"):
                self._add(index, _without_trailing_blanks(line) if line.endswith(" ") else line)
        # Where the folder says nothing, a name is looked up once: most names are those of many files.
        self._known: tuple[dict[str, bool | None], ...] = ({}, {})
        self._placed = [frozenset(path[path.rfind("/") + 1 :] for path in table.paths) for table in self._tables]

    def __bool__(self) -> bool:
        return bool(self._ignores)

    @classmethod
    def read(cls, path: Path | str, base: str) -> Rules:
        """Return the rules of an ignore file in or below the folder that they are relative to. Raises FileProblem."""
        text = read_bytes(path, top=base[:-1] or base).decode("utf-8-sig", "surrogateescape")
        lines = (line.removesuffix("\r") for line in text.split("\n"))
        # To git a line is a string of C, which a NUL ends.
        return cls(base, (line.partition("\0")[0] for line in lines) if "\0" in text else lines)

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Return True for ignored, False for taken back in by a `!` rule, None where no rule speaks of it.

        path: below `base`, which it starts with. The last rule that matches decides.
        """
        name = path[path.rfind(os.sep) + 1 :]
        if not self.goes_by_name(name, is_folder=is_folder):
            return self._verdict(path, name, is_folder=is_folder)
        known = self._known[is_folder]
        if name not in known:
            known[name] = self._verdict(path, name, is_folder=is_folder)
        return known[name]

    def goes_by_name(self, name: str, *, is_folder: bool) -> bool:
        """Return whether the verdict on an entry of this name is the same in whatever folder it is."""
        return self._by_path.last < 0 and name not in self._placed[is_folder]

    def speaks_of(self, *, folders: bool) -> bool:
        """Return whether a rule may match a folder, or a file."""
        return self._tables[folders].is_used or self._by_name.last >= 0 or self._by_path.last >= 0

    def _verdict(self, path: str, name: str, *, is_folder: bool) -> bool | None:
        last = self._tables[is_folder].last_match(name, path, self._skip)
        globs = self._by_name
        if globs.last > last and (globs.ends is None or name[-1:] in globs.ends):
            last = max(last, globs.last_match(globs.read(globs.start(), _as_bytes(name)), is_folder=is_folder))
        globs = self._by_path
        if globs.last > last and (globs.ends is None or name[-1:] in globs.ends):
            last = max(last, globs.last_match(self._read(path, name), is_folder=is_folder))
        return self._ignores[last] if last >= 0 else None

    def matching(self, path: str, *, is_folder: bool) -> set[int]:
        """Return the index of each rule that matches a path below `base`, whatever the others say."""
        name = path[path.rfind(os.sep) + 1 :]
        found = set(self._tables[is_folder].matches(name, path[self._skip :]))
        states = self._by_name.read(self._by_name.start(), _as_bytes(name))
        found.update(self._by_name.matches(states, is_folder=is_folder))
        found.update(self._by_path.matches(self._read(path, name), is_folder=is_folder))
        return found

    def _read(self, path: str, name: str) -> int:
        """Return the states that the automaton of paths is in after a path."""
        folder = path[self._skip : len(path) - len(name)]
        if folder != self._folder:
            self._states = self._by_path.read(self._by_path.start(), _as_bytes(folder))
            self._folder = folder
        return self._by_path.read(self._states, _as_bytes(name))

    def _add(self, index: int, line: str) -> None:
        ignores = not line.startswith("!")
        glob = line if ignores else line[1:]
        only_folders = glob.endswith("/")
        if only_folders:
            glob = glob[:-1]
        if not glob or glob == "/":
            return
        self._ignores[index] = ignores
        tables = self._tables[only_folders:]
        while glob.startswith("**/"):
            if "/" in glob[3:]:
                break
            # At any depth is where a rule without a slash holds anyway.
            glob = glob[3:]
        if "/" not in glob:
            if not all(table.add(index, glob) for table in tables):
                self._by_name.add(index, _encoded(glob), only_folders=only_folders)
            return
        glob = glob.removeprefix("/")
        if is_literal(glob):
            for table in tables:
                table.paths.setdefault(glob, []).append(index)
        else:
            self._by_path.add(index, _encoded(glob), only_folders=only_folders)


class _Table:
    """The rules that can be looked up, by the text that they hold; each text with the indices of its rules.

    Endings and beginnings are looked up by their length, of which there are a few; most endings are a file's suffix.
    """

    __slots__ = ("beginnings", "endings", "first_letters", "last_letters", "names", "paths", "suffixes")

    def __init__(self) -> None:
        self.names: dict[str, list[int]] = {}
        self.paths: dict[str, list[int]] = {}
        self.suffixes: dict[str, list[int]] = {}
        self.endings: dict[int, dict[str, list[int]]] = {}
        self.last_letters: set[str] = set()
        self.beginnings: dict[int, dict[str, list[int]]] = {}
        self.first_letters: set[str] = set()

    @property
    def is_used(self) -> bool:
        """Return whether there is a rule in it."""
        return bool(self.names or self.paths or self.suffixes or self.endings or self.beginnings)

    def add(self, index: int, glob: str) -> bool:
        """Add a rule for names at any depth; return False for one that has to go through the automaton."""
        if is_literal(glob):
            self.names.setdefault(glob, []).append(index)
        elif glob.startswith("*") and (endings := _endings(glob[1:])):
            for ending in endings:
                is_suffix = ending.rfind(".") == 0
                texts = self.suffixes if is_suffix else self.endings.setdefault(len(ending), {})
                texts.setdefault(ending, []).append(index)
                if not is_suffix:
                    self.last_letters.add(ending[-1])
        elif len(glob) > 1 and glob.endswith("*") and is_literal(glob[:-1]):
            self.beginnings.setdefault(len(glob) - 1, {}).setdefault(glob[:-1], []).append(index)
            self.first_letters.add(glob[0])
        else:
            return False
        return True

    def last_match(self, name: str, path: str, skip: int) -> int:
        """Return the index of the last rule that matches, -1 for none. skip: how much of the path is not matched."""
        last = self.names[name][-1] if name in self.names else -1
        if self.suffixes and (found := self.suffixes.get(name[name.rfind(".") :])) is not None and found[-1] > last:
            last = found[-1]
        # Most names have neither the end nor the beginning of any rule.
        if name[-1:] in self.last_letters:
            for length, texts in self.endings.items():
                last = max(last, texts.get(name[-length:], _NEVER)[-1])
        if name[:1] in self.first_letters:
            for length, texts in self.beginnings.items():
                last = max(last, texts.get(name[:length], _NEVER)[-1])
        if self.paths:
            below = path[skip:] if os.sep == "/" else path[skip:].replace(os.sep, "/")
            last = max(last, self.paths.get(below, _NEVER)[-1])
        return last

    def matches(self, name: str, path: str) -> Iterator[int]:
        """Yield the index of each rule that matches."""
        yield from self.names.get(name, ())
        yield from self.suffixes.get(name[name.rfind(".") :], ())
        for length, texts in self.endings.items():
            yield from texts.get(name[-length:], ())
        for length, texts in self.beginnings.items():
            yield from texts.get(name[:length], ())
        yield from self.paths.get(path if os.sep == "/" else path.replace(os.sep, "/"), ())


def _endings(glob: str) -> list[str]:
    """Return the texts that a glob stands for, none for one that stands for more than a few."""
    if is_literal(glob):
        # A lone star is no ending: name[-0:] is the whole name.
        return [glob] if glob else []
    text, bracket, letters = glob.partition("[")
    letters = letters[:-1] if letters.endswith("]") else ""
    is_set = bracket and letters.isalnum() and letters.isascii() and len(letters) <= _MOST_LETTERS
    return [text + letter for letter in dict.fromkeys(letters)] if is_set and is_literal(text) else []


def _without_trailing_blanks(line: str) -> str:
    """Return a line without the blanks at its end; one behind a backslash is part of the rule."""
    text = line.rstrip(" ")
    escapes = len(text) - len(text.rstrip("\\"))
    return f"{text} " if escapes % 2 else text


def _as_bytes(path: str) -> bytes:
    return _encoded(path if os.sep == "/" else path.replace(os.sep, "/"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
