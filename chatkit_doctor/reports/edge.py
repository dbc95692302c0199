"""The edge of every report, which nothing foreign crosses as more than text that is seen.

Paths, names, versions, code and what servers say are somebody else's. In a terminal they steer nothing and hide
nothing; in the log of a build no line is taken for a command of the build's runner.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.reports.drawing.cells import visible

# GitHub's runner (actions/runner, ActionCommand) takes a line that begins with two colons, blanks aside, and a line
# that has `##[name]` anywhere; Azure's agent takes `##vso[name]` anywhere, TeamCity `##teamcity[`.
_ANYWHERE = regex(r"##(?=[a-z]*\[)")


def printed(line: str) -> str:
    """Return a line as it may be printed: one line, all of it to be seen, and no command."""
    return without_command(visible(line))


def printed_lines(lines: Iterable[str]) -> str:
    """Return lines as they may be printed, each ended by a line feed."""
    return "".join(f"{printed(line)}\n" for line in lines)


def without_command(line: str) -> str:
    """Return a line that no build's runner takes for a command."""
    if "##" in line:
        line = _ANYWHERE.sub(r"#\\x23", line)
    text = line.lstrip()
    return f"{line[: -len(text)]}\\x3a{text[1:]}" if text.startswith("::") else line


def as_json(document: Any, indent: int | None = 2) -> str:
    """Return a document as JSON in ASCII, ended by a line feed: strings exactly as they are, controls as escapes."""
    # What stands outside of strings has no such character, and begins no line with a colon.
    return _ANYWHERE.sub(r"#\\u0023", json.dumps(document, indent=indent)) + "\n"
