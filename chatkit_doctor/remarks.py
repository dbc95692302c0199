"""What a comment above code is about, in any language."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.patterns import regex

_WORD = regex(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_CODE = regex(
    r"(?:.*(?:[;{,(\[]$|\w\(.*\)|[\w\])] *=[^=])|^[\w'\"]+: *\S+,?$|^(?:await|return|import|from|const|let) )"
)
_SIGNS = "#/*{} \t"

# What speaks to a tool about the line below it, and would speak about another one if it stayed.
_OF_NEXT_LINE = regex(
    r"-next-line\b|@ts-(?:ignore|expect-error)\b|prettier-ignore\b|biome-ignore\b(?!-)|\bignore next\b"
    r"|chatkit-doctor: ignore\["
)
# What speaks to a tool, or to people, about more than a line: a section, a block, the file.
_OF_MORE = regex(
    r"[-=*~─]{3}|%%|\b(?:end)?region\b|(?:eslint|biome|oxlint)-(?:dis|en)able\b(?!-)|biome-ignore-|ignore-file"
    r"|^(?:fmt|ruff|pylint|mypy|isort|flake8|yapf|type|pyright): |@ts-(?:no)?check\b|<reference\b"
    r"|@?\blicen[sc]e|SPDX-|[Cc]opyright\b"
)
_TO_DO = regex(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def count_going(comments: Sequence[str], gone: str, left: str | None) -> int:
    """Return how many of the comments right above some code, from the last one up, go with it.

    left: what follows the code without a blank line, which they may be about as well.
    """
    said = [[line.strip(_SIGNS) for line in each.splitlines()] for each in comments]
    of_line = 0
    while said and any(map(_OF_NEXT_LINE.search, said[-1])):
        said.pop()
        of_line += 1
    return of_line + len(said) if _is_about([line for each in said for line in each], gone, left) else of_line


def _is_about(lines: list[str], gone: str, left: str | None) -> bool:
    """Return whether lines of comments are no code, and about the code that goes alone."""
    if any(_CODE.match(each) or _OF_MORE.search(each) for each in lines):
        return False
    if left is None and not any(map(_TO_DO.search, lines)):
        return True
    words, of_gone, of_left = (set(map(_plain, _WORD.findall(each))) for each in (" ".join(lines), gone, left or ""))
    return bool(words & of_gone - of_left)


def _plain(word: str) -> str:
    return word.lower().removesuffix("s")
