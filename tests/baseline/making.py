"""Findings for the tests of the baseline: every line of a text that holds `bad` is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.scanning.baseline import Baseline, Match, baseline_of, match
from chatkit_doctor.source import Source

ROOT = Path("/project")
FILE = ROOT / "chatkit-doctor-baseline.json"

Files = Mapping[str, str]


def findings(files: Files, root: Path = ROOT, code: str = "CK101") -> list[Finding]:
    """Return a finding at each word of the texts that begins with `bad`."""
    return [
        Finding(code, source.location(*found.span()), f"{found[0]} in line {source.position(found.start()).line}")
        for name, text in files.items()
        for source in [Source(root / name, text)]
        for found in re.finditer(r"\bbad\w*", text)
    ]


def baseline(files: Files, root: Path = ROOT) -> Baseline:
    return baseline_of(findings(files, root), root / FILE.name)


def compare(before: Files, after: Files) -> tuple[list[str], list[str], int]:
    """Return what is known and what is new of the findings after, as `file:line`, and how many entries are stale."""
    found = findings(after)
    matched = match(baseline(before), found, lambda _code, _path: True)
    return _places(matched, found, known=True), _places(matched, found, known=False), len(matched.stale)


def _places(matched: Match, found: list[Finding], *, known: bool) -> list[str]:
    return [
        f"{each.at.path.relative_to(ROOT)}:{each.at.first.line}" for each in found if (each in matched.known) is known
    ]
