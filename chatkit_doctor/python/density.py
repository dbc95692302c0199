"""How much a Python text says: its tree takes up to a thousand bytes for each word and sign, however short they are."""

from __future__ import annotations

import re
from functools import lru_cache

from chatkit_doctor.patterns import regex
from chatkit_doctor.source import PassingError, UnreadableSourceError

# What people write has a word or a sign in nine bytes; tables of numbers, which are short, one in three.
_MOST = 100_000
_MOST_IN_A_BYTE = 0.16
# CPython looks for each braced part from the beginning of the text that it stands in: their number times its length.
_MOST_SEARCHED = 100_000_000
# Of several files together, their texts and comments included.
_MOST_TOGETHER = 0.3

_WORD = regex(r"\w+|[^\w\s]")
_TOKEN = regex(r"#[^\n]*|'''|\"\"\"|\w+|[^\w\s]")
_SIGNS = bytes(each for each in range(128) if not re.match(r"[\w\s]", chr(each)))
_BLANK_SIGNS = bytes(32 if each in _SIGNS else each for each in range(256))
_FORMATTED = regex(r"(?<!\w)(?:f|fr|rf)\s*('''|\"\"\"|['\"])", re.IGNORECASE)
_REST = {"'": regex(r"[^'\\\n]*(?:\\.[^'\\\n]*)*'?", re.DOTALL), '"': regex(r'[^"\\\n]*(?:\\.[^"\\\n]*)*"?', re.DOTALL)}


def check_density(text: str) -> None:
    """Raise UnreadableSourceError for a text whose tree would not fit into the memory of a usual machine."""
    if len(text) <= _MOST and text.count("{") * len(text) <= _MOST_SEARCHED:
        return
    allowed = _MOST + len(text) * _MOST_IN_A_BYTE
    # With the words of its texts and comments it is counted many times as fast, and seldom is even that too much.
    if words_in(text) <= allowed and not _may_search_too_much(text):
        return
    count = at = 0
    is_formatted = False
    while (token := _TOKEN.search(text, at)) is not None:
        at, word = token.end(), token[0]
        quote = word[0]
        if quote in "'\"":
            end = _end_of_triple(text, at, word) if len(word) == 3 else _end_of_line(text, at, quote)
            if is_formatted:
                braces = text.count("{", at, end)
                if braces * (end - at) > _MOST_SEARCHED:
                    reason = f"an f-string in it has {braces:,} braces, too many to take in"
                    raise UnreadableSourceError(reason, _line(text, at))
                count += sum(1 for _ in _WORD.finditer(text, at, end))
            at = end
        count += quote != "#"
        if count > allowed:
            reason = f"it has more than {int(allowed):,} words and signs, too many to take in"
            raise UnreadableSourceError(reason, _line(text, at))
        is_formatted = len(word) <= 2 and word[-1] in "fFrR" and "f" in word.lower()


# Of a file among many, the same is asked right before this.
@lru_cache(maxsize=1)
def words_in(text: str) -> int:
    """Return how many words and signs a text has, those in its texts and comments among them.

    Signs beyond ASCII, which no code outside of texts has, count as letters do: so it takes a quarter of the time.
    """
    data = text.encode(errors="surrogatepass")
    return len(data) - len(data.translate(None, _SIGNS)) + len(data.translate(_BLANK_SIGNS).split())


def check_together(before: tuple[int, int], more: tuple[int, int]) -> tuple[int, int]:
    """Return the words and signs, and the characters, of several files with those of one more.

    Raises PassingError where they say too much together.
    """
    count, size = before[0] + more[0], before[1] + more[1]
    if count > _MOST + size * _MOST_TOGETHER:
        reason = f"it and the files before it have {count:,} words and signs, too many to take in"
        raise PassingError(reason)
    return count, size


def beyond(weight: tuple[int, int]) -> float:
    """Return which share of the room for all files a file takes beyond what its own size makes room for."""
    return max(weight[0] - weight[1] * _MOST_TOGETHER, 0) / _MOST


def _may_search_too_much(text: str) -> bool:
    """Return whether something that looks like an f-string, wherever it stands, has too many braces."""
    if text.count("{") * len(text) <= _MOST_SEARCHED:
        return False
    for found in _FORMATTED.finditer(text):
        at, quotes = found.end(), found[1]
        end = _end_of_triple(text, at, quotes) if len(quotes) == 3 else _end_of_line(text, at, quotes)
        if text.count("{", at, end) * (end - at) > _MOST_SEARCHED:
            return True
    return False


def _end_of_line(text: str, at: int, quote: str) -> int:
    rest = _REST[quote].match(text, at)
    return rest.end() if rest else at


def _end_of_triple(text: str, at: int, quotes: str) -> int:
    """Return the place behind the end of a text in three quotes; that of the file where it has none."""
    while (end := text.find(quotes, at)) >= 0:
        before = text[max(end - 100, at) : end]
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            return end + 3
        at = end + 1
    return len(text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
