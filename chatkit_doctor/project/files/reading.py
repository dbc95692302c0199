"""Bytes from disk without surprises, and the tests made on bytes before anything is parsed."""

from __future__ import annotations

import errno
import os
import stat

from chatkit_doctor.project.files.inside import AS_FILE, LeadsOutError, names_below, open_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 5_000_000


class FileProblem(Exception):  # noqa: N818 (it is also listed as a value)
    """A file or folder cannot be read. `reason` is one clause for a person, with "it" for the file.

    too_large: it could be read and is left alone for its size. missing: there is no such file. leads_out: it is a
    link out of the project, and left alone.
    """

    def __init__(
        self,
        path: Path | str,
        reason: str,
        *,
        too_large: bool = False,
        missing: bool = False,
        leads_out: bool = False,
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.given = path
        self.reason = reason
        self.too_large = too_large
        self.missing = missing
        self.leads_out = leads_out

    @property
    def path(self) -> Path:
        """Return the file or folder."""
        from pathlib import Path

        return Path(self.given)

    @classmethod
    def from_os_error(cls, path: Path | str, error: OSError) -> FileProblem:
        """Return the problem that a failed system call means."""
        if isinstance(error, LeadsOutError):
            return cls(path, str(error.strerror), leads_out=True)
        text = (error.strerror or type(error).__name__).lower()
        reason = _REASONS.get(error.errno or 0, f"it cannot be read: {text}")
        return cls(path, reason, missing=error.errno in {errno.ENOENT, errno.ENOTDIR})


class Noted:
    """What was read and listed since noting began.

    read: the state of each file when it was opened, None for one that could not be. listed: the names in each folder.
    """

    def __init__(self) -> None:
        self.read: dict[str, os.stat_result | None] = {}
        self.listed: dict[str, list[str]] = {}


# Where it is noted what a scan goes by; None where nobody keeps it.
noted: Noted | None = None


def note_reads() -> Noted:
    """Return what will note each file that is read, and each folder that is listed, from now on."""
    global noted  # noqa: PLW0603 - every reader of a scan, wherever it is called from
    noted = Noted()
    return noted


def read_bytes(path: Path | str, limit: int = MAX_BYTES, top: str | None = None) -> bytes:
    """Return a regular file's bytes, at most `limit` of them. Never waits for a pipe or a device.

    top: a folder above it that no link may lead out of; None for a path that somebody has named. Raises FileProblem.
    """
    place = os.fspath(path)
    try:
        descriptor = os.open(place, AS_FILE) if top is None else open_below(top, place, AS_FILE)
        with open(descriptor, "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if noted is not None:
                noted.read[os.path.abspath(path)] = status
            if not stat.S_ISREG(status.st_mode):
                name = "a named pipe" if stat.S_ISFIFO(status.st_mode) else "a device"
                raise FileProblem(path, f"it is {name}, not a regular file")
            # A file that grows meanwhile is read to its new end.
            size = status.st_size
            data = file.read(size + 1) if size <= limit else b""
            if len(data) > size:
                data += file.read(limit)
                size = len(data)
    except OSError as error:
        if noted is not None:
            noted.read[os.path.abspath(path)] = None
        raise FileProblem.from_os_error(path, error) from None
    if size > limit:
        reason = f"it is {-(-size // 100_000) / 10} MB, over the {limit / 1e6:g} MB that are read"
        raise FileProblem(path, reason, too_large=True)
    return data


def entries(folder: Path | str, top: str | None = None) -> frozenset[str]:
    """Return the names in a folder, none where it cannot be read.

    top: a folder above it that no link may lead out of; None for a path that somebody has named.
    """
    path = os.fspath(folder)
    try:
        names = frozenset(os.listdir(path) if top is None else names_below(top, path))
    except OSError:
        names = frozenset()
    if noted is not None:
        noted.listed[path] = sorted(names)
    return names


def mentions(data: bytes, needles: tuple[bytes, ...]) -> bool:
    """Return whether one of the needles is in a file's bytes."""
    return any(needle in data for needle in needles)


def looks_generated(data: bytes) -> bool:
    """Return whether a web file's bytes look bundled, minified or compiled, so that its source is elsewhere.

    Long lines alone do not tell: people keep images and data in theirs. Many statements on each line do.
    Markup never looks generated; pages with everything inlined are still where a script is put.
    """
    if data.lstrip(_SPACE_AND_BOM).startswith(b"<"):
        return False
    if _COMPILED in data:
        return True
    lines = data.count(b"\n") + 1
    return len(data) > lines * _LONG_LINE and data.count(b";") + data.count(b",") > lines * _CROWDED_LINE


_REASONS = {
    errno.EACCES: "it cannot be read: permission denied",
    errno.ENOENT: "it is not there any more",
    errno.ESTALE: "it is not there any more",
    errno.ELOOP: "its symbolic links form a loop",
    errno.EISDIR: "it is a folder, not a regular file",
    errno.ENXIO: "it is a socket, not a regular file",
}

_SPACE_AND_BOM = b" \t\r\n\xef\xbb\xbf"
_COMPILED = b"\n//# sourceMappingURL="
# In characters, and in statements and list items: the averages of prose-like code stay far below both.
_LONG_LINE = 500
_CROWDED_LINE = 15
