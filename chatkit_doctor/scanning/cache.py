"""What a scan said, kept for the next one of the same folder: told again where nothing has changed that it went by.

Kept are a sign of each file (its times, size and inode), of whatever else was read or listed (settings, ignore files,
environments), which files speak of ChatKit, and the text. A file whose times are not two seconds old when it is looked
at may change again without a new sign, and is not trusted. What is kept can be missing, damaged, foreign or in a folder
that cannot be written: then the scan takes its time, and nothing else.

Nothing heavy is imported here, for it is asked before anything else is.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

import chatkit_doctor
from chatkit_doctor.project.files.digests import SIZE, digest_of
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.project.files.walk import MARKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from chatkit_doctor.project.files.walk import Walk

Sign = tuple[int, int, int, int]

# What changed later than this before it was looked at is not trusted, in nanoseconds.
YOUNG = 2_000_000_000
_MOST_ENTRIES = 64
_MOST_BYTES = 200_000_000
_MARK = b"chatkit-doctor scan 1\n"
_SUFFIX = ".scan"
# What was found in each app lies apart, for other calls go by it as well.
_SUFFIXES = (_SUFFIX, ".apps", ".tmp")


def folder() -> str:
    """Return the folder of the cache, in the platform's own for caches; one that is not there where that is unknown.

    Who has no home has none here: in the working directory, the project could have written what is kept.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        found = os.path.join(base, "chatkit-doctor", "Cache")
    elif sys.platform == "darwin":
        found = os.path.expanduser("~/Library/Caches/chatkit-doctor")
    else:
        given = os.environ.get("XDG_CACHE_HOME", "")
        base = given if os.path.isabs(given) else os.path.expanduser("~/.cache")
        found = os.path.join(base, "chatkit-doctor")
    return found if os.path.isabs(found) else os.path.join(os.devnull, "chatkit-doctor")


def clear() -> int:
    """Remove what is kept and return how many scans that were. Raises OSError."""
    try:
        names = [name for name in os.listdir(folder()) if name.endswith(_SUFFIXES)]
    except FileNotFoundError:
        return 0
    for name in names:
        os.unlink(os.path.join(folder(), name))
    return sum(name.endswith(_SUFFIX) for name in names)


def sign(status: os.stat_result) -> Sign:
    """Return what tells one state of a file from another. The time of change cannot be set back as the other can."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


class Signs:
    """The state of all that a walk found.

    folders: a digest of each folder's files, by folder; None where one of them is young or cannot be asked.
    """

    def __init__(self, walks: Iterable[Walk]) -> None:
        self.started = time.time_ns()
        self.marks: list[tuple[str, list[str]]] = []
        found: dict[str, set[str]] = {}
        for walk in walks:
            # What holds above a walk holds in it: settings up to the top of a repository.
            self.marks += [(path, _marks_in(path)) for path in folders_up(walk.root)]
            self.marks += [(path, sorted(marks)) for path, marks in walk.marks.items()]
            for path, names in walk.folders:
                found.setdefault(path, set()).update(names)
        self._names = found
        self.folders = {path: self._digest(path, names) for path, names in found.items()}

    def is_young(self, state: Sign) -> bool:
        """Return whether a file has changed so lately that it may again without its sign telling."""
        return max(state[0], state[1]) > self.started - YOUNG

    def still_hold(self, folders: Iterable[str]) -> bool:
        """Return whether nothing in some folders was young, or has changed since."""
        return all(
            (state := self.folders.get(path)) is not None and state == self._digest(path, self._names[path])
            for path in set(folders)
        )

    def _digest(self, path: str, names: set[str]) -> bytes | None:
        base = os.path.join(path, "")
        states = []
        newest = 0
        try:
            for name in sorted(names):
                state = os.stat(base + name)
                states.append((name, state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino))
                newest = max(newest, state.st_mtime_ns, state.st_ctime_ns)
        except OSError:
            return None
        return digest(states) if newest <= self.started - YOUNG else None

    @property
    def whole(self) -> bytes | None:
        """Return a digest of everything, None where a part of it is not to be trusted."""
        if None in self.folders.values():
            return None
        return digest([sorted(self.folders.items()), sorted(self.marks)])


class Kept:
    """What was kept of the last scan of the same key; empty where that is nothing.

    folders: the digest of each folder, with the names of its files that speak of ChatKit.
    """

    def __init__(self, key: object) -> None:
        self._path = entry(key, _SUFFIX)
        self._known = load(self._path)

    def silent_or_speaking(self, path: str, state: bytes | None) -> list[str] | None:
        """Return which files of a folder speak of ChatKit, None where the folder is not as it was."""
        known = self._known.get("folders", {}).get(path)
        return known[1] if known is not None and state is not None and known[0] == state else None

    def told(self, signs: Signs) -> tuple[str, int] | None:
        """Return the text and the exit code of the last scan, None where anything that it went by has changed."""
        whole = signs.whole
        if whole is None or self._known.get("whole") != whole:
            return None
        if any(_state(path) != state for path, state in self._known["read"]):
            return None
        if any(names_digest(path) != state for path, state in self._known["listed"]):
            return None
        return self._known["text"], self._known["code"]

    def keep(self, signs: Signs, speaking: dict[str, list[str]], told: Told | None) -> None:
        """Keep what a scan has found out; told: None where its text is not to be told again."""
        kept: dict[str, Any] = {
            "folders": {path: (state, speaking.get(path, [])) for path, state in signs.folders.items() if state}
        }
        whole = signs.whole
        if told is not None and whole is not None and not any(s and signs.is_young(s) for s in told.read.values()):
            kept |= {
                "whole": whole,
                "text": told.text,
                "code": told.code,
                "read": list(told.read.items()),
                "listed": list(told.listed.items()),
            }
        store(self._path, kept)


class Told:
    """What a scan said, and what it went by besides the files of its walk: read by path, None for what is missing."""

    def __init__(self, text: str, code: int, read: dict[str, Sign | None], listed: dict[str, bytes]) -> None:
        self.text = text
        self.code = code
        self.read = read
        self.listed = listed


def digest(value: Any) -> bytes:
    """Return a short digest of plain values: numbers, texts, bytes, tuples and lists of them."""
    return digest_of(marshal.dumps(value, 2))


def entry(key: object, suffix: str) -> str:
    """Return the file of the cache for what a key says; key: plain values."""
    return os.path.join(folder(), f"{digest(key).hex()}-{sys.implementation.cache_tag}{suffix}")


def names_digest(path: str) -> bytes:
    """Return a digest of the names in a folder; that of none for one that cannot be read."""
    try:
        return digest(sorted(os.listdir(path)))
    except OSError:
        return digest([])


def doctor() -> tuple[object, ...]:
    """Return what tells this doctor from another: its version, its files where they are worked on, its Python."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    states = [_state(os.path.join(package, "__init__.py"))]
    if os.path.basename(os.path.dirname(package)) not in {"site-packages", "dist-packages"}:
        for top in (package, os.path.join(os.path.dirname(package), "rules")):
            for path, _, names in os.walk(top):
                if not path.endswith("__pycache__"):
                    states += [_state(os.path.join(path, name)) for name in sorted(names)]
    major, minor = sys.version_info[:2]
    libraries = os.path.join(sys.prefix, "lib", f"python{major}.{minor}", "site-packages")
    return chatkit_doctor.__version__, package, sys.version, digest(states), _state(libraries)


def _marks_in(path: str) -> list[str]:
    return [name for name in sorted(MARKS) if os.path.lexists(os.path.join(path, name))]


def _state(path: str) -> Sign | None:
    try:
        return sign(os.stat(path))
    except OSError:
        return None


def load(path: str) -> dict[str, Any]:
    """Return what a file of the cache holds; nothing for one that is damaged, or that is none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return {}
    head = len(_MARK) + SIZE
    payload = data[head:]
    # Only what was written here, and wholly, is given to marshal.
    if data[: len(_MARK)] != _MARK or data[len(_MARK) : head] != digest_of(payload):
        return {}
    try:
        known = marshal.loads(payload)  # noqa: S302 - its digest says that we have written it
    except (ValueError, EOFError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}


def store(path: str, kept: dict[str, Any]) -> None:
    """Write a file of the cache whole or not at all; where that cannot be, nothing is kept."""
    try:
        payload = marshal.dumps(kept, 2)
    except ValueError:  # a value that is none of the plain ones
        return
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(_MARK + digest_of(payload) + payload)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
        _forget_the_oldest(os.path.dirname(path))
    except OSError:
        return


def _forget_the_oldest(path: str) -> None:
    with os.scandir(path) as entries:
        kept = [(each.stat(), each.path) for each in entries if each.name.endswith(_SUFFIXES)]
    size = 0
    for place, (status, each) in enumerate(sorted(kept, key=lambda one: -one[0].st_mtime)):
        size += status.st_size
        if place >= _MOST_ENTRIES or size > _MOST_BYTES:
            os.unlink(each)
