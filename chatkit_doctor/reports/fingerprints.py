"""What findings are recognised by from one scan to the next, though lines moved in between."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from chatkit_doctor.reports.model import Reported, ScanReport


def fingerprints(report: ScanReport) -> Iterator[tuple[Reported, str]]:
    """Yield each finding that is still there with its fingerprint, 64 hexadecimal digits, no two the same.

    Made from the rule, the path, the text of the line that the span starts in, and the part of the span on it:
    none of these changes when code is added elsewhere or indented anew, nor when a message is worded anew. What
    is alike in all of them is told apart by its order in the file.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for each in report.open:
        parts = _parts(each, report)
        seen[parts] += 1
        text = "\0".join([*parts, str(seen[parts])])
        yield each, hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _parts(each: Reported, report: ScanReport) -> tuple[str, ...]:
    at = each.finding.at
    line = at.source.line(at.first.line)
    marked = at.text.splitlines()[0] if at.text else ""
    return each.finding.code, report.shown_path(at.path), without_blanks(line), without_blanks(marked)


def without_blanks(text: str) -> str:
    """Return a text as a fingerprint takes it, which formatters and indentation do not change."""
    return "".join(text.split())
