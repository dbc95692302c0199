"""JSON with comments and trailing commas, as TypeScript's configurations and Bun's lock files are written."""

from __future__ import annotations

import json
import re

from chatkit_doctor.patterns import regex

# A comment that nothing ends takes the rest with it, as it does for TypeScript.
# Neither is a text without an end looked for an end again, from each quote in it.
_COMMENT = regex(r'(?P<kept>"(?:[^"\\\n]|\\.)*+"?+)|//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)')
_TRAILING_COMMA = regex(r'(?P<kept>"(?:[^"\\\n]|\\.)*+"?+)|,(?=\s*+[}\]])')


def plain_json(text: str) -> str:
    """Return the text with blanks for what JSON does not have; every other character stays where it is."""
    for extra in (_COMMENT, _TRAILING_COMMA):
        text = extra.sub(_blanked, text)
    return text


def parse_jsonc(text: str) -> object:
    """Return what a text holds; None where it is not valid."""
    try:
        return json.loads(plain_json(text))
    except (ValueError, RecursionError):
        return None


def _blanked(match: re.Match[str]) -> str:
    return match["kept"] or " " * len(match[0])
