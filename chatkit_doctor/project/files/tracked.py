"""The files that git tracks, read from the repository's index: what is ignored and tracked is the project's as well.

The format is that of git's own documentation (gitformat-index), versions 2 to 4. An index that cannot be read, is split
or is none tells of no file.
"""

from __future__ import annotations

import os
import stat

from chatkit_doctor.project.files.inside import AS_FILE, NO_LINK, open_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"DIRC"
_HEADER = 12
# Of an entry: times, device, inode, mode, owner, size and the id of its content, then two bytes of flags.
_BEFORE_FLAGS = 60
_IS_EXTENDED = 0x4000
_MOST_DIGITS = 10
_MOST_BYTES = 64 * 1024 * 1024


class Tracked:
    """What the index of the repository at a folder lists; read when it is first asked."""

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._base = os.path.join(repository, "")
        self._index: bytes | None = None
        self._names: set[bytes] | None = None

    def holds(self, path: str, *, is_folder: bool) -> bool:
        """Return whether git tracks a file, or something in a folder; `path` is absolute and in the repository."""
        name = os.fsencode(path[len(self._base) :]).replace(os.fsencode(os.sep), b"/") + (b"/" if is_folder else b"")
        if self._index is None:
            self._index = _read(self._repository)
        # Most of what is ignored is tracked nowhere, which the bytes say at once where names stand in full.
        if self._names is None and not _is_compressed(self._index) and name not in self._index:
            return False
        if self._names is None:
            self._names = {each for entry in _names(self._index) for each in _with_folders(entry)}
        return name in self._names


def _read(repository: str) -> bytes:
    try:
        # No link is followed, nor a file that says where the repository lies: either may lead out of the project.
        descriptor = open_below(repository, os.path.join(repository, ".git", "index"), AS_FILE | NO_LINK)
        with open(descriptor, "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            is_small_file = stat.S_ISREG(status.st_mode) and status.st_size <= _MOST_BYTES
            return file.read(status.st_size) if is_small_file else b""
    except OSError:
        return b""


def _is_compressed(index: bytes) -> bool:
    return int.from_bytes(index[4:8], "big") == 4


def _names(index: bytes) -> Iterator[bytes]:
    """Yield the paths of an index, relative to the repository; those up to where it is not what it should be."""
    if not index.startswith(_SIGNATURE):
        return
    count, position, before = int.from_bytes(index[8:12], "big"), _HEADER, b""
    for _ in range(count):
        flags_at = position + _BEFORE_FLAGS
        start = flags_at + (4 if int.from_bytes(index[flags_at : flags_at + 2], "big") & _IS_EXTENDED else 2)
        kept = b""
        if _is_compressed(index):
            dropped, start = _number(index, start)
            kept = before[: max(len(before) - dropped, 0)]
        end = index.find(b"\0", start)
        if end == -1:
            return
        before = kept + index[start:end]
        yield before
        # Older versions fill up to a multiple of eight bytes, with one zero at least.
        position = end + 1 if _is_compressed(index) else position + (end - position + 8) // 8 * 8


def _number(index: bytes, position: int) -> tuple[int, int]:
    """Return a number of variable length, as git writes it, and where what follows it begins."""
    value = 0
    for byte in index[position : position + _MOST_DIGITS]:
        value = value << 7 | byte & 0x7F
        position += 1
        if not byte & 0x80:
            break
        value += 1
    return value, position


def _with_folders(name: bytes) -> Iterator[bytes]:
    yield name
    end = name.find(b"/")
    while end != -1:
        yield name[: end + 1]
        end = name.find(b"/", end + 1)
