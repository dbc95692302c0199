"""What a comment above code is about, in any language."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.patterns import regex

_WORD = regex(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_CODE = regex(r".*(?:[;{,(\[]$|\w\(.*\)|[\w\])] *=[^=]|^[\w'\"]+: *\S+,?$|^(?:await|return|import|from|const|let) )")

# What speaks to a tool about the line below it, and would speak about another one if it stayed.
_OF_NEXT_LINE = regex(r".*(?:-next-line\b|@ts-(?:ignore|expect-error)\b|prettier-ignore\b)")


def names_only(comments: Sequence[str], gone: str, left: str) -> bool:
    """Return whether comments name something of some code that what follows it does not have, and are no code."""
    if any(map(_OF_NEXT_LINE.match, comments)):
        return True
    said, of_gone, of_left = (set(map(_plain, _WORD.findall(each))) for each in (" ".join(comments), gone, left))
    return bool(said & of_gone - of_left) and not any(map(looks_like_code, comments))


def looks_like_code(comment: str) -> bool:
    """Return whether a line of a comment, its signs left out, may be code that somebody has taken out of the way."""
    return _CODE.match(comment.strip()) is not None


def _plain(word: str) -> str:
    return word.lower().removesuffix("s")
