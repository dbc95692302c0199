"""Examples of the rules' pages that say one thing over and over: a file, the lines of a block, or a line.

What is repeated stands there as it is, or each time with other names. A rule that looks from each of its places at
all others takes time with the square of such a file, however few of them people write.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.pages.catalogue import Page
from tests.page_cases import Case, cases

_CODE = (".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".html", ".vue", ".svelte")
# What gives a name: the same in Python, in JavaScript and in the attributes of markup.
_GIVEN = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:def|class|function|const|let|var)\s+(\w+)"
    r"|^\s*(?:async\s+)?for\s+(\w+)\s+in\b|\bas\s+(\w+):|^\s*(\w+)(?:\s*:\s*[^=]+?)?\s=\s",
    re.MULTILINE,
)
_NOTHING = re.compile(r"\s*(#|//|<!--|[\])}>;,]*$)")


@dataclass(frozen=True)
class Repeated:
    """A file of a case in which the lines from `start` to `end` stand many times."""

    case: Case
    path: str
    start: int
    end: int
    is_renamed: bool

    def __str__(self) -> str:
        lines = f"{self.start + 1}-{self.end}{' renamed' if self.is_renamed else ''}"
        return f"{self.case} {self.path} {lines}"

    def files(self, size: int) -> dict[str, str]:
        """Return the files of the case, those lines said so often that they are about `size` characters."""
        lines = self.case.files[self.path].splitlines(keepends=True)
        said = "".join(lines[self.start : self.end]).rstrip("\n") + "\n"
        times = max(1, size // len(said))
        if self.is_renamed:
            name = re.compile(rf"\b({'|'.join(sorted(_names(said)))})\b")
            repeated = "".join(name.sub(rf"\g<1>{number}", said) for number in range(times))
        else:
            repeated = said * times
        return self.case.files | {self.path: "".join(lines[: self.start]) + repeated + "".join(lines[self.end :])}


def repetitions(page: Page) -> Iterator[Repeated]:
    """Yield what can be repeated in the examples of a page that are wrong, each once."""
    seen: set[tuple[str, bool]] = set()
    for case in cases(page):
        for path, text in case.files.items() if case.is_bad else ():
            if not path.endswith(_CODE):
                continue
            lines = text.splitlines(keepends=True)
            for start, end in _pieces(lines):
                said = "".join(lines[start:end])
                for is_renamed in (False, True) if _names(said) else (False,):
                    repeated = Repeated(case, path, start, end, is_renamed)
                    if (said, is_renamed) not in seen and _is_read(repeated):
                        yield repeated
                    seen.add((said, is_renamed))


def _pieces(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the file, each block and each line begins and ends: a block stands deeper than the line before it."""
    yield 0, len(lines)
    for number, line in enumerate(lines):
        if not _NOTHING.match(line):
            yield number, number + 1
        end = number + 1
        while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > _depth(line)):
            end += 1
        if line.strip() and end > number + 2:
            yield number + 1, end


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _names(text: str) -> set[str]:
    return {name for groups in _GIVEN.findall(text) for name in groups if name}


def _is_read(repeated: Repeated) -> bool:
    """Tell whether it is still a program: the first line of a class cannot be said twice."""
    if not repeated.path.endswith(".py"):
        return True
    try:
        ast.parse(repeated.files(3 * len(repeated.case.files[repeated.path]))[repeated.path])
    except SyntaxError:
        return False
    return True
