"""The rules of .gitignore files, as gitignore(5) has them, for a walk that goes from the top down.

Git's own reading is needed exactly: a rule matches an entry itself, never what is below it, since a walk does
not go into a folder that is ignored. Libraries that match whole paths differ there, and cost more to import
than a scan takes. Named character classes ([[:alpha:]]) are not known: a rule with one matches nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from chatkit_doctor.project.files.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Rules:
    """The rules of one ignore file.

    base: the folder they are relative to, as a string that ends with a separator.
    """

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self._skip = len(base)
        patterns = [pattern for line in lines if (pattern := _parse(line)) is not None]
        # The last rule that matches decides, hence from the last to the first; neighbours that say the same
        # share a group.
        runs = [(ignores, list(run)) for ignores, run in groupby(reversed(patterns), lambda each: each.ignores)]
        self._verdicts = [ignores for ignores, _ in runs]
        self._regex = re.compile("|".join(f"({_alternatives(run)})" for _, run in runs) or "(?!)", re.DOTALL)

    @classmethod
    def read(cls, path: Path | str, base: str) -> Rules:
        """Return the rules of an ignore file. Raises FileProblem."""
        text = read_bytes(path).decode("utf-8-sig", "surrogateescape")
        return cls(base, (line.removesuffix("\r") for line in text.split("\n")))

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Return True for ignored, False for taken back in by a `!` rule, None where no rule speaks of it.

        path: below `base`, which it starts with.
        """
        match = self._regex.fullmatch(path[self._skip :] + (_FOLDER if is_folder else ""))
        return None if match is None else self._verdicts[(match.lastindex or 1) - 1]


# Ends the name of a folder when it is matched. Not a slash: `x/*` must not match the folder x itself.
_FOLDER = "\0"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One rule: whether it ignores or takes back in, whether it is for names at any depth, its regex."""

    ignores: bool
    anywhere: bool
    regex: str


def _parse(line: str) -> _Pattern | None:
    if line.startswith("#"):
        return None
    glob = _TRAILING_SPACES.sub("", line)
    ignores = not glob.startswith("!")
    glob = glob.removeprefix("!")
    only_folders = glob.endswith("/")
    glob = glob.removesuffix("/")
    regex = _translate(glob.removeprefix("/"))
    if regex is None:
        return None
    return _Pattern(ignores, "/" not in glob, regex + (_FOLDER if only_folders else f"{_FOLDER}?"))


def _alternatives(patterns: list[_Pattern]) -> str:
    names = "|".join(each.regex for each in patterns if each.anywhere)
    paths = [each.regex for each in patterns if not each.anywhere]
    return "|".join([*([f"(?:.*/)?(?:{names})"] if names else []), *paths])


def _translate(glob: str) -> str | None:
    """Return the regex of a glob, or None for one that matches nothing."""
    parts = list(_parts(glob))
    return "".join(parts) if glob and "" not in parts else None


def _parts(glob: str) -> Iterator[str]:
    """Yield a regex for each token of a glob, an empty one for what is malformed."""
    position = 0
    while position < len(glob):
        token = _TOKEN.match(glob, position)
        if token is None:
            yield ""
            return
        position = token.end()
        match token.lastgroup:
            case "folders":
                yield "(?:.*/)?"
            case "rest":
                yield "[^\0]+"
            case "leap":
                # Up to the first such text is enough where another star follows; atomic, or a rule of many
                # stars would be tried in every way there is.
                yield f"(?>[^/\0]*?{re.escape(token['text'])})"
            case "star":
                yield "[^/\0]*"
            case "one":
                yield "[^/\0]"
            case "set":
                yield _set(token["set"][1:-1])
            case _:
                yield re.escape(token[0][-1])


def _set(body: str) -> str:
    if "[:" in body:
        return ""
    negated = body[0] in "!^"
    ranges = []
    for item in _SET_ITEM.finditer(body, 1 if negated else 0):
        low, high = item["low"][-1], (item["high"] or item["low"])[-1]
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
    if not ranges:
        return "[^/\0]" if negated else ""
    return f"(?![/\0])[{'^' if negated else ''}{''.join(ranges)}]"


_TRAILING_SPACES = re.compile(r"(?<!\\) +$")
_TOKEN = re.compile(
    r"""(?P<folders>(?:(?<=/)|^)(?:\*\*+/)+) | (?P<rest>(?:(?<=/)|^)\*\*+$)
    | (?P<leap>\*+(?P<text>[^*?[\\/]+)(?=\*)) | (?P<star>\*+) | (?P<one>\?)
    | (?P<set>\[[!^]?+(?>\\.|.)(?:\\.|[^]\\])*\]) | \\. | [^*?[\\]""",
    re.VERBOSE | re.DOTALL,
)
_SET_ITEM = re.compile(r"(?P<low>\\.|.)(?:-(?P<high>\\.|.))?", re.DOTALL)
