"""The flow of a fix run: offer, choose, try, keep what passes the gates, and again until nothing changes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.scanning.fixer.changes import Change, Offer, applied, changes_of, choose, combined
from chatkit_doctor.scanning.fixer.gates import (
    FindingKey,
    MayWrite,
    Objection,
    binds_twice,
    brings_findings,
    compiles_worse,
    confuses_names,
    counted,
    key_of,
    not_encodable,
    not_writable,
    parses_worse,
)
from chatkit_doctor.scanning.fixer.result import FixResult, HeldBackFix
from chatkit_doctor.scanning.results.found import InternalError, internal_error, note
from chatkit_doctor.source import Source

MAX_ROUNDS = 10
# How much may be gone through to find out which fixes are right together, in characters; how often it may be at least;
# and how much after which no new round begins. Of a real project this is many times all that has to do with ChatKit.
MOST_TRIED = 3_000_000
_LEAST_TRIES = 3
_MOST_BEFORE_A_ROUND = MOST_TRIED
# How much of what was tried may stay in memory, in characters.
_MOST_KEPT = 1_000_000
# How much fixes may write in all rounds, in characters: what they write is gone through as well.
_MOST_WRITTEN = 1_000_000
# How long their edits may be built, in seconds of the processor: the last net, as the rules' clock is.
_MOST_BUILDING = 3.0

Scan = Callable[[Project], list[Finding]]
Allow = Callable[[Finding], bool]


def fix(
    project: Project, scan: Scan, allow: Allow, may_write: MayWrite, unfinished: Collection[str] = frozenset()
) -> FixResult:
    """Return what the files would hold with every allowed fix made that passes the gates.

    scan: the findings of a project. allow: whether a finding's fix is asked for. may_write: whether a file is.
    unfinished: the codes of the rules that came to no end in one of the scans so far; it may grow with each.
    """
    rounds = _Rounds(scan, allow, may_write, unfinished)
    start = _State(project, tuple(scan(project)))
    while True:
        outcome = rounds.run(start)
        if not outcome.endless:
            return _result(start, outcome, rounds)
        # What goes on for ever is as if it had not been offered, so that a second run changes nothing either.
        rounds.endless |= outcome.endless
        if rounds.is_over(start):
            rounds.is_cut = True
            return _result(start, _Outcome(start, [], outcome.held_back), rounds)


@dataclass(frozen=True, slots=True)
class _State:
    """A project with some fixes made, what a scan finds in it, those fixes, and how many characters they wrote."""

    project: Project
    findings: tuple[Finding, ...]
    made: tuple[Offer, ...] = ()
    written: int = 0

    @property
    def size(self) -> int:
        """Return how long the files that matter are together, in characters."""
        sources = map(self.project.read, (*self.project.python_paths, *self.project.web_paths))
        return sum(len(source.text) for source in sources if source is not None)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Where a round or a run has come to.

    made: the fixes of the last round. endless: the findings whose fixes were made round after round in vain.
    """

    state: _State
    made: list[Offer]
    held_back: list[HeldBackFix]
    endless: frozenset[FindingKey] = frozenset()


@dataclass(slots=True)
class _Rounds:
    """Rounds of fixing under one set of conditions; errors, endless fixes and tries add up over the runs.

    tried: how many characters were gone through in all tries. kept: how many when memory was last cleaned up.
    building: how long edits were built, in seconds. is_cut: whether fixes were left for that.
    """

    scan: Scan
    allow: Allow
    may_write: MayWrite
    unfinished: Collection[str]
    endless: frozenset[FindingKey] = frozenset()
    errors: list[InternalError] = field(default_factory=list)
    tries: int = 0
    tried: int = 0
    kept: int = 0
    building: float = 0.0
    is_cut: bool = False
    writable: dict[Path, Objection | None] = field(default_factory=dict)

    def is_over(self, state: _State) -> bool:
        """Return whether another try would be more than any project that people write asks for."""
        return self.tries >= _LEAST_TRIES and self.tried + state.size > MOST_TRIED

    def run(self, state: _State) -> _Outcome:
        """Make rounds until one changes nothing, or the last one is reached."""
        for _ in range(MAX_ROUNDS):
            outcome = self._round(state)
            if not outcome.made:
                return outcome
            state = outcome.state
            if self.tried + state.size > _MOST_BEFORE_A_ROUND:
                self.is_cut = self._has_more(state, outcome.held_back)
                return _Outcome(state, [], outcome.held_back)
        return self._cut_off(state, self._round(state))

    def _has_more(self, state: _State, held_back: list[HeldBackFix]) -> bool:
        """Return whether there is a fix to be tried that was not held back so far."""
        known = {(each.path, each.title) for each in held_back}
        return any((each.finding.at.path, each.title) not in known for each in self._offers(state, []))

    def _cut_off(self, state: _State, beyond: _Outcome) -> _Outcome:
        """Judge by a round too many, which does not count, why the rounds have come to no end."""
        before, after = counted(state.findings), counted(beyond.state.findings)
        keys = {key_of(offer.finding) for offer in beyond.made}
        late = [_held_back(offer, f"{MAX_ROUNDS} rounds of fixes did not get to it") for offer in beyond.made]
        endless = frozenset(key for key in keys if after[key] >= before[key])
        return _Outcome(state, [], [*beyond.held_back, *late], endless)

    def _round(self, state: _State) -> _Outcome:
        """Make the fixes that can be made at once. Where none of them passes, those that waited get their turn."""
        held_back: list[HeldBackFix] = []
        waiting = list(self._offers(state, held_back))
        while waiting:
            if self.is_over(state):
                self.is_cut = True
                break
            chosen, waiting = choose(waiting)
            outcome = self._admit(state, chosen)
            held_back += outcome.held_back
            if outcome.made:
                return _Outcome(outcome.state, outcome.made, held_back)
        return _Outcome(state, [], held_back)

    def _offers(self, state: _State, held_back: list[HeldBackFix]) -> Iterator[Offer]:
        """Yield the fixes that may be tried, in the order of the text, and note those that may not."""
        written, known = state.written, dict[Path, set[Change]]()
        for finding in sorted(filter(self.allow, state.findings), key=lambda each: each.order):
            if self.building > _MOST_BUILDING or written > _MOST_WRITTEN:
                self.is_cut = True
                return
            began = time.process_time()
            offer = self._offer(state.project, finding)
            self.building += time.process_time() - began
            if offer is None:
                continue
            if key_of(finding) in self.endless:
                held_back.append(_held_back(offer, f"it comes up again after each of {MAX_ROUNDS} rounds"))
            elif objection := self._not_writable(state.project, offer.changes):
                held_back.append(_held_back(offer, objection.about(finding.at.path)))
            else:
                written += _newly_written(offer.changes, known)
                yield offer

    def _offer(self, project: Project, finding: Finding) -> Offer | None:
        """Return a finding's fix with its edits built; None where there is nothing to it, or it has a bug."""
        fix = finding.fix
        if fix is None:
            return None
        try:
            sources = {each.path: _current(project, each) for each in {edit.at.source for edit in fix.edits}}
            changes = changes_of(fix.edits, sources)
        except Exception as error:  # noqa: BLE001 - one fix's bug must not keep the others from being made
            # It comes up anew in every round.
            note(self.errors, internal_error(finding.code, finding.at.path, error))
            return None
        return Offer(finding, fix.title, changes) if changes else None

    def _not_writable(self, project: Project, paths: Iterable[Path]) -> Objection | None:
        for path in paths:
            if path not in self.writable:
                self.writable[path] = not_writable(project, path, self.may_write)
        return next((found for path in paths if (found := self.writable[path]) is not None), None)

    def _admit(self, state: _State, offers: list[Offer]) -> _Outcome:
        """Make as many of some fixes as pass the gates together, by parting the groups that do not."""
        made: list[Offer] = []
        held_back: list[HeldBackFix] = []
        reached = state
        groups = [offers]
        while groups:
            group = groups.pop()
            tried = self._try(state, [*made, *group])
            if isinstance(tried, _State):
                made += group
                reached = tried
            elif len(group) == 1:
                held_back.append(_held_back(group[0], tried[0].about(group[0].finding.at.path)))
            elif self.is_over(state):
                self.is_cut = True
                break
            else:
                groups += self._parts(state, group, tried)[::-1]
        return _Outcome(reached, made, held_back)

    def _parts(self, state: _State, group: list[Offer], objections: list[Objection]) -> list[list[Offer]]:
        """Return a group of which something is wrong in two, the one to be tried first before the other."""
        codes = _suspects(group, objections)
        others = [offer for offer in group if offer.finding.code not in codes]
        if codes and others:
            return [others, [offer for offer in group if offer.finding.code in codes]]
        # To find one of them by halving takes two tries each time.
        if self.tried + 2 * len(group).bit_length() * state.size > MOST_TRIED:
            # There are not as many to be had, so what nothing was said against comes first.
            named = {each.path for each in objections}
            sound = [offer for offer in group if named.isdisjoint(offer.changes)]
            if sound and len(sound) < len(group):
                return [sound, [offer for offer in group if not named.isdisjoint(offer.changes)]]
        middle = len(group) // 2
        return [group[:middle], group[middle:]]

    def _try(self, state: _State, offers: list[Offer]) -> _State | list[Objection]:
        """Return the state with fixes made, or the objections of the first gate that has some."""
        project = state.project
        texts = dict(_texts_with(project, offers))
        if self.tried > self.kept + _MOST_KEPT:
            # A scan collects nothing by itself, and what was tried before is not needed any more.
            gc.collect()
            self.kept = self.tried
        self.tries += 1
        self.tried += sum(map(len, texts.values()))
        if objections := _all(not_encodable(project, path, text) for path, text in texts.items()):
            return objections
        candidate = project.with_texts(texts)
        # What costs little comes first: most that is tried in vain is told by it.
        for gate in (parses_worse, binds_twice, compiles_worse, confuses_names):
            if objections := _all(gate(project, candidate, path) for path in texts):
                return objections
        self.tried += state.size
        findings = tuple(self.scan(candidate))
        if objections := list(brings_findings(state.findings, findings, self.unfinished)):
            return objections
        written = state.written + _newly_written(combined(offers), {})
        return _State(candidate, findings, (*state.made, *offers), written)


def _suspects(group: list[Offer], objections: list[Objection]) -> set[str]:
    """Return the codes whose fixes are the likeliest to be objected to.

    What would be wrong with one file often names another one that the fixes change: it is as likely as not them.
    """
    about = {each.path for each in objections}
    words = (word.strip("\"'.,:;()") for each in objections for word in each.clause.split())
    ends = tuple({f"/{word}" for word in words if "/" in word})
    return {
        offer.finding.code
        for offer in group
        if about.isdisjoint(offer.changes) and any(path.as_posix().endswith(ends) for path in offer.changes)
    }


def _current(project: Project, edited: Source) -> Source:
    """Return the text that a file has now, for one that is not the project's the text that was edited."""
    return (project.read(edited.path) if project.exists(edited.path) else None) or edited


def _held_back(offer: Offer, reason: str) -> HeldBackFix:
    return HeldBackFix(offer.finding.at.path, offer.title, reason)


def _newly_written(changes: Mapping[Path, Collection[Change]], known: dict[Path, set[Change]]) -> int:
    """Return how many characters changes write, and take them into those that are known.

    What several fixes change alike is written once, and gone through for each.
    """
    written = 0
    for path, of_file in changes.items():
        seen = known.setdefault(path, set())
        written += sum(1 if change in seen else len(change.text) for change in of_file)
        seen.update(of_file)
    return written


def _all(objections: Iterable[Objection | None]) -> list[Objection]:
    return [each for each in objections if each is not None]


def _texts_with(project: Project, offers: Iterable[Offer]) -> Iterator[tuple[Path, str]]:
    for path, changes in combined(offers).items():
        source = project.read(path)
        if source is not None:
            yield path, applied(source.text, changes)


def _result(start: _State, outcome: _Outcome, rounds: _Rounds) -> FixResult:
    end = outcome.state
    return FixResult(
        texts=dict(_changed_texts(start.project, end)),
        fixed=list(_gone(start, end)),
        remaining=list(end.findings),
        held_back=list(dict.fromkeys(outcome.held_back)),
        errors=rounds.errors,
        is_cut=rounds.is_cut,
        together=frozenset(frozenset(offer.changes) for offer in end.made),
    )


def _changed_texts(project: Project, end: _State) -> Iterator[tuple[Path, str]]:
    for path in sorted({path for offer in end.made for path in offer.changes}):
        old, new = project.read(path), end.project.read(path)
        if old is not None and new is not None and old.text != new.text:
            yield path, new.text


def _gone(start: _State, end: _State) -> Iterator[Finding]:
    """Yield the first scan's findings that are not there any more, in their order.

    Of several that say the same of one file and of which some are left, those count whose fixes were made.
    """
    made = {offer.finding for offer in end.made}
    left = counted(end.findings)
    gone = set()
    for finding in sorted(start.findings, key=made.__contains__):
        if left[key_of(finding)]:
            left[key_of(finding)] -= 1
        else:
            gone.add(finding)
    yield from (finding for finding in start.findings if finding in gone)
