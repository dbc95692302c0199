"""Which findings of a scan are known to a baseline, and which of its entries stand for nothing any more."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.scanning.baseline.fingerprint import SPAN_DIGITS
from chatkit_doctor.scanning.baseline.model import DEFAULT_NAME, Baseline, KnownFinding

LookedAt = Callable[[str, Path], bool]
_Key = Callable[[KnownFinding], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """known: the findings that the baseline has; stale: its entries whose findings are gone, in their order."""

    known: frozenset[Finding]
    stale: tuple[KnownFinding, ...]


def match(baseline: Baseline, findings: Iterable[Finding], looked_at: LookedAt) -> Match:
    """Match findings with a baseline, each entry with one finding at most, so that one more of a kind is new.

    findings: all that there are where `looked_at` says so; of equal ones the first in the text is known first.
    looked_at: whether the findings that a rule (its code) has in a file, there or not any more, are among them.
    """
    new = {each: baseline.entry_of(each) for each in sorted(findings, key=lambda each: each.order)}
    every = frozenset(new)
    entries = _without_known(baseline.entries, new, _exactly)
    entries = _without_known(entries, new, _by_span)
    files = {each: baseline.file_of(each) for each in entries}
    seen = {each for each, file in files.items() if looked_at(each.code, file)}
    # What is gone from its file may have gone to another one, and rather to one of the same name.
    gone = [each for each in entries if each in seen or not os.path.lexists(files[each])]
    for key in (_by_name, _by_text):
        gone = _without_known(gone, new, key)
    return Match(every - new.keys(), tuple(each for each in gone if each in seen))


def stale_note(path: Path, stale: Sequence[KnownFinding]) -> str:
    """Return one line, without its end, about the stale entries of the baseline at a path; empty for none."""
    if not stale:
        return ""
    stand = "1 entry of {} stands" if len(stale) == 1 else f"{len(stale)} entries of {{}} stand"
    output = "" if path == Path(DEFAULT_NAME) else f" --output {shlex.quote(str(path))}"
    rewrite = f"`chatkit-doctor baseline{output}` writes it anew"
    return visible(f"{stand.format(path)} for nothing any more; {rewrite}")


def _without_known(entries: Iterable[KnownFinding], new: dict[Finding, KnownFinding], key: _Key) -> list[KnownFinding]:
    """Take the findings out of `new` that entries stand for by a key, and return the other entries."""
    wanted = Counter(key(each) for each in entries)
    found: Counter[tuple[str, ...]] = Counter()
    for finding, entry in list(new.items()):
        if found[key(entry)] < wanted[key(entry)]:
            found[key(entry)] += 1
            del new[finding]
    left = []
    for each in entries:
        if found[key(each)]:
            found[key(each)] -= 1
        else:
            left.append(each)
    return left


def _exactly(entry: KnownFinding) -> tuple[str, ...]:
    return entry.code, entry.fingerprint, entry.path


def _by_span(entry: KnownFinding) -> tuple[str, ...]:
    return entry.code, entry.fingerprint[:SPAN_DIGITS], entry.path


def _by_name(entry: KnownFinding) -> tuple[str, ...]:
    return entry.code, entry.fingerprint, entry.path.rpartition("/")[2]


def _by_text(entry: KnownFinding) -> tuple[str, ...]:
    return entry.code, entry.fingerprint
