"""The front matter of pages is read without a parser of YAML, and as one would read it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.pages.plain_yaml import NotPlainYamlError, read_plain


@pytest.mark.parametrize("code", pages())
def test_every_page_is_written_plainly(code: str) -> None:
    front = pages()[code].path.read_text(encoding="utf-8").split("---\n", 2)[1]

    assert read_plain(front) == yaml.safe_load(front)


_NAMES = st.sampled_from(["code", "why", "seen_as", "no", "On", "null", "a-b"])
_WORDS = ("word", "no", "Yes", "null", "~", "1", "07", "1.5", "2024-05-01", "0x1f")
_PARTS = (*_WORDS, '"', "'", "''", "\\\\", "\\n", ": ", " #", ":", " ")
_SIGNS = ("[", "]", ", ", "{", "}", "- ", "&a", "*", "|", ">", "@", "%", "\t")
_TEXTS = st.lists(st.sampled_from([*_PARTS, *_SIGNS]), max_size=4)
_VALUES = st.one_of(
    _TEXTS.map("".join),
    _TEXTS.map(lambda parts: f'"{"".join(parts)}"'),
    _TEXTS.map(lambda parts: f"'{''.join(parts)}'"),
    st.lists(st.sampled_from(_PARTS), max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
)
_INNER = st.one_of(st.builds("  - {}".format, _VALUES), st.builds("  {}: {}".format, _NAMES, _VALUES))
_LINES = st.one_of(st.builds("{}: {}".format, _NAMES, _VALUES), st.builds("{}:".format, _NAMES), _INNER)


@settings(max_examples=1_500, deadline=None)
@given(st.lists(_LINES, max_size=4).map("\n".join))
def test_what_is_read_is_what_a_parser_reads(text: str) -> None:
    try:
        read = read_plain(text)
    except NotPlainYamlError:
        return
    assert read == (yaml.safe_load(text) or {})
