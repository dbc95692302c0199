"""Which texts stand in for files: those of the editor, but for a file in pieces that of a moment ago.

While a line is being written, its file is seldom whole. What was found in the file then holds on, moved along with the
text, and that it cannot be parsed is said quietly, until it is saved.
"""

from __future__ import annotations

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.source import Location, Source


@dataclass(frozen=True, slots=True)
class EditorFinding:
    """A finding as the editor is told of it.

    at: where it is in the editor's text. is_quiet: whether it is about what is being written right now.
    is_mendable: whether its fix is one of the text as it is.
    """

    finding: Finding
    at: Location
    severity: Severity
    is_quiet: bool = False
    is_mendable: bool = True


def moved(told: EditorFinding, source: Source) -> EditorFinding | None:
    """Return a finding in a text where part of it was written anew, None where it lies in that part."""
    before, after = told.at.source.text, source.text
    start = _common_length(before, after)
    rest = min(len(before), len(after)) - start
    end = _common_length(before[::-1][:rest], after[::-1][:rest])
    shift = len(after) - len(before)
    if told.at.end <= start:
        at = source.location(told.at.start, told.at.end)
    elif told.at.start >= len(before) - end:
        at = source.location(told.at.start + shift, told.at.end + shift)
    else:
        return None
    return replace(told, at=at, is_mendable=False)


def _common_length(one: str, other: str) -> int:
    """Return how many characters two texts begin with that are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
