"""Where a widget's template has blocks of its own language, Jinja: output and statements."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.patterns import regex

OUTPUT = "{{"
STATEMENT = "{%"
_OPENING = regex(r"\{[{%]")
_CLOSINGS = {OUTPUT: "}}", STATEMENT: "%}"}


def blocks(template: str, *openings: str) -> Iterator[tuple[int, int]]:
    """Yield where each block of such kinds begins and ends; what nothing closes is none."""
    closings = {each: _CLOSINGS[each] for each in openings}
    at = 0
    while (found := _OPENING.search(template, at)) is not None:
        closing = closings.get(found[0])
        end = template.find(closing, found.end()) if closing is not None else -1
        if end >= 0:
            at = end + 2
            yield found.start(), at
        else:
            # Nothing behind it is closed either: the rest is not searched once more.
            closings.pop(found[0], None)
            at = found.start() + 1


def replaced(template: str, opening: str, text: str) -> str:
    """Return a template with a text in the place of each block of a kind."""
    parts, at = [], 0
    for begin, end in blocks(template, opening):
        parts += [template[at:begin], text]
        at = end
    return "".join([*parts, template[at:]])
