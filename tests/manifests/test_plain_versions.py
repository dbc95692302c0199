"""Plain releases, specifiers and requirements are read as `packaging` reads them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from chatkit_doctor.project.manifests.model import Purpose, Requirement
from chatkit_doctor.project.manifests.python.pep508 import read_requirement
from chatkit_doctor.project.versions import plain
from chatkit_doctor.source import Source

VERSIONS = ("0", "0.0", "1", "1.0", "1.4", "1.4.0", "1.4.2", "1.10.3", "2", "3.0.0", "1.4.0.1")
_BLANK = st.sampled_from(["", " "])
_OPERATORS = st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~=", "===", "=", ""])
_PARTS = st.tuples(_BLANK, _OPERATORS, _BLANK, st.sampled_from([*VERSIONS, "1.*", "1a1"]), _BLANK).map("".join)
_SPECIFIERS = st.lists(_PARTS, max_size=3).map(",".join)
_REQUIREMENTS = st.tuples(
    st.sampled_from(["openai-agents", "x.y_z", "A1", "-a"]),
    st.sampled_from(["", "[litellm]", "[b, a]", " [a]", "[]", "[a,a]"]),
    _BLANK,
    _SPECIFIERS,
    st.sampled_from(["", ",", "; python_version > '3.9'"]),
).map("".join)


@settings(max_examples=500, deadline=None)
@given(_SPECIFIERS)
def test_a_plain_specifier_admits_what_packaging_says(specifier: str) -> None:
    bounds = plain.bounds(specifier)

    if bounds is not None:
        by_packaging = SpecifierSet(specifier)
        assert [plain.admits(bounds, each) for each in VERSIONS] == [by_packaging.contains(each) for each in VERSIONS]


@settings(max_examples=500, deadline=None)
@given(_REQUIREMENTS)
def test_a_requirement_is_read_as_packaging_reads_it(text: str) -> None:
    source = Source(Path("/requirements.txt"), text)
    read = read_requirement(text, source.location(0, len(text)), Purpose.MAIN)

    try:
        parsed = Parsed(text)
    except InvalidRequirement:
        assert not isinstance(read, Requirement)
        return
    assert isinstance(read, Requirement)
    assert (read.specifier, read.extras) == (str(parsed.specifier), tuple(sorted(parsed.extras)))
    assert read.conditional == (parsed.marker is not None)


def test_releases_are_compared_as_packaging_compares_them() -> None:
    for one in VERSIONS:
        for other in VERSIONS:
            assert (plain.numbers(one) < plain.numbers(other)) == (Version(one) < Version(other))
