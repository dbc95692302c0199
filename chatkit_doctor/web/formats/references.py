"""Character references of HTML and JSX: `&amp;`, `&#64;`."""

from __future__ import annotations

from chatkit_doctor.patterns import regex

# Python refuses to make a number of thousands of digits; a browser shows that there is no such character.
_LEADING_ZEROS = regex(r"&#0+(?=[0-9])")
_NO_CHARACTER = regex(r"&#[0-9]{8,};?")


def unescaped(text: str) -> str:
    """Return a text with its character references resolved, however long their numbers are."""
    if "&" not in text:
        return text
    import html

    return html.unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", _LEADING_ZEROS.sub("&#", text)))
