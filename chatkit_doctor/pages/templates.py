"""Lines of a page with blanks: `No module named '<module>'`. A blank may say what kind of word fits: `<name:kind>`."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.patterns import regex

BLANK = regex(r"<(?P<name>[a-z_]+)(?::(?P<kind>[a-z-]+))?>")

# Marks that nothing follows on the line.
_END = " $"


def filled(template: str, names: Mapping[str, str]) -> str:
    """Return a template with its blanks filled. Raises KeyError for a blank that has no name to fill it."""
    return BLANK.sub(lambda blank: names[blank["name"]], template).removesuffix(_END)


def readable(template: str) -> str:
    """Return a template as people read it: without the kinds of its blanks."""
    return BLANK.sub(lambda blank: f"<{blank['name']}>", template).removesuffix(_END)


def kinds_of(template: str) -> tuple[str, ...]:
    """Return the kinds of word that a template's blanks ask for, in their order."""
    return tuple(blank["kind"] for blank in BLANK.finditer(template) if blank["kind"])
