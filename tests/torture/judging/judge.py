"""Holds what a fix makes of a project against what the project was, before all judges at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.torture.judging import python, web, worse

# tsc's complaints of grammar have numbers from 1000 on.
_NO_TYPESCRIPT = "tsc: TS1"


def made_worse(
    before: Path, after: Path, changed: Sequence[str], judges: web.WebJudges | None, depth: int = 0
) -> list[str]:
    """Return what the judges have against a project after a fix that they had not before, in words.

    before, after: the same files, but for those in `changed`. judges: None where there is no node.
    depth: how many folders of a path name a project, where there are several in one folder.
    """
    written = [name for name in changed if name.endswith((".py", ".pyi"))]
    found: list[str] = []
    if written:
        found += worse(python.compiled(before, written), python.compiled(after, written))
        known = python.linted(before)
        found += worse(known, python.linted(after))
        importable = [name for name in written if name.endswith(".py")]
        was, now = (python.imported(root, importable, depth) for root in (before, after))
        found += python.imports_worse(was, now, known)
    pages = [name for name in changed if name not in written]
    if pages and judges is not None:
        # How a file does not parse is no matter.
        known = judges.parsed(before, pages)
        refused = {path for path, _ in known}
        found += worse(known, judges.parsed(after, [name for name in pages if name not in refused]))
        typed, retyped = judges.typed(before, after)
        # Of a file that is no TypeScript (an import inside of a function), types say nothing.
        broken = {path for path, words in typed if words.startswith(_NO_TYPESCRIPT)}
        found += worse(typed, Counter(each for each in retyped.elements() if each[0] not in broken))
    return found
