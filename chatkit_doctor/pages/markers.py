"""The comments on rule pages that promise findings: `# expect: CK101 "chatkit.stores"` at the end of a line of code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

_COMMENTS = (("{/* ", " */}"), ("<!-- ", " -->"), ("/* ", " */"), ("# ", ""), ("// ", ""))


def split_marker(line: str) -> tuple[str, str]:
    """Return a line without its marker and the blanks before it, and what the marker says; "" for none."""
    for opening, closing in _COMMENTS:
        code, found, promise = line.rpartition(f"{opening}expect: ")
        if found and promise.endswith(closing):
            return code.rstrip(" "), promise.removesuffix(closing)
    return line, ""


def readable(body: str) -> Iterator[str]:
    """Yield the lines of a page for readers: above each block what it is and its path, and no markers of the tests."""
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            yield split_marker(line)[0]
            continue
        fence, *words = line.split(" ")
        if words:
            path = "".join(f" `{word.removeprefix('path=')}`" for word in words if word.startswith("path="))
            yield f"{_heading(words[0], lines[number + 1 :])}:{path}\n"
        yield fence


def _heading(kind: str, below: list[str]) -> str:
    """Return what a block is: of the files of a bad case those that nothing is found in stand beside it."""
    block = takewhile(lambda line: not line.startswith("```"), below)
    if kind == "bad" and not any(split_marker(line)[1] for line in block):
        return "Beside it"
    return kind.capitalize()
