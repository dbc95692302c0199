"""What a scan is about: which files it looks at, which of them it reports on, and which rules it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.files.listing import Listing, discover
from chatkit_doctor.project.files.upward import project_root
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import the_nearest

_CHECKED = frozenset((FileKind.PYTHON, FileKind.WEB))
_CODE_LENGTH = len("CK101")


Seen = Mapping[str, Listing]


class ScanError(Exception):
    """Something in the call, or in a file that it goes by, that a person has to put right; the text is one line."""


@dataclass(frozen=True)
class Selection:
    """The files of a scan.

    listing: every file that may be looked at, for context.
    requested: the folders and files asked for; only what lies in them is reported on or written.
    stdin_path: the file that standard input stands for, one of the requested; it need not exist.
    is_excluded: whether a file that was asked for by name is left out, as its settings say.
    left_out: how many source files that were asked for, by name or with their folder, are left out so.
    """

    listing: Listing
    requested: tuple[Path, ...]
    stdin_path: Path | None = None
    is_excluded: bool = False
    left_out: int = 0

    @cached_property
    def files_alone(self) -> frozenset[Path] | None:
        """Return the files that were asked for, None where a folder was, which may hold any app."""
        files = frozenset([*self.listing.explicit, *([self.stdin_path] if self.stdin_path else [])])
        return files if all(path in files or not path.is_dir() for path in self.requested) else None

    def is_requested(self, path: Path) -> bool:
        """Return whether findings in a file are reported."""
        return self._requested.holds(str(path))

    def may_write(self, path: Path) -> bool:
        """Return whether a fix may change a file: one that was asked for, and not by way of a link out of it."""
        return self.is_requested(path) and self._real_requested.holds(os.path.realpath(path))

    @cached_property
    def _requested(self) -> _Places:
        return _Places(map(str, self.requested))

    @cached_property
    def _real_requested(self) -> _Places:
        return _Places(map(os.path.realpath, self.requested))

    def folders(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the folders of the listing's files and of the one that standard input stands for, with their names."""
        yield from self.listing.folders.items()
        if self.stdin_path is not None and self.stdin_path not in self.listing:
            yield os.path.dirname(self.stdin_path), [self.stdin_path.name]

    @property
    def scanned(self) -> tuple[Path, ...]:
        """Return the source files that are looked at on request, sorted."""
        return tuple(map(Path, sorted(self._scanned())))

    @cached_property
    def scanned_count(self) -> int:
        """Return how many source files are looked at on request."""
        if self.files_alone is not None:
            return sum(1 for _ in self._scanned())
        return sum(self._count(folder, names) for folder, names in self.folders())

    def _count(self, folder: str, names: Sequence[str]) -> int:
        checked = [name for name in names if kind_of(name) in _CHECKED]
        if self._requested.holds(folder):
            return len(checked)
        return sum(self._requested.holds(os.path.join(folder, name)) for name in checked)

    def _scanned(self) -> Iterator[str]:
        if self.files_alone is not None:
            yield from (str(path) for path in self.files_alone if kind_of(path.name) in _CHECKED)
            return
        for folder, names in self.folders():
            is_requested = self._requested.holds(folder)
            for name in names:
                if kind_of(name) in _CHECKED:
                    path = os.path.join(folder, name)
                    if is_requested or self._requested.holds(path):
                        yield path


class _Places:
    """Files and folders that were asked for. Hooks and editors may name thousands of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._verdicts: dict[str, bool] = {}

    def holds(self, path: str) -> bool:
        """Return whether a file or folder is one of them or stands in one."""
        return path in self._paths or self._is_below(os.path.dirname(path))

    def _is_below(self, folder: str) -> bool:
        if folder not in self._verdicts:
            above = os.path.dirname(folder)
            self._verdicts[folder] = folder in self._paths or (above != folder and self._is_below(above))
        return self._verdicts[folder]


def select_files(paths: Sequence[Path], stdin_path: Path | None = None, seen: Seen | None = None) -> Selection:
    """Return the files that a call's paths mean. Raises ScanError for a path that does not exist.

    A file is looked at in its project (the repository or the folder with a manifest above it), since most
    rules need more than one file, and alone reported on.

    seen: the listings of folders that were walked before, by their paths.
    """
    seen = seen or {}
    requested = [_absolute(path) for path in paths]
    for path, given in zip(requested, paths, strict=True):
        if not os.path.lexists(path):
            raise ScanError(f"{given}: there is no such file or folder")
    folders = [path for path in requested if path.is_dir()]
    files = [path for path in requested if not path.is_dir()]
    if stdin_path is not None:
        stdin_path = _absolute(stdin_path)
        files.append(stdin_path)
    contexts = {Path(project_root(str(path))) for path in files if not any(path.is_relative_to(f) for f in folders)}
    roots = sorted({*folders, *contexts}, key=lambda each: len(each.parts))
    listings = [seen.get(str(root)) or discover(root) for root in roots]
    explicit = tuple(path for path in files if os.path.lexists(path))
    return Selection(Listing.merged(listings, explicit), (*folders, *files), stdin_path)


def _absolute(path: Path) -> Path:
    return Path(os.path.normpath(Path.cwd() / path))


def select_codes(select: Iterable[str], ignore: Iterable[str]) -> tuple[str, ...]:
    """Return the codes to run. Each selector is a code, the start of one, or a name.

    Raises ScanError for a selector that matches no rule. An ignored rule is out even when it is selected,
    unless the selection names it more exactly.
    """
    chosen = dict.fromkeys(pages(), 0)
    selectors = dict.fromkeys(select)
    if selectors:
        chosen = {}
        for selector in selectors:
            for code in codes_matching(selector):
                chosen[code] = max(chosen.get(code, 0), _exactness(selector))
    for selector in dict.fromkeys(ignore):
        for code in codes_matching(selector):
            if chosen.get(code, -1) <= _exactness(selector):
                chosen.pop(code, None)
    return tuple(sorted(chosen))


def codes_matching(selector: str) -> list[str]:
    """Return the codes that a code, a prefix of codes or a name stands for. Raises ScanError for none."""
    wanted = selector.strip()
    found = [code for code, page in pages().items() if code.startswith(wanted.upper()) or page.name == wanted.lower()]
    if wanted and found:
        return found
    hint = the_nearest(wanted, (*pages(), *(page.name for page in pages().values())))
    unknown = f"no rule has the code, prefix or name {selector!r}"
    raise ScanError("; ".join(filter(None, (unknown, hint, "`chatkit-doctor rules` lists them all"))))


def _exactness(selector: str) -> int:
    # A name is as exact as the whole code.
    return _CODE_LENGTH if "-" in selector else len(selector.strip())
