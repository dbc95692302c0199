"""Files and folders below a folder, opened so that no link leads out of it: step by step, from the top down.

A path is only text: what stands in the place of one of its folders may have been swapped for a link since it was
looked at. Here each step is opened from the one before it, and none of them may be a link. A link that was there all
along is followed once, to a target that is below the same top, and the way to that is gone in the same manner.

Where the operating system cannot open one thing from another (Windows), links are looked for right before.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

IS_EXACT = os.open in os.supports_dir_fd and os.listdir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
AS_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
# A named pipe, which may have taken a file's place, would be waited for; Windows has none, and a mode for text.
AS_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# A folder may be gone through and not be read.
_PASSED = AS_FOLDER | getattr(os, "O_PATH", 0)
# What opening a link, or a step behind one, fails with on one system or another.
_FAILURES_OF_LINKS = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EMLINK})
# So many folders are kept open at once, however deep a tree is.
_MOST_OPEN = 64


class LeadsOutError(OSError):
    """A link leads to where nothing is to be opened."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EPERM, "it is a link that leads out of the project", path)


_ceilings: list[str] = []


def stay_below(folder: str | None) -> None:
    """Let this process look at nothing above a folder, absolute, from now on, whatever lies below it; None: anywhere.

    For a server that was started for one folder: what a scan looks up above (settings, manifests, ignore files, the
    repository) is then looked up as if the folder were the root of the file system.
    """
    _ceilings[:] = [] if folder is None else [folder]


def is_ceiling(folder: str) -> bool:
    """Return whether nothing above a folder is looked at."""
    return folder in _ceilings


def repository_of(folder: str) -> str | None:
    """Return the top of the repository that a folder is in, None where it is in none.

    Whoever keeps their home in a repository has not made all that lies in it one project.
    """
    home = os.path.expanduser("~")
    while folder != home:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder or is_ceiling(folder):
            break
        folder = above
    return None


def top_above(folder: str) -> str:
    """Return the top of the repository that a folder is in; the folder itself where it is in none."""
    return repository_of(folder) or folder


class Inside:
    """The tops that what is read or written has to stay below. False where there are none."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._tops = tuple(sorted({top_above(folder) for folder in folders}, key=len))

    def __bool__(self) -> bool:
        return bool(self._tops)

    def __or__(self, other: Inside) -> Inside:
        return Inside((*self._tops, *other._tops))

    def top_of(self, path: str) -> str | None:
        """Return the top that a path is below, or is; None for a path outside of all."""
        return next((top for top in self._tops if path == top or path.startswith(os.path.join(top, ""))), None)


def open_below(top: str, path: str, flags: int, mode: int = 0o666) -> int:
    """Return the descriptor of a file or folder below a top. Raises LeadsOutError and other OSErrors.

    A link on the way, or the path itself, is followed where its target is below the top as well.
    """
    if not IS_EXACT:
        return os.open(followed(top, path), flags, mode)
    try:
        return _open(top, _steps(top, path), flags, mode)
    except OSError as error:
        if error.errno not in _FAILURES_OF_LINKS:
            raise
        target = followed(top, path)
        if target == path:
            raise
    real = os.path.realpath(top)
    return _open(real, _steps(real, target), flags, mode)


def leads_out(top: str, path: str) -> bool:
    """Return whether a path below a top is, or goes by way of, a link to what is not to be opened."""
    try:
        followed(top, path)
    except LeadsOutError:
        return True
    return False


def names_below(top: str, folder: str) -> list[str]:
    """Return the names in a folder below a top. Raises OSError."""
    if not IS_EXACT:
        return os.listdir(followed(top, folder))
    descriptor = open_below(top, folder, AS_FOLDER)
    try:
        return os.listdir(descriptor)
    finally:
        os.close(descriptor)


def followed(top: str, path: str) -> str:
    """Return where a path below a top really is; the path itself where no link is on the way. Raises LeadsOutError."""
    target, real = os.path.realpath(path), os.path.realpath(top)
    steps = path[len(os.path.join(top, "")) :]
    if target == os.path.join(real, steps) or path == top:
        return path
    below = target[len(os.path.join(real, "")) :].split(os.sep)
    is_below = target == real or target.startswith(os.path.join(real, ""))
    # What git keeps for itself, and files that hide, are not for others to be shown under another name.
    is_hidden = ".git" in below or (below[-1].startswith(".") and not os.path.basename(path).startswith("."))
    if not is_below or is_hidden:
        raise LeadsOutError(path)
    return target


def _steps(top: str, path: str) -> list[str]:
    if path == top:
        return ["."]
    base = os.path.join(top, "")
    steps = path[len(base) :].split(os.sep)
    if not path.startswith(base) or ".." in steps:
        raise LeadsOutError(path)
    return steps


def _open(top: str, steps: list[str], flags: int, mode: int) -> int:
    """Return the descriptor of what some steps below a top lead to, none of which may be a link."""
    folder = os.open(top, _PASSED)
    try:
        for step in steps[:-1]:
            inner = os.open(step, _PASSED | NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(steps[-1], flags | NO_LINK, mode, dir_fd=folder)
    finally:
        os.close(folder)


class Descent:
    """Folders below a top, one after the other; those on the way to the last are kept open for the next.

    Enter it, and leave it when nothing of it is used any more.
    """

    def __init__(self, top: str) -> None:
        self._top = os.path.join(top, "")
        # Each with its path, which ends with a separator: a folder is below those that its own begins with.
        self._way: list[tuple[str, int]] = []

    def __enter__(self) -> Descent:
        return self

    def __exit__(self, *_: object) -> None:
        while self._way:
            os.close(self._way.pop()[1])

    def descriptor(self, base: str) -> int:
        """Return the descriptor of a folder at or below the top, good until the next is asked for. Raises OSError.

        base: its path, which ends with a separator.
        """
        way = self._way
        while way and not base.startswith(way[-1][0]):
            os.close(way.pop()[1])
        if not way:
            if not base.startswith(self._top):
                raise LeadsOutError(base)
            way.append((self._top, os.open(self._top, _PASSED)))
        path, descriptor = way[-1]
        if path == base:
            return descriptor
        for step in base[len(path) : -1].split(os.sep):
            descriptor = os.open(step, _PASSED | NO_LINK, dir_fd=descriptor)
            path = f"{path}{step}{os.sep}"
            way.append((path, descriptor))
        while len(way) > _MOST_OPEN:
            os.close(way.pop(0)[1])
        return descriptor
