"""The comments on rule pages that promise findings: `# expect: CK101 "chatkit.stores"` at the end of a line of code."""

from __future__ import annotations

_COMMENTS = (("{/* ", " */}"), ("<!-- ", " -->"), ("/* ", " */"), ("# ", ""), ("// ", ""))


def split_marker(line: str) -> tuple[str, str]:
    """Return a line without its marker and the blanks before it, and what the marker says; "" for none."""
    for opening, closing in _COMMENTS:
        code, found, promise = line.rpartition(f"{opening}expect: ")
        if found and promise.endswith(closing):
            return code.rstrip(" "), promise.removesuffix(closing)
    return line, ""
