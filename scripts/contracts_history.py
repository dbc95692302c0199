"""Facts of many releases folded into one table, and the files that hold it.

The facts of one release are nested dictionaries whose leaves are JSON values. Folded, each leaf becomes a list
of spans `[first, last, value]`, oldest first: the value held from release `first` to release `last`, and `last`
is null while it holds in the newest. So a release that changes nothing changes no leaf.
"""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Facts = dict[str, Any]
Path_ = tuple[str, ...]


def fold(releases: Sequence[tuple[str, Facts]], depth: int) -> Facts:
    """Return one table for releases given oldest first. `depth`: how many keys deep the leaves are."""
    spans: dict[Path_, list[list[Any]]] = {}
    for index, (release, facts) in enumerate(releases):
        previous = releases[index - 1][0] if index else None
        for path, value in leaves(facts, depth):
            known = spans.setdefault(path, [])
            if known and known[-1][1] == previous and known[-1][2] == value:
                known[-1][1] = release
            else:
                known.append([release, release, value])
    newest = releases[-1][0]
    return nested({path: [open_ended(span, newest) for span in known] for path, known in spans.items()})


def leaves(facts: Any, depth: int, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield the path and the value of everything that lies `depth` keys deep."""
    if depth == 0:
        yield path, facts
        return
    for key, value in facts.items():
        yield from leaves(value, depth - 1, (*path, key))


def open_ended(span: list[Any], newest: str) -> list[Any]:
    """Return a span that reaches the newest release as one without an end."""
    first, last, value = span
    return [first, None if last == newest else last, value]


def nested(table: dict[Path_, Any]) -> Facts:
    """Return a dictionary of dictionaries for values by path."""
    result: Facts = {}
    for path, value in table.items():
        place = result
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = value
    return result


def dumps(data: Any, depth: int) -> str:
    """Return JSON with sorted keys, one line per leaf, so that a diff shows one line per changed datum."""
    return "\n".join(_lines(data, depth, "")) + "\n"


def _lines(data: Any, depth: int, indent: str) -> Iterator[str]:
    if depth == 0 or not isinstance(data, dict) or not data:
        yield json.dumps(data, sort_keys=True, ensure_ascii=False)
        return
    yield "{"
    for index, key in enumerate(sorted(data)):
        first, *rest = _lines(data[key], depth - 1, indent + " ")
        comma = "," if index < len(data) - 1 else ""
        body = [f"{indent} {json.dumps(key)}: {first}", *rest]
        yield from body[:-1]
        yield body[-1] + comma
    yield f"{indent}}}"


def write(files: dict[Path, str]) -> list[str]:
    """Write the files whose text changed and return their names."""
    changed = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(files[path], encoding="utf-8", newline="\n")
    return [path.name for path in changed]


def changes(files: dict[Path, str]) -> Iterator[str]:
    """Yield a unified diff, without context, from the files as they are to the texts given."""
    for path, text in files.items():
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        yield from difflib.unified_diff(before, text.splitlines(), path.name, path.name, lineterm="", n=0)
