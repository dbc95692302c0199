"""Pages that a template language completes: what it fills in is covered, so that the rest reads as what it is.

Jinja, Django and Liquid write `{{ … }}`, `{% … %}` and `{# … #}`, ERB and EJS `<% … %>`. What is covered keeps its
length, so that places stay those of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

_OPENS = regex(rb"\{\{|\{%|\{#|<%")
# What ends each, and how long anybody writes one.
_ENDS = {b"{{": (b"}}", 1000), b"{%": (b"%}", 1000), b"{#": (b"#}", 5000), b"<%": (b"%>", 1000)}
_COMMENT = regex(rb"\{#|<%#|<%--|\{%-?\s*comment\b")
_PRINTS = regex(rb"\{\{|<%[-=]")
# Tags that decide what is printed, and print nothing in their own place; any other may print a value.
_DECIDES = regex(
    rb"\{%[-+]?\s*(?:if|elif|else|for|empty|block|extends|include|load|with|set|macro|autoescape|spaceless|filter|raw|"
    rb"verbatim|import|from|call|do|csrf_token|blocktrans|blocktranslate|plural|pluralize|cache|language|end\w+)\b"
)
# What may put entries of its own into an object that it stands in.
_TAKES_IN = regex(rb"\{%[-+]?\s*(?:include|block|import|render|call|macro)\b")
# One of two values, on one line: `{% if x %}true{% else %}false{% endif %}`.
_CHOICE = regex(
    rb"\{%-? *if\b[^\n%]{0,200}%\}[^\n:;,{}]{0,200}(?:\{\{[^\n{}]{0,200}\}\}[^\n:;,{}]{0,200})?"
    rb"\{%-? *else *-?%\}[^\n:;,%]{0,400}\{%-? *endif *-?%\}"
)


@dataclass(frozen=True, slots=True)
class Covered:
    """A page with its holes covered.

    data: as long as the file. holes: the ranges of bytes that are filled in when the page is made, sorted.
    """

    data: bytes
    holes: tuple[tuple[int, int], ...]

    def in_range(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """Return the holes that a range of bytes has a part in."""
        first = bisect_right(self.holes, start, key=lambda hole: hole[1])
        last = first
        while last < len(self.holes) and self.holes[last][0] < end:
            last += 1
        return self.holes[first:last]


def covered(data: bytes) -> Covered:
    """Return a page with what a template language fills in covered: by a name where a value is, else by blanks."""
    if b"{{" not in data and b"{%" not in data and b"<%" not in data:
        return Covered(data, ())
    view = bytearray(data)
    holes = []
    for start, end, filling in _holes(data):
        view[start:end] = filling
        holes.append((start, end))
    return Covered(bytes(view), tuple(holes))


def _holes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the stretches to cover, with what covers them."""
    at = 0
    while (found := _OPENS.search(data, at)) is not None:
        mark, most = _ENDS[found[0]]
        closing = data.find(mark, found.end(), found.end() + most + len(mark))
        if closing < 0:
            at = found.start() + 1
            continue
        choice = _CHOICE.match(data, found.start())
        end = choice.end() if choice is not None else closing + len(mark)
        yield found.start(), end, _filling(data, found.start(), end, is_value=choice is not None)
        at = end


def _filling(data: bytes, start: int, end: int, *, is_value: bool) -> bytes:
    written = data[start:end]
    if _COMMENT.match(written):
        return blank(written)
    if is_value or _PRINTS.match(written):
        return name_for(written)
    if _TAKES_IN.match(written) and _is_behind_entry(data, start):
        first, rest, after = name_for(written).partition(b"\n")
        return b"..." + first[3:-1] + b"," + rest + after
    is_value = written.startswith(b"{%") and _DECIDES.match(written) is None
    return name_for(written) if is_value else blank(written)


def _is_behind_entry(data: bytes, start: int) -> bool:
    """Return whether a place is behind an entry of an object, or at its beginning."""
    while start > 0 and data[start - 1 : start].isspace():
        start -= 1
    return data[max(start - 1, 0) : start] in {b"{", b","}


def name_for(written: bytes) -> bytes:
    """Return a name as long as a stretch, with its ends of lines."""
    first, rest, after = written.partition(b"\n")
    return b"_" * len(first) + blank(rest + after)


def blank(written: bytes) -> bytes:
    """Return blanks as long as a stretch, with its ends of lines."""
    return re.sub(rb"[^\r\n]", b" ", written)
