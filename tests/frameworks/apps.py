"""Small apps, one for each framework: `broken` with mistakes that are made in it, `right` without, `app` for both.

A mark at the end of a line promises a finding there, `expect: CK401 "api"`; `stays` behind it says that all fixes leave
it. Marks are taken out before an app is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chatkit_doctor.pages.markers import split_marker
from tests.projects import write_exactly

_FOLDER = Path(__file__).parent
NAMES = sorted(path.parent.name for path in _FOLDER.glob("*/broken"))
_PROMISE = re.compile(r'(?P<code>CK\d{3}) (?P<span>"(?:[^"\\]|\\.)*")(?P<stays> stays)?(?:; |$)')


@dataclass(frozen=True, order=True)
class Promise:
    """A finding that a mark promises: the line on which it starts, and the first line of its span, in quotes."""

    path: str
    line: int
    code: str
    span: str
    stays: bool = field(compare=False, default=False)


@dataclass
class Written:
    """An app as it is written to disk, and what its marks promise."""

    files: dict[str, str]
    promises: list[Promise]


def app(name: str, kind: str) -> Written:
    """Return an app without its marks. kind: `broken` or `right`."""
    files: dict[str, str] = {}
    promises: list[Promise] = []
    for part in ("app", kind):
        folder = _FOLDER / name / part
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            name_of_it = path.relative_to(folder).as_posix()
            lines = [split_marker(line) for line in path.read_text("utf-8").split("\n")]
            files[name_of_it] = "\n".join(code for code, _ in lines)
            for number, (_, marker) in enumerate(lines, 1):
                promises += _promises(name_of_it, number, marker)
    return Written(files, sorted(promises))


def write(name: str, kind: str, folder: Path) -> Written:
    """Write an app below a folder, and return it."""
    written = app(name, kind)
    write_exactly(folder, written.files)
    return written


def _promises(path: str, line: int, marker: str) -> Iterator[Promise]:
    end = 0
    for found in _PROMISE.finditer(marker):
        assert found.start() == end, marker
        end = found.end()
        yield Promise(path, line, found["code"], found["span"], bool(found["stays"]))
    assert end == len(marker), marker
