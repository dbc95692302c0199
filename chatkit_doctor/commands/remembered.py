"""A scan through the cache: told again where nothing has changed, and otherwise spared what has not."""

from __future__ import annotations

import os
import sys
import time

from chatkit_doctor.project.files import reading
from chatkit_doctor.project.files.mention import Looks, look_together
from chatkit_doctor.scanning.cache import Kept, Signs, Told, digest, doctor, sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatkit_doctor.commands.call import ScanCall
    from chatkit_doctor.commands.output import Printed
    from chatkit_doctor.project.files.walk import Walk
    from chatkit_doctor.scanning.results.known import KnownResults

# Of the environment, what a report looks different for.
_LOOKS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")
_DAY = "CHATKIT_DOCTOR_TODAY"


class Memory:
    """What is remembered of a call, and what is to be.

    walks: the folders that were asked for; they are what the call is about.
    """

    def __init__(self, call: ScanCall, walks: list[Walk]) -> None:
        self._walks = walks
        self._kept = Kept(_key(call, walks))
        self._signs = Signs(walks)
        self._noted: reading.Noted | None = None
        self._results: KnownResults | None = None
        self._speaking: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for walk in walks:
            for folder, names in walk.folders:
                self._names.setdefault(folder, []).extend(names)
        self._is_whole = not any(walk.problems for walk in walks)

    def told(self) -> tuple[str, int] | None:
        """Return the text and the exit code of a scan, where it would say what it said before."""
        return self._kept.told(self._signs) if self._is_whole else None

    def looks(self) -> list[Looks]:
        """Return what a look into each file tells, taken into those that are not as they were."""
        return [self._look(walk) for walk in self._walks]

    def results(self) -> KnownResults:
        """Return what was found in each app; what is read and listed from now on is noted."""
        from chatkit_doctor.scanning.results.known import KnownResults

        self._noted = reading.note_reads()
        roots = [walk.root for walk in self._walks]
        self._results = KnownResults(self._signs, [roots, *_surroundings()])
        return self._results

    def keep(self, code: int, printed: Printed | None) -> None:
        """Keep what was found out; printed: the text to be told again, if it was all that there was to say."""
        told = None
        is_passing = self._results is not None and self._results.is_passing
        if printed is not None and printed.is_all and self._noted is not None and self._is_whole and not is_passing:
            read = {path: sign(state) if state else None for path, state in self._noted.read.items()}
            listed = {path: digest(names) for path, names in self._noted.listed.items()}
            told = Told(printed.text, code, {path: read[path] for path in read if not self._is_walked(path)}, listed)
        self._kept.keep(self._signs, self._speaking, told)
        if self._results is not None:
            self._results.keep()

    def _is_walked(self, path: str) -> bool:
        """Return whether a file is one of those that the walks found, of which there are signs already."""
        folder, name = os.path.split(path)
        return name in self._names.get(folder, ())

    def _look(self, walk: Walk) -> Looks:
        states, fresh = self._signs.folders, []
        speaking: dict[str, bytes | None] = {}
        for folder, names in walk.folders:
            known = self._kept.silent_or_speaking(folder, states[folder])
            if known is None:
                fresh.append((folder, names))
            elif known:
                self._speaking[folder] = known
                speaking.update((os.path.join(folder, name), None) for name in known)
        found, unread, large = look_together(fresh, walk.root)
        for path in found:
            self._speaking.setdefault(os.path.dirname(path), []).append(os.path.basename(path))
        for path in unread:
            states[os.path.dirname(path)] = None
        return speaking | found, unread, large


def _key(call: ScanCall, walks: list[Walk]) -> list[object]:
    """Return what a scan says the same for, as long as no file changes."""
    stream = sys.stdout
    given = [[name, list(value) if isinstance(value, tuple) else value] for name, value in sorted(vars(call).items())]
    is_terminal = stream.isatty()
    width = os.get_terminal_size(stream.fileno()).columns if is_terminal else 0
    looks = [is_terminal, width, stream.encoding, [os.environ.get(name) for name in _LOOKS]]
    roots = [walk.root for walk in walks]
    return [given, looks, roots, *_surroundings()]


def _surroundings() -> list[object]:
    """Return what findings go by besides files: where paths are told from, the day, and the doctor itself."""
    return [os.getcwd(), list(time.localtime()[:3]), os.environ.get(_DAY), _plain(doctor())]


def _plain(value: object) -> object:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
