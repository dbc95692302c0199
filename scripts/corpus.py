"""Scan a folder of checked-out projects and hold the hits against what people found wrong there by reading.

`python scripts/corpus.py FOLDER LABELS` prints the hits of each rule in each project, and for the labelled mistakes
that a rule answers whether it found them. FOLDER holds a folder `owner+name` for each project. LABELS is a JSON file:
`{"mistakes": {ID: TEXT}, "rules": {ID: [CODE]}, "repos": {"owner/name": {"labels": {ID: {"at": [PATH:LINE]}}}}}`.
`rules` says which rules answer a mistake; those that are not there yet may be among them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scanning.flow import Options, run


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled mistake of a project: where people saw it, the rules that answer it, and whether one of them hit."""

    mistake: str
    text: str
    at: tuple[str, ...]
    codes: tuple[str, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan of one project came to. hits: `path:line: message` by code; errors: rules that crashed."""

    project: str
    hits: dict[str, list[str]]
    labels: list[Label]
    errors: list[str]


def examine(folder: Path, labels: Mapping[str, Any], select: Sequence[str]) -> Iterator[Outcome]:
    """Yield the outcome of each project of the folder, by name."""
    for root in sorted(path for path in folder.resolve().iterdir() if path.is_dir()):
        name = root.name.replace("+", "/", 1)
        result = run([root], Options(select=tuple(select)))
        hits: dict[str, list[str]] = {}
        for finding in result.findings:
            place = f"{finding.at.path.relative_to(root).as_posix()}:{finding.at.first.line}"
            hits.setdefault(finding.code, []).append(f"{place}: {finding.message}")
        known = labels["repos"].get(name, {}).get("labels", {})
        yield Outcome(
            name,
            dict(sorted(hits.items())),
            [
                Label(
                    mistake, labels["mistakes"][mistake], tuple(seen["at"]), codes, any(code in hits for code in codes)
                )
                for mistake, seen in sorted(known.items())
                if (codes := tuple(code for code in labels["rules"].get(mistake, ()) if code in result.codes))
            ],
            [f"{error.code}: {error.path}: {error.error}" for error in result.internal_errors],
        )


def as_text(outcomes: Sequence[Outcome], *, verbose: bool) -> Iterator[str]:
    """Yield the lines of a report: each project, then the sums."""
    for outcome in outcomes:
        counts = ", ".join(f"{code} {len(places)}" for code, places in outcome.hits.items()) or "nothing"
        yield f"{outcome.project}: {counts}"
        if verbose:
            yield from (f"    {code} {place}" for code, places in outcome.hits.items() for place in places)
        for label in outcome.labels:
            verdict = "found " if label.found else "MISSED"
            yield f"  {verdict} {label.mistake} ({', '.join(label.codes)}) {' '.join(label.at) or label.text}"
        yield from (f"  CRASHED {error}" for error in outcome.errors)
    yield ""
    yield from _sums(outcomes)


def _sums(outcomes: Sequence[Outcome]) -> Iterator[str]:
    hits = Counter({code: 0 for outcome in outcomes for code in outcome.hits})
    projects = Counter(code for outcome in outcomes for code in outcome.hits)
    for outcome in outcomes:
        hits.update({code: len(places) for code, places in outcome.hits.items()})
    for code, number in sorted(hits.items()):
        yield f"{code} {pages()[code].name}: {number} in {projects[code]} of {len(outcomes)} projects"
    labels = [label for outcome in outcomes for label in outcome.labels]
    for mistake in sorted({label.mistake for label in labels}):
        verdicts = [label.found for label in labels if label.mistake == mistake]
        yield f"{mistake}: {sum(verdicts)} of {len(verdicts)} labelled projects found"


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--select", action="append", default=[], help="only these rules; repeatable")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    parser.add_argument("--verbose", action="store_true", help="print each hit")
    given = parser.parse_args()
    labels = json.loads(given.labels.read_text(encoding="utf-8"))
    if missing := {"mistakes", "rules", "repos"} - labels.keys():
        parser.error(f"{given.labels} has no {' and no '.join(sorted(missing))}")
    outcomes = list(examine(given.folder, labels, given.select))
    if given.json:
        json.dump([asdict(outcome) for outcome in outcomes], sys.stdout, indent=2)
        print()
        return
    print("\n".join(as_text(outcomes, verbose=given.verbose)))


if __name__ == "__main__":
    main()
