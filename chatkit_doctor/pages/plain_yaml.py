"""The front matter of a page as plain values, where it is written as all of ours are: a tenth of a parser's time.

What is written otherwise is left to the parser, never guessed at: a text that YAML may take for something else (`no`,
a date, a number with a dot), and every other way to write a value.
"""

from __future__ import annotations

import json

from chatkit_doctor.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NotPlainYamlError(Exception):
    """A text is for a parser of all of YAML to read."""


def read_plain(text: str) -> dict[str, Any]:
    """Return the mapping that a text holds. Raises NotPlainYamlError."""
    found: dict[str, Any] = {}
    waiting = [line for line in reversed(text.split("\n")) if line]
    while waiting:
        line = waiting.pop()
        key = _ENTRY.fullmatch(line)
        if key is None or key["name"] in found or key["name"].lower() in _MEANS_MORE:
            raise NotPlainYamlError(line)
        inner = []
        while waiting and waiting[-1].startswith("  "):
            inner.append(waiting.pop()[2:])
        if bool(inner) is bool(key["value"]):
            raise NotPlainYamlError(line)
        found[key["name"]] = _inner(inner) if inner else _value(key["value"])
    return found


def _inner(lines: list[str]) -> list[Any] | dict[str, Any]:
    """Return what the indented lines of an entry hold."""
    if all(line.startswith("- ") for line in lines):
        return [_scalar(line[2:]) for line in lines]
    entries = [_ENTRY.fullmatch(line) for line in lines]
    found = {each["name"]: _scalar(each["value"]) for each in entries if each is not None and each["value"]}
    if len(found) < len(lines) or not _MEANS_MORE.isdisjoint(map(str.lower, found)):
        raise NotPlainYamlError(lines[0])
    return found


def _value(text: str) -> Any:
    if not text.startswith("["):
        return _scalar(text)
    if not text.endswith("]"):
        raise NotPlainYamlError(text)
    words = text[1:-1].split(", ") if text != "[]" else []
    if not all(map(_WORD.fullmatch, words)):
        raise NotPlainYamlError(text)
    return list(map(_scalar, words))


def _scalar(text: str) -> Any:
    if text.startswith('"') and "\\u" not in text:
        try:
            return str(json.loads(text))
        except ValueError:
            raise NotPlainYamlError(text) from None
    if text.startswith("'") and text.endswith("'") and len(text) > 1 and "'" not in text[1:-1].replace("''", ""):
        return text[1:-1].replace("''", "'")
    if text in {"true", "false"}:
        return text == "true"
    if _NUMBER.fullmatch(text):
        return int(text)
    if text.lower() in _MEANS_MORE or not _PLAIN.fullmatch(text) or ": " in text or " #" in text:
        raise NotPlainYamlError(text)
    return text


_ENTRY = regex(r"(?P<name>[A-Za-z][A-Za-z_-]*):(?: (?P<value>\S(?:.*\S)?))?")
_WORD = regex(r"[\w-]+")
_NUMBER = regex(r"0|[1-9][0-9]*")
# It begins with a letter, which no number or date does, and ends with no colon.
_PLAIN = regex(r"[A-Za-z][^\t]*[^:\t ]|[A-Za-z]")
_MEANS_MORE = frozenset({"yes", "no", "on", "off", "null", "true", "false", "y", "n"})
