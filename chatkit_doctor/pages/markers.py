"""The comments on rule pages that promise findings: `# expect: CK101 "chatkit.stores"` at the end of a line of code."""

from __future__ import annotations

from collections.abc import Iterator

_COMMENTS = (("{/* ", " */}"), ("<!-- ", " -->"), ("/* ", " */"), ("# ", ""), ("// ", ""))


def split_marker(line: str) -> tuple[str, str]:
    """Return a line without its marker and the blanks before it, and what the marker says; "" for none."""
    for opening, closing in _COMMENTS:
        code, found, promise = line.rpartition(f"{opening}expect: ")
        if found and promise.endswith(closing):
            return code.rstrip(" "), promise.removesuffix(closing)
    return line, ""


def readable(body: str) -> Iterator[str]:
    """Yield the lines of a page for readers: the path of each block before it, and no markers of the tests."""
    for line in body.split("\n"):
        if not line.startswith("```"):
            yield split_marker(line)[0]
            continue
        fence, *words = line.split(" ")
        yield from (f"`{word.removeprefix('path=')}`\n" for word in words if word.startswith("path="))
        yield fence
