"""Unified diffs, in the form that `patch -p0` and `git apply -p0` take."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex

# Only a line feed ends a line for them.
_LINE = regex(r"[^\n]*\n|[^\n]+")
# Quoted in a header, as git writes them.
_ODD_IN_NAME = regex(r'[\x00-\x1f\x7f-\x9f"\\\ud800-\udfff]')


def unified(old: str, new: str, shown: str) -> Iterator[str]:
    """Yield the lines of a file's diff, each with its end. shown: the path in the headers."""
    name = _in_header(shown)
    for line in difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _in_header(name: str) -> str:
    """Return a file's name as a diff's headers hold it: quoted where it is odd, its end marked where it has blanks."""
    if _ODD_IN_NAME.search(name):
        return f'"{_ODD_IN_NAME.sub(_as_octal, name)}"'
    return f"{name}\t" if " " in name else name


def _as_octal(character: re.Match[str]) -> str:
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character[0]))
