"""Lines of a page with blanks: `No module named '<module>'`. A blank may say what kind of word fits: `<name:kind>`."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.patterns import regex

BLANK = regex(r"<(?P<name>[a-z_]+)(?::(?P<kind>[a-z_-]+))?>")


def filled(template: str, names: Mapping[str, str]) -> str:
    """Return a template with its blanks filled. Raises KeyError for a blank that has no name to fill it."""
    return BLANK.sub(lambda blank: names[blank["name"]], template)


def readable(template: str) -> str:
    """Return a template as people read it: without the kinds of its blanks."""
    return BLANK.sub(lambda blank: f"<{blank['name']}>", template)
