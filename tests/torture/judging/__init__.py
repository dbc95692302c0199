"""The real judges of code: Python's compiler, ruff, an import on the real SDK, tsc and node.

Each says what it has against the files below a folder, by path, in words without line numbers, so that what is said
of a project before a fix can be taken off what is said of it afterwards.
"""

from __future__ import annotations

from collections import Counter

# A file, by its path below the judged folder, and what a judge has against it.
Complaints = Counter[tuple[str, str]]


def worse(before: Complaints, after: Complaints) -> list[str]:
    """Return what is said of files afterwards that was not said before, in words."""
    return [f"{path}: {words}" for path, words in sorted(after - before)]
