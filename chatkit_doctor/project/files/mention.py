"""Which files say something of ChatKit: one open, one read and one test for each, and no more for those that do not."""

from __future__ import annotations

import os

from chatkit_doctor.project.files.reading import FileProblem, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


Looks = tuple["dict[str, bytes | None]", list[str], list[str]]
"""The bytes of the files that say something of ChatKit, by path; the unreadable files; the ones that are too large."""


def says_chatkit(data: bytes) -> bool:
    """Return whether a file's bytes hold the word, in whatever case, as one word or with a hyphen.

    Files in UTF-16 are taken for such that do; whoever reads them can tell.
    """
    lower = data.lower()
    return b"chatkit" in lower or b"chat-kit" in lower or data.startswith(_UTF_16)


def look(folders: Iterable[tuple[str, list[str]]]) -> Looks:
    """Return the bytes of the files that say something of ChatKit, by path, the unreadable files, and too large ones.

    folders: each with the names of its files.
    """
    found: dict[str, bytes | None] = {}
    unread: list[str] = []
    large: list[str] = []
    # Local names, and no function of ours for each file: there may be a hundred thousand.
    open_, read, close, separator = os.open, os.read, os.close, os.sep
    for folder, names in folders:
        base = folder if folder.endswith(separator) else folder + separator
        for name in names:
            path = base + name
            try:
                descriptor = open_(path, _FLAGS)
                try:
                    data = read(descriptor, _MOST_AT_ONCE)
                finally:
                    close(descriptor)
                if len(data) == _MOST_AT_ONCE:
                    data = read_bytes(path)
            except OSError:
                unread.append(path)
                continue
            except FileProblem as problem:
                (large if problem.too_large else unread).append(path)
                continue
            lower = data.lower()
            if b"chatkit" in lower or b"chat-kit" in lower or data.startswith(_UTF_16):
                found[path] = data
    return found, unread, large


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Nearly every file that a person writes is smaller.
_MOST_AT_ONCE = 65_536
# A named pipe that has taken a file's place would be waited for; of Windows' own, text is read as it is.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
