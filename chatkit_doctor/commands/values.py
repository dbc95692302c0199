"""What `explain --values` says: all that ChatKit takes at the places that a rule judges."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence

from chatkit_doctor.contracts.value_sets import ValueSet, value_sets
from chatkit_doctor.pages.catalogue import Page
from chatkit_doctor.reports.drawing.terminal import Terminal


class NoValuesError(Exception):
    """A rule that judges by no list of values; the text is one line."""


def values_as_text(pages: Sequence[Page]) -> str:
    """Return the values by which a rule judges: a single list with a value on each line, several with their places.

    Raises NoValuesError where the rule has none, and for several rules.
    """
    page, *others = pages
    if others:
        raise NoValuesError(f"--values is for one rule, and {len(pages)} are meant; name one by its code")
    sets = [each for name in page.values for each in value_sets(name)]
    if not sets:
        raise NoValuesError(f"{page.code} {page.name} judges by no list of values; leave --values out to read its page")
    terminal = Terminal.of(sys.stdout)
    lines = sets[0].values if len(sets) == 1 else _with_places(sets, terminal.width)
    return terminal.writable("".join(f"{line}\n" for line in lines))


def _with_places(sets: list[ValueSet], width: int) -> Iterator[str]:
    for each in sets:
        yield from _wrapped(f"{each.place}:", width, "")
        yield from _wrapped(", ".join(each.values), width, "  ")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
