"""Unified diffs, in the form that `patch -p0` and `git apply -p0` take."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.reports.matching import Matcher

# Only a line feed ends a line for them.
_LINE = regex(r"[^\n]*\n|[^\n]+")
# Quoted in a header, as git writes them.
_ODD_IN_NAME = regex(r'[\x00-\x1f\x7f-\x9f"\\\ud800-\udfff]')


def unified(old: str, new: str, shown: str) -> Iterator[str]:
    """Yield the lines of a file's diff, each with its end. shown: the path in the headers."""
    name = _in_header(shown)
    before, after = _LINE.findall(old), _LINE.findall(new)
    headers = [f"--- {name}\n", f"+++ {name}\n"]
    for group in Matcher(before, after).get_grouped_opcodes():
        (_, first, _, its_first, _), (_, _, last, _, its_last) = group[0], group[-1]
        yield from headers
        headers = []
        yield f"@@ -{_range(first, last)} +{_range(its_first, its_last)} @@\n"
        for kind, start, end, its_start, its_end in group:
            if kind == "equal":
                yield from (_line(" ", each) for each in before[start:end])
            else:
                yield from (_line("-", each) for each in before[start:end])
                yield from (_line("+", each) for each in after[its_start:its_end])


def _line(kind: str, text: str) -> str:
    return f"{kind}{text}" if text.endswith("\n") else f"{kind}{text}\n\\ No newline at end of file\n"


def _range(start: int, end: int) -> str:
    """Return some lines as a diff tells them: from 1, and an empty stretch by the line before it."""
    count = end - start
    if count == 1:
        return f"{start + 1}"
    return f"{start + 1 if count else start},{count}"


def _in_header(name: str) -> str:
    """Return a file's name as a diff's headers hold it: quoted where it is odd, its end marked where it has blanks."""
    if _ODD_IN_NAME.search(name):
        return f'"{_ODD_IN_NAME.sub(_as_octal, name)}"'
    return f"{name}\t" if " " in name else name


def _as_octal(character: re.Match[str]) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character[0]))
