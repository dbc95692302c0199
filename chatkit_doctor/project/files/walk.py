"""The walk of a folder: which of its files can matter, and what could not be looked into."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files.gitignore import Rules, is_ignored
from chatkit_doctor.project.files.kinds import Kind, is_left_out, is_tool_output, is_written_by_tools, kind_of
from chatkit_doctor.project.files.reading import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a scan.

    root: the folder that was walked, or the nearest one above all that were; absolute.
    files: sorted, each once, each below the root or explicit.
    problems: the folders and ignore files that could not be read.
    explicit: the files that were asked for by name, whatever the ignore rules say.
    """

    root: Path
    files: tuple[Path, ...]
    problems: tuple[FileProblem, ...] = ()
    explicit: frozenset[Path] = frozenset()

    @staticmethod
    def kind(path: Path) -> Kind | None:
        """Return what kind of file a path is, from its name."""
        return kind_of(path.name)

    @classmethod
    def merged(cls, listings: Sequence[Listing], explicit: Sequence[Path] = ()) -> Listing:
        """Return several listings, of which there is at least one, and explicit files as one listing."""
        files = {path for listing in listings for path in listing.files}
        return cls(
            _common_folder([listing.root for listing in listings]),
            tuple(sorted(files.union(explicit), key=str)),
            tuple({problem.path: problem for listing in listings for problem in listing.problems}.values()),
            frozenset(explicit).union(*(listing.explicit for listing in listings)),
        )


def discover(root: Path, *, exclude: Sequence[str] = ()) -> Listing:
    """Return the files of a folder that can matter.

    Left out is what git ignores (.gitignore in the folder, below it, and above it up to the repository's top;
    .git/info/exclude), and what no person writes in a project: dependencies, environments, caches, build
    output, minified files, hidden folders. None of that is held against the folder itself. Symbolic links to
    folders are not followed; a link to a file counts where its target is in the folder and not listed itself.

    exclude: more patterns in the form of .gitignore, relative to the folder; no `!` of a .gitignore undoes them.
    """
    walk = _Walk(os.path.abspath(root), exclude)
    files = sorted(walk.files())
    return Listing(Path(walk.root), tuple(map(Path, files)), tuple(walk.problems))


class _Walk:
    """One walk; paths are strings, for a path object costs more than looking at an entry."""

    def __init__(self, root: str, exclude: Sequence[str]) -> None:
        self.root = root
        self.problems: list[FileProblem] = []
        self._excluded = Rules(_base(root), exclude)
        self._links: list[str] = []

    def files(self) -> list[str]:
        """Return every file that can matter, in no order."""
        files: list[str] = []
        folders = [(self.root, self._rules_above())]
        while folders:
            path, rules = folders.pop()
            entries = self._entries(path)
            names = {entry.name for entry in entries}
            if path != self.root and is_tool_output(os.path.basename(path), names):
                continue
            if ".gitignore" in names:
                rules = self._rules_in(path, rules)
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not is_left_out(entry.name) and not self._is_ignored(entry.path, rules, is_folder=True):
                        folders.append((entry.path, rules))
                elif _may_matter(entry.name) and not self._is_ignored(entry.path, rules, is_folder=False):
                    if entry.is_symlink():
                        self._links.append(entry.path)
                    elif entry.is_file():
                        files.append(entry.path)
        return [*files, *self._targets_of_links(files)]

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                return list(entries)
        except OSError as error:
            self.problems.append(FileProblem.from_os_error(Path(path), error))
            return []

    def _is_ignored(self, path: str, rules: tuple[Rules, ...], *, is_folder: bool) -> bool:
        return bool(self._excluded.verdict(path, is_folder=is_folder)) or is_ignored(path, rules, is_folder=is_folder)

    def _rules_in(self, folder: str, outer: tuple[Rules, ...], name: str = ".gitignore") -> tuple[Rules, ...]:
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            return outer
        try:
            return (Rules.read(Path(path), _base(folder)), *outer)
        except FileProblem as problem:
            self.problems.append(problem)
            return outer

    def _rules_above(self) -> tuple[Rules, ...]:
        """Return the rules from the repository's top down to the root; none where they ignore the root itself."""
        above = [self.root, *map(str, Path(self.root).parents)]
        top = next((index for index, each in enumerate(above) if os.path.exists(_base(each) + ".git")), None)
        if top is None:
            return ()
        rules = self._rules_in(above[top], (), ".git/info/exclude")
        for folder, child in pairwise(reversed(above[: top + 1])):
            rules = self._rules_in(folder, rules)
            if is_ignored(child, rules, is_folder=True):
                return ()
        return rules

    def _targets_of_links(self, files: list[str]) -> Iterator[str]:
        """Yield the links to files in the root that are not listed by themselves, one for each target."""
        if not self._links:
            return
        real_base = _base(os.path.realpath(self.root))
        base_length = len(_base(self.root))
        taken = {real_base + path[base_length:] for path in files}
        for link in sorted(self._links):
            target = os.path.realpath(link)
            if target.startswith(real_base) and target not in taken and os.path.isfile(target):
                taken.add(target)
                yield link


def _may_matter(name: str) -> bool:
    return kind_of(name) is not None and not is_written_by_tools(name)


def _base(folder: str) -> str:
    return os.path.join(folder, "")


def _common_folder(folders: Sequence[Path]) -> Path:
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # on Windows, folders of two drives
        return folders[0]
