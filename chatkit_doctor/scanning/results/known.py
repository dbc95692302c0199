"""What was found in each app by the last scan of the same folder: told again for the apps that are as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from chatkit_doctor.project.facts import Facts
from chatkit_doctor.scanning.cache import Signs, entry, load, store
from chatkit_doctor.scanning.results.contents import FolderContents
from chatkit_doctor.scanning.results.evidence import OF_FILES, Answered, Evidence, reached
from chatkit_doctor.scanning.results.found import Found
from chatkit_doctor.scanning.results.plain import NotPlainError, Plain, found_of, plain, plain_fix

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.finding import Fix
    from chatkit_doctor.project.app import App, Question
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.project.tree import Problem
    from chatkit_doctor.scanning.results.units import Unit

_SUFFIX = ".apps"

CheckUnits = Callable[[Sequence["Unit"]], "dict[App, Found]"]


class SeenTexts:
    """The facts of Python texts by the digests of their bytes. used: those that were asked for, which are kept.

    tells: whether what is known is told, that of a text which was seen in this scan included.
    """

    def __init__(self, known: dict[bytes, Plain], *, tells: bool = True) -> None:
        self._known = known
        self._tells = tells
        self.used: dict[bytes, Facts] = {}
        self.is_new = False

    def get(self, key: bytes) -> Facts | None:
        """Return what is known of a text."""
        if not self._tells:
            return None
        told = self._known.get(key)
        if told is None:
            return self.used.get(key)
        return self.used.setdefault(key, Facts(*told))

    def add(self, key: bytes, facts: Facts) -> None:
        """Take in what was found out about a text."""
        self.used[key] = facts
        self.is_new = True


class KnownResults:
    """What is known of the apps of a scan, and what is to be kept of it.

    signs: the state of all that the walks found. key: what the call is about, settings and rules left out.
    """

    def __init__(self, signs: Signs, key: object) -> None:
        self._signs = signs
        self._key = key
        self._path = ""
        self._known: dict[str, Any] = {}
        self._fresh: list[_Fresh] = []
        self._used: dict[str, Any] = {}
        self._contents: FolderContents | None = None
        self.texts = SeenTexts({})
        self._project: Project | None = None
        self._has_late = False
        self._is_forgotten = False

    @property
    def is_passing(self) -> bool:
        """Return whether another scan of the same files may find more."""
        return self._has_late or (self._project is not None and self._project.is_passing)

    @property
    def is_doubtful(self) -> bool:
        """Return whether what was told again, or has the text of another file, may be too much to be read as well."""
        return self._room_taken > 1

    @property
    def _room_taken(self) -> float:
        """Return how much all that was ever read takes of the room: counted twice where it was read again."""
        read_now = self._project.room_taken if self._project is not None else 0.0
        return float(self._known.get("room taken", 0.0)) + read_now

    def forget(self) -> None:
        """Be as if nothing were known, for the same scan anew."""
        self._is_forgotten = True
        self._fresh, self._used = [], {}

    def open(self, about: object) -> SeenTexts:
        """Return what is known of Python texts. about: what the findings go by besides files, as plain values."""
        self._path = entry([self._key, about], _SUFFIX)
        self._known = {} if self._is_forgotten else load(self._path)
        self.texts = SeenTexts(self._known.get("texts", {}), tells=not self._is_forgotten)
        return self.texts

    def results(
        self, project: Project, units: Sequence[Unit], rules: Sequence[Rule], check: CheckUnits
    ) -> dict[App, Found]:
        """Return what the rules find in each app. check: finds it out, for those of which it is not known."""
        self._project = project
        self._contents = FolderContents(project.listing, self._signs.folders, self._known.get("folders", {}))
        evidence = Evidence(project, self._contents.of)
        found: dict[App, Found] = {}
        pending: list[tuple[Unit, bytes]] = []
        for unit in units:
            key = evidence.key(unit)
            known = self._known.get("units", {}).get(_name(unit))
            told = _told(project, unit, rules, known) if known is not None and _holds(evidence, known, key) else None
            if told is None:
                pending.append((unit, key))
            else:
                found |= told
                self._used[_name(unit)] = known
        for unit, _ in pending:
            asked: dict[Question, None] = {}
            for app in unit:
                app.asked = asked
        fresh = check([unit for unit, _ in pending])
        problems = list(project.problems.values()) if pending else []
        self._has_late = any(each.is_late for each in fresh.values())
        for unit, key in pending if not project.is_passing else ():
            if not any(fresh[app].errors or fresh[app].is_late for app in unit):
                self._fresh.append(_Fresh(project, evidence, unit, key, fresh, problems))
        return found | fresh

    def keep(self) -> None:
        """Keep what was found out; where a file has changed meanwhile, what was found in its app is not."""
        if self._contents is None or not (self._fresh or self.texts.is_new or self._is_outdated()):
            return
        units = dict(self._used)
        for each in self._fresh:
            folders = [folder for place in reached(each.unit) for folder, _ in each.project.folders_in(place)]
            if self._signs.still_hold(folders) and (told := each.told()) is not None:
                units[_name(each.unit)] = told
        texts = {key: (each.imports, each.needs, each.refusal) for key, each in self.texts.used.items()}
        kept = {"texts": texts, "folders": self._contents.used, "units": units, "room taken": self._room_taken}
        store(self._path, kept)

    def _is_outdated(self) -> bool:
        """Return whether apps or states of folders that are kept are no more."""
        assert self._contents is not None
        return self._used.keys() != self._known.get("units", {}).keys() or any(
            self._known.get("folders", {}).get(folder) != each for folder, each in self._contents.used.items()
        )


class _Fresh:
    """What was found right now in some apps, with all that it goes by."""

    def __init__(
        self,
        project: Project,
        evidence: Evidence,
        unit: Unit,
        key: bytes,
        found: dict[App, Found],
        problems: Iterable[Problem],
    ) -> None:
        self.project = project
        self.unit = unit
        self._key = key
        self._evidence = evidence
        self._questions = unit[0].asked or {}
        # Severities are for the settings to change from here on, and fixes without edits to be taken away.
        self._fixes: list[list[Fix | None]] = [[each.fix for each in found[app].findings] for app in unit]
        self._cut = [sorted(found[app].cut) for app in unit]
        self._plain: list[list[Plain]] | None
        try:
            self._plain = [[plain(each, project.read) for each in found[app].findings] for app in unit]
        except NotPlainError:
            self._plain = None
        places = reached(unit)
        read = {path for kind, path, _ in self._questions if kind in OF_FILES and evidence.is_reached(path, places)}
        self._problems = [each.plain for each in problems if each.path in read]

    def told(self) -> Plain | None:
        """Return it as plain values, None where it is not to be told so."""
        if self._plain is None:
            return None
        try:
            fixes = [[plain_fix(fix, self.project.read) for fix in each] for each in self._fixes]
            # Not before all is said: an answer takes in files, which would leave less room for those to come.
            asked: list[Answered] = list(self._evidence.asked(self.unit, self._questions))
        except NotPlainError:
            return None
        findings = [list(zip(*each, strict=True)) for each in zip(self._plain, fixes, strict=True)]
        return self._key, asked, findings, self._cut, self._problems


def _name(unit: Unit) -> str:
    return str(unit[0].folder)


def _holds(evidence: Evidence, known: Plain, key: bytes) -> bool:
    return bool(known[0] == key) and all(evidence.answer(*question) == answer for *question, answer in known[1])


def _told(project: Project, unit: Unit, rules: Sequence[Rule], known: Plain) -> dict[App, Found] | None:
    """Return what was found in some apps, None where it cannot be told again."""
    _, _, findings, cut, problems = known
    found: dict[App, Found] = {}
    try:
        for app, told, stopped in zip(unit, findings, cut, strict=True):
            found[app] = Found(found_of(project, app, rules, told), [], set(stopped))
    except NotPlainError:
        return None
    project.note_problems(problems)
    return found
