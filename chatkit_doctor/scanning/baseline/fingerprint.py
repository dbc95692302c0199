"""What a finding is recognised by in a later scan, whatever was added, moved or indented anew around it."""

from __future__ import annotations

import hashlib

from chatkit_doctor.finding import Finding
from chatkit_doctor.reports.fingerprints import without_blanks

DIGITS = 16
SPAN_DIGITS = 8

# In characters. A longer line is a minified or one-line file, which any edit of it changes.
_LONG_LINE = 1000


def fingerprint(finding: Finding) -> str:
    """Return 16 hexadecimal digits: 8 made from the span, and 8 from the line that the span starts in.

    The span outlives an edit beside it and a formatter that breaks the line; the line tells more. Neither the path
    nor the line's number is in it, nor the message, which another release may word anew.
    """
    at = finding.at
    line = at.source.line(at.first.line).strip()
    line = without_blanks(line) if len(line) <= _LONG_LINE else ""
    marked = at.source.text[at.start : min(at.end, at.start + _LONG_LINE)]
    span = without_blanks(marked.splitlines()[0]) if marked else line
    # A finding without both is about the file as a whole, such as one that cannot be read.
    return _digits(span or at.path.name, SPAN_DIGITS) + _digits(line, DIGITS - SPAN_DIGITS)


def _digits(text: str, number: int) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:number]
