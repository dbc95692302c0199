"""The files of a scan: what its walks found, and what was named, by folder. Paths are made of those that are asked for.

Of ten thousand files, nearly all say nothing of ChatKit; that is told from their bytes, and nothing is kept of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from chatkit_doctor.project.files.inside import Inside
from chatkit_doctor.project.files.kinds import FileKind, kind_of
from chatkit_doctor.project.files.mention import look, speaks_to_us
from chatkit_doctor.project.files.reading import FileProblem
from chatkit_doctor.project.files.walk import Walk
from chatkit_doctor.project.manifests.kinds import declares
from chatkit_doctor.records import dataclass

FileNames = Sequence[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look into each file told: which speak of ChatKit, and which were not read.

    speaking: the bytes of each file; None where they are known to speak and were not read now.
    """

    speaking: Mapping[str, bytes | None]
    unread: frozenset[str]

    @classmethod
    def at(cls, folders: Iterable[tuple[str, list[str]]], inside: Inside, *, keeps_all: bool = False) -> Looked:
        """Look into the files of some folders. keeps_all: whether the bytes of those that say nothing are kept."""
        by_top: dict[str, list[tuple[str, list[str]]]] = {}
        for folder, names in folders:
            by_top.setdefault(inside.top_of(folder) or folder, []).append((folder, names))
        looks = [look(each, top, keeps_all=keeps_all) for top, each in by_top.items()]
        speaking = {path: data for found, _, _ in looks for path, data in found.items()}
        return cls(speaking, frozenset(path for _, unread, large in looks for path in (*unread, *large)))


class Listing:
    """The files of a scan.

    root: the folder that was walked, or the nearest one above all that were; absolute.
    roots: the folders that were walked.
    files: each once, each below the root or explicit.
    problems: the folders and ignore files that could not be read.
    explicit: the files that were asked for by name, whatever the ignore rules say.
    """

    def __init__(
        self,
        root: Path,
        files: Iterable[Path] = (),
        problems: Iterable[FileProblem] = (),
        explicit: Iterable[Path] = (),
    ) -> None:
        self.root = root
        self.roots = frozenset({str(root)})
        self.problems = tuple(problems)
        self.explicit = frozenset(explicit)
        self.folders: dict[str, list[str]] = {}
        self.marks: dict[str, frozenset[str]] = {}
        self.entered: set[str] = set()
        self._looked: Looked | None = None
        self._looked_into: dict[str, Looked] = {}
        self._add(files)

    @classmethod
    def of_walk(cls, walk: Walk, looked: Looked | None = None) -> Listing:
        """Return what a walk found. looked: what a look into all of its files told, if one was taken."""
        listing = cls(Path(walk.root), problems=walk.problems)
        for folder, names in walk.folders:
            listing.folders.setdefault(folder, []).extend(names)
        listing.marks, listing.entered = walk.marks, walk.entered
        listing._looked = looked
        return listing

    @classmethod
    def merged(cls, listings: Sequence[Listing], explicit: Iterable[Path] = ()) -> Listing:
        """Return several listings, of which there is at least one, and explicit files as one listing."""
        root = _common_folder([listing.root for listing in listings])
        problems = {problem.path: problem for listing in listings for problem in listing.problems}
        named = frozenset(explicit).union(*(listing.explicit for listing in listings))
        merged = cls(root, (), problems.values(), named)
        merged.roots = frozenset().union(*(listing.roots for listing in listings))
        for listing in listings:
            for folder, names in listing.folders.items():
                known = merged.folders.get(folder)
                merged.folders[folder] = names if known is None else [*dict.fromkeys([*known, *names])]
            merged.marks.update(listing.marks)
            merged.entered |= listing.entered
        merged._add(named)
        merged._looked = _together(listings)
        return merged

    def without(self, is_out: Callable[[str, FileNames], FileNames], problems: Iterable[FileProblem]) -> Listing:
        """Return the listing with fewer files.

        is_out: returns of a folder and the names in it those to leave out. problems: those that stay.
        """
        left = Listing(self.root, (), problems)
        left.roots = self.roots
        # Most scans leave out nothing.
        gone: set[str] = set()
        for folder, names in self.folders.items():
            out = is_out(folder, names)
            gone.update(os.path.join(folder, name) for name in out)
            if len(out) < len(names):
                left.folders[folder] = [name for name in names if name not in out] if out else names
        if not gone and len(left.problems) == len(self.problems):
            return self
        left.explicit = frozenset(path for path in self.explicit if str(path) not in gone)
        left.marks, left.entered = self.marks, self.entered
        left._looked = self._looked
        return left

    @cached_property
    def inside(self) -> Inside:
        """Return what nothing that is read or written for this scan may lead out of."""
        return Inside(self.roots)

    @staticmethod
    def kind(path: Path) -> FileKind | None:
        """Return what kind of file a path is, from its name."""
        return kind_of(path.name)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Return every file, sorted."""
        return tuple(map(Path, sorted(os.path.join(*each) for each in self._each())))

    def __contains__(self, path: object) -> bool:
        folder, name = os.path.split(str(path))
        return name in self._sets.get(folder, ())

    def named(self, is_wanted: Callable[[str], bool]) -> list[Path]:
        """Return the files with names that are wanted, sorted."""
        return [Path(path) for path in sorted(os.path.join(*each) for each in self._each() if is_wanted(each[1]))]

    @property
    def looked(self) -> Looked:
        """Return what one look into each file told; the first to ask has it taken."""
        if self._looked is None:
            self._looked = Looked.at(self.folders.items(), self.inside)
        return self._looked

    def speaking(self, within: Iterable[str] | None = None) -> list[Path]:
        """Return the files that may say something of ChatKit, sorted: those that do, and those that were not read.

        within: the folders whose files are looked into; without, all. What was named may be anything, a pipe too, so
        that whoever reads it says what it is.
        """
        looks = [self.looked] if within is None else [self._look_into(folder) for folder in within]
        texts = {str(path) for path in self.explicit}.union(*(each.speaking.keys() | each.unread for each in looks))
        return [path for text in sorted(texts) if (path := Path(text)) in self]

    def is_silent(self, path: Path) -> bool:
        """Return whether a file is known to say nothing of ChatKit, for a look was taken into it."""
        looked, text = self._look_at(path), str(path)
        if looked is None or text in looked.speaking or text in looked.unread or path in self.explicit:
            return False
        return path in self

    def kept(self, path: Path) -> bytes | None:
        """Return the bytes of a file that is a manifest, or says something of ChatKit and was looked into."""
        looked, text = self._look_at(path), str(path)
        data = looked.speaking.get(text) if looked is not None else None
        return data if data is not None or declares(path.name) is None else self.manifests.get(text)

    @cached_property
    def manifests(self) -> Mapping[str, bytes]:
        """Return the bytes of the files that make apps of their folders, read all together, as they are asked for."""
        declaring = ((folder, list(filter(declares, names))) for folder, names in self.folders.items())
        found = Looked.at([each for each in declaring if each[1]], self.inside, keeps_all=True)
        return {path: data for path, data in found.speaking.items() if data is not None}

    def holds_no_settings(self, path: str) -> bool:
        """Return whether a pyproject.toml is known to say nothing to the doctor."""
        if self._looked is None:
            data = self.manifests.get(path)
        elif path not in self._looked.speaking:
            return path not in self._looked.unread and path in self
        else:
            data = self._looked.speaking[path]
        return data is not None and not speaks_to_us(data)

    def bytes_looked_at(self, path: str) -> bytes | None:
        """Return the bytes of a file that was looked into and says something of ChatKit."""
        return self._looked.speaking.get(path) if self._looked is not None else None

    def _look_at(self, path: Path) -> Looked | None:
        """Return the look that was taken into a file's folder, None where none was."""
        return self._looked or self._looked_into.get(os.path.dirname(path))

    def _look_into(self, folder: str) -> Looked:
        if self._looked is not None:
            return self._looked_at.get(folder) or Looked({}, frozenset())
        if folder not in self._looked_into:
            self._looked_into[folder] = Looked.at([(folder, self.folders.get(folder, []))], self.inside)
        return self._looked_into[folder]

    @cached_property
    def _looked_at(self) -> dict[str, Looked]:
        """Return what the look into all files told, by folder."""
        speaking: dict[str, dict[str, bytes | None]] = {}
        unread: dict[str, list[str]] = {}
        for path, data in self.looked.speaking.items():
            speaking.setdefault(os.path.dirname(path), {})[path] = data
        for path in self.looked.unread:
            unread.setdefault(os.path.dirname(path), []).append(path)
        folders = speaking.keys() | unread.keys()
        return {each: Looked(speaking.get(each, {}), frozenset(unread.get(each, ()))) for each in folders}

    def _each(self) -> Iterator[tuple[str, str]]:
        return ((folder, name) for folder, names in self.folders.items() for name in names)

    def _add(self, files: Iterable[Path]) -> None:
        for path in files:
            folder, name = os.path.split(path)
            names = self.folders.setdefault(folder, [])
            if name not in names:
                # The list may be a walk's own.
                self.folders[folder] = [*names, name]

    @cached_property
    def _sets(self) -> dict[str, frozenset[str]]:
        return {folder: frozenset(names) for folder, names in self.folders.items()}


def discover(root: Path, *, exclude: Sequence[str] = ()) -> Listing:
    """Return the files of a folder that can matter; what `Walk` leaves out is left out."""
    return Listing.of_walk(Walk(os.path.abspath(root), exclude))


def _together(listings: Sequence[Listing]) -> Looked | None:
    """Return what all the looks told, None where one is missing."""
    looked = [listing._looked for listing in listings if listing._looked is not None]
    if len(looked) < len(listings):
        return None
    speaking = {path: data for each in looked for path, data in each.speaking.items()}
    return Looked(speaking, frozenset().union(*(each.unread for each in looked)))


def _common_folder(folders: Sequence[Path]) -> Path:
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # on Windows, folders of two drives
        return folders[0]
