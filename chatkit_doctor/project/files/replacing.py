"""New contents for a file: beside it first, then in its place at once, and nothing of it left behind whatever happens.

Everything is done from the folder that was opened, so that swapping the folder for a link leads nowhere. A temporary
file is locked by the run that it belongs to: one that nobody holds is what a killed run has left, and is removed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from chatkit_doctor.project.files.inside import AS_FILE, AS_FOLDER, IS_EXACT, NO_LINK, LeadsOutError, open_below
from chatkit_doctor.project.files.reading import FileProblem

_SUFFIX = ".chatkit-doctor.tmp"
# A name has room for so many bytes, of which the temporary one needs some more than the file's own.
_MOST_OF_NAME = 200
# What opening a link fails with where none is followed, on one system or another.
_FAILURES_OF_LINKS = frozenset({errno.ELOOP, errno.EMLINK})
_MADE = os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)


class OpenFolder:
    """A folder that files are replaced in; it is the one that was opened, whatever stands in its place later."""

    def __init__(self, path: str, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    @contextmanager
    def at(cls, path: str, top: str | None) -> Iterator[OpenFolder]:
        """Open a folder; with a top, without following a link out of that. Raises OSError."""
        if not IS_EXACT:
            yield cls(path, None)
            return
        descriptor = os.open(path, AS_FOLDER) if top is None else open_below(top, path, AS_FOLDER)
        try:
            yield cls(path, descriptor)
        finally:
            os.close(descriptor)

    @classmethod
    @contextmanager
    def made(cls, path: str, top: str) -> Iterator[OpenFolder]:
        """Open a folder below a top, and make what is missing of it; no step of it may be a link. Raises OSError."""
        steps = path[len(os.path.join(top, "")) :].split(os.sep) if path != top else []
        with ExitStack() as opened:
            folder = opened.enter_context(cls.at(top, None))
            for step in steps:
                folder = opened.enter_context(folder._inner(step))
            yield folder

    @contextmanager
    def _inner(self, name: str) -> Iterator[OpenFolder]:
        path = os.path.join(self._path, name)
        with suppress(FileExistsError):
            os.mkdir(self._named(name), dir_fd=self._descriptor)
        if self.is_link(name):
            raise LeadsOutError(path)
        if self._descriptor is None:
            yield OpenFolder(path, None)
            return
        descriptor = self.open(name, AS_FOLDER | NO_LINK)
        try:
            yield OpenFolder(path, descriptor)
        finally:
            os.close(descriptor)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Return the descriptor of one of its files. Raises OSError."""
        return os.open(self._named(name), flags, mode, dir_fd=self._descriptor)

    def rename(self, name: str, other: str) -> None:
        """Put one of its files in the place of another. Raises OSError."""
        os.replace(self._named(name), self._named(other), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove one of its files. Raises OSError."""
        os.unlink(self._named(name), dir_fd=self._descriptor)

    def names(self) -> list[str]:
        """Return the names of all that is in it. Raises OSError."""
        return os.listdir(self._path if self._descriptor is None else self._descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of one of its entries itself, None where there is none. Raises OSError."""
        try:
            return os.stat(self._named(name), dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def is_link(self, name: str) -> bool:
        """Return whether one of its entries is a link. Raises OSError."""
        status = self.status(name)
        return status is not None and stat.S_ISLNK(status.st_mode)

    def read(self, name: str) -> bytes:
        """Return the bytes of one of its regular files. Raises FileProblem."""
        path = os.path.join(self._path, name)
        try:
            with open(self.open(name, AS_FILE | NO_LINK), "rb") as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return file.read()
        except OSError as error:
            if error.errno in _FAILURES_OF_LINKS:
                raise FileProblem(path, "a link has taken its place") from None
            raise FileProblem.from_os_error(path, error) from None
        raise FileProblem(path, "it is no regular file")

    def _named(self, name: str) -> str:
        return os.path.join(self._path, name) if self._descriptor is None else name


class Replacement:
    """New contents of a file, on disk beside it. `put_in_place` or `discard` ends it; a second time does nothing."""

    def __init__(self, folder: OpenFolder, name: str, data: bytes, like: os.stat_result | None = None) -> None:
        """Write a file's new contents beside it. like: whose owner and permissions it is to have. Raises OSError."""
        self._folder = folder
        self._name = name
        self._temporary = f".{os.fsdecode(os.fsencode(name)[:_MOST_OF_NAME])}.{os.urandom(8).hex()}{_SUFFIX}"
        self._descriptor: int | None = folder.open(self._temporary, _MADE, 0o600 if like else 0o666)
        try:
            # Not every file system has locks; there, what a killed run leaves stays.
            with suppress(OSError):
                _lock(self._descriptor)
            _write(self._descriptor, data)
            if like is not None:
                _own(self._descriptor, like)
            os.fsync(self._descriptor)
        except BaseException:
            self.discard()
            raise

    def put_in_place(self) -> None:
        """Put the new contents in the file's place. Raises OSError."""
        if not IS_EXACT:
            # Windows renames no open file.
            self._close()
        self._folder.rename(self._temporary, self._name)
        self._close()

    def discard(self) -> None:
        """Leave the file as it is, and nothing beside it."""
        if self._descriptor is not None:
            if not IS_EXACT:
                self._close()
            with suppress(OSError):
                self._folder.remove(self._temporary)
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_orphans(folder: OpenFolder) -> None:
    """Remove what killed runs have left in a folder. What a run holds right now stays, and so does what cannot go."""
    with suppress(OSError):
        for name in folder.names():
            if name.startswith(".") and name.endswith(_SUFFIX):
                with suppress(OSError):
                    _remove_orphan(folder, name)


def _remove_orphan(folder: OpenFolder, name: str) -> None:
    descriptor = folder.open(name, AS_FILE | NO_LINK)
    try:
        _lock(descriptor)
        folder.remove(name)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock a file until it is closed or the process ends, however it ends. Raises OSError where another one has."""
    try:
        import fcntl
    except ImportError:  # Windows, which lets nobody remove a file that is open
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _own(descriptor: int, like: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        # Only root may give files away; anybody else's stay theirs.
        with suppress(PermissionError):
            os.fchown(descriptor, like.st_uid, like.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
