"""Which files say something of ChatKit: one open, one read and one test for each, and no more for those that do not."""

from __future__ import annotations

import os

from chatkit_doctor.project.files.inside import AS_FILE, IS_EXACT, NO_LINK, Descent
from chatkit_doctor.project.files.reading import FileProblem, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


Looks = tuple["dict[str, bytes | None]", list[str], list[str]]
"""The bytes of the files that say something of ChatKit, by path; the unreadable files; the ones that are too large."""


def says_chatkit(data: bytes) -> bool:
    """Return whether a file's bytes hold the word, in whatever case, as one word or with a hyphen.

    Files in UTF-16 are taken for such that do; whoever reads them can tell.
    """
    lower = data.lower()
    return b"chatkit" in lower or b"chat-kit" in lower or data.startswith(_UTF_16)


def speaks_to_us(data: bytes) -> bool:
    """Return whether a pyproject.toml may hold settings of the doctor: its table, or a misspelt one."""
    return b"chatkit-doctor" in data or b"chatkit_doctor" in data


def look(folders: Iterable[tuple[str, list[str]]], top: str, *, keeps_all: bool = False) -> Looks:
    """Return the bytes of the files that say something of ChatKit, by path, the unreadable files, and too large ones.

    folders: each with the names of its files. top: the folder that they are below; what is below another one, and what
    is a link or lies behind one, is among the unreadable. keeps_all: whether what says nothing is returned as well.
    """
    found: dict[str, bytes | None] = {}
    unread: list[str] = []
    large: list[str] = []
    # Local names, and no function of ours for each file: there may be a hundred thousand.
    open_, read, close, separator = os.open, os.read, os.close, os.sep
    with Descent(top) as descent:
        for folder, names in folders:
            base = folder if folder.endswith(separator) else folder + separator
            try:
                within = descent.descriptor(base) if IS_EXACT else None
            except OSError:
                unread += [base + name for name in names]
                continue
            for name in names:
                try:
                    descriptor = open_(name if IS_EXACT else base + name, _FLAGS, dir_fd=within)
                    try:
                        data = read(descriptor, _MOST_AT_ONCE)
                    finally:
                        close(descriptor)
                    if len(data) == _MOST_AT_ONCE:
                        data = read_bytes(base + name, top=top)
                except OSError:
                    unread.append(base + name)
                    continue
                except FileProblem as problem:
                    (large if problem.too_large else unread).append(base + name)
                    continue
                lower = data.lower()
                if keeps_all or b"chatkit" in lower or b"chat-kit" in lower or data.startswith(_UTF_16):
                    found[base + name] = data
    return found, unread, large


def look_together(folders: Sequence[tuple[str, list[str]]], top: str) -> Looks:
    """Return what `look` does. Of many files a fork of this process looks into a half."""
    if sum(len(names) for _, names in folders) < _WORTH_A_FORK:
        return look(folders, top)
    from chatkit_doctor.forks import Fork, processors  # few trees are that large

    half = len(folders) // 2
    fork = Fork.start(lambda: look(folders[half:], top)) if processors() > 1 else None
    first = look(folders[:half], top)
    others = (fork.told() if fork is not None else None) or look(folders[half:], top)
    return first[0] | others[0], first[1] + others[1], first[2] + others[2]


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# To look into so many files takes ten times as long as to start a fork.
_WORTH_A_FORK = 3_000
# Nearly every file that a person writes is smaller.
_MOST_AT_ONCE = 65_536
_FLAGS = AS_FILE | NO_LINK
