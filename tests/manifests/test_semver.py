"""Expectations are node-semver's own answers; thousands more were compared with it when this was written."""

from __future__ import annotations

import pytest

from chatkit_doctor.project.versions.semver import Range, Version, exact


def admits(text: str, version: str) -> bool:
    found, parsed = Range.parse(text), Version.parse(version)
    assert found is not None
    assert parsed is not None
    return found.admits(parsed)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("^1.2.3", "1.9.0", "2.0.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0", "0.9.9", "1.0.0"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("~1.2.3", "1.2.9", "1.3.0"),
        ("~1", "1.9.0", "2.0.0"),
        ("1.x", "1.9.9", "2.0.0"),
        ("1.2.*", "1.2.9", "1.3.0"),
        ("*", "9.9.9", "9.9.9-beta"),
        ("", "0.0.0", "1.0.0-rc.1"),
        (">=1.1.1 <2.0.0", "1.9.9", "2.0.0"),
        (">= 1.2", "1.2.0", "1.1.9"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9", "1.3.0"),
        ("1.2 - 1.4", "1.4.9", "1.5.0"),
        ("1.2.3 - 1.4.1", "1.4.1", "1.4.2"),
        ("^1.0.0 || ^3.0.0", "3.1.0", "2.0.0"),
        ("^1.2.3-beta.2", "1.2.3-beta.4", "1.2.4-beta.4"),
        ("=v1.2.3", "1.2.3", "1.2.4"),
        ("<1.0.0", "0.9.9", "1.0.0-beta"),
    ],
)
def test_ranges(text: str, inside: str, outside: str) -> None:
    assert admits(text, inside)
    assert not admits(text, outside)


@pytest.mark.parametrize("text", ["latest", "workspace:*", "^", "1.2.3.4", "01.2.3", "1.x.3", "github:someone/thing"])
def test_what_is_no_range(text: str) -> None:
    assert Range.parse(text) is None


def test_the_order_of_versions() -> None:
    ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.10",
    ]
    parsed = [version for each in ordered if (version := Version.parse(each))]
    assert len(parsed) == len(ordered)
    assert sorted(parsed) == parsed
    assert max(parsed) == parsed[-1]


@pytest.mark.parametrize(
    ("text", "version"), [("1.2.3", "1.2.3"), ("=1.2.3", "1.2.3"), ("v1.2.3", "1.2.3"), ("1.2", None), ("^1.2.3", None)]
)
def test_exact(text: str, version: str | None) -> None:
    assert exact(text) == version
