"""Comments in what says what a project depends on: TOML, requirements files, YAML and the like. JSON has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.scanning.suppressions.comments import Comment, CommentLayout
from chatkit_doctor.scanning.suppressions.hash_lines import comment_lines

if TYPE_CHECKING:
    from chatkit_doctor.source import Source

_TOML_NAMES = frozenset({"Pipfile", "uv.lock", "poetry.lock", "pdm.lock"})
_REQUIREMENTS = frozenset({".txt", ".in"})
_WITHOUT_COMMENTS = frozenset({".json", ".jsonc", ".widget"})


def manifest_layout(source: Source) -> CommentLayout:
    """Return the comments of a manifest, by the rules of its language."""
    name, suffix = source.path.name, source.path.suffix
    if suffix == ".toml" or name in _TOML_NAMES:
        comments = tuple(_matches(source, _TOML))
    elif suffix in _REQUIREMENTS:
        comments = tuple(_matches(source, _REQUIREMENT))
    elif suffix in _WITHOUT_COMMENTS or name == "Pipfile.lock":
        return CommentLayout()
    else:
        # What a `#` behind something means differs from tool to tool; a line of its own is safe with all.
        comments = tuple(comment_lines(source))
    code = _CODE.search(source.text)
    return CommentLayout(comments, len(source.text) if code is None else code.start())


def _matches(source: Source, pattern: re.Pattern[str]) -> Iterator[Comment]:
    for match in pattern.finditer(source.text):
        if match["comment"] is not None:
            start, end = match.span("comment")
            yield Comment(start, end, start + 1, end)


# A line that is neither blank nor a comment nor the marker that opens a document of YAML.
_CODE = regex(r"^(?![ \t\r]*(?:#|---\s*$|$))", re.MULTILINE)
_TOML = regex(
    r'''(?P<comment>\#[^\r\n]*)
    | """(?s:\\.|[^\\])*?"{3,5}(?!") | \'\'\'(?s:.)*?'{3,5}(?!') | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' ''',
    re.VERBOSE,
)
_REQUIREMENT = regex(r"(?:^|(?<=\s))(?P<comment>#[^\r\n]*)", re.MULTILINE)
