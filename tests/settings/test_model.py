from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scanning.selection import ScanError
from chatkit_doctor.scanning.settings import Settings

ALL = frozenset(pages())
FOLDER = Path("/project")
FILE = FOLDER / "app.py"


def settings(**fields: object) -> Settings:
    return Settings(FOLDER / "chatkit-doctor.toml", FOLDER, **fields)  # type: ignore[arg-type]


def starting(*prefixes: str) -> frozenset[str]:
    return frozenset(code for code in ALL if code.startswith(prefixes))


# Which rules


def test_without_settings_every_rule_runs() -> None:
    assert Settings().codes_for(FILE) == ALL


@pytest.mark.parametrize(
    ("of_file", "select", "ignore", "codes"),
    [
        (settings(select=("CK1",)), (), (), starting("CK1")),
        (settings(select=("CK1",)), ("CK2",), (), starting("CK2")),
        (settings(ignore=("CK1",)), (), (), ALL - starting("CK1")),
        (settings(ignore=("CK1",)), (), ("CK2",), ALL - starting("CK1", "CK2")),
        (settings(ignore=("CK1",)), ("CK1", "CK2"), (), starting("CK2")),
        # What is named more exactly goes before what is named less exactly, wherever it is named.
        (settings(ignore=("CK1",)), ("CK101",), (), frozenset({"CK101"})),
        (settings(select=("missing-store-methods",)), (), ("CK2",), frozenset({"CK201"})),
        (settings(ignore=("CK101",)), ("CK101",), (), frozenset()),
    ],
)
def test_the_command_line_replaces_select_and_adds_to_ignore(
    of_file: Settings, select: tuple[str, ...], ignore: tuple[str, ...], codes: frozenset[str]
) -> None:
    assert of_file.codes_for(FILE, select, ignore) == codes


def test_a_wrong_selector_of_the_command_line_is_no_error_of_the_file() -> None:
    with pytest.raises(ScanError, match="CK999"):
        settings().codes_for(FILE, ("CK999",))


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("*.py", ["app.py", "a/b/c.py"], ["app.ts", "app.pyi"]),
        ("tests/**", ["tests/a.py", "tests/b/c.py"], ["a/tests/b.py", "tests.py"]),
        ("tests", ["tests/a.py", "a/tests/b/c.py", "tests"], ["tests.py"]),
        ("tests/", ["tests/a.py", "a/tests/b.py"], ["tests"]),
        ("backend/store.py", ["backend/store.py"], ["a/backend/store.py", "store.py"]),
        ("/store.py", ["store.py"], ["backend/store.py"]),
        ("**/gen/*.ts", ["gen/a.ts", "a/b/gen/c.ts"], ["gen/a/b.ts"]),
        ("[ab]?.py", ["a1.py", "x/b2.py"], ["c1.py", "a.py"]),
    ],
)
def test_per_file_ignores_match_as_gitignore_does(pattern: str, matching: list[str], others: list[str]) -> None:
    found = settings(per_file_ignores={pattern: ("CK1",)})

    for path in matching:
        assert found.codes_for(FOLDER / path) == ALL - starting("CK1"), path
    for path in others:
        assert found.codes_for(FOLDER / path) == ALL, path


def test_what_is_ignored_for_a_file_adds_up_and_goes_before_any_selection() -> None:
    found = settings(select=("CK101", "CK102"), per_file_ignores={"*.py": ("CK1",), "app.*": ("CK4",)})

    assert found.codes_for(FILE) == frozenset()
    assert found.codes_for(FILE, ("CK101", "CK2", "CK4")) == starting("CK2")
    assert found.codes_for(FOLDER / "app.ts") == {"CK101", "CK102"}


def test_a_file_outside_the_folder_matches_no_pattern() -> None:
    found = settings(per_file_ignores={"*.py": ("CK1",)}, exclude=("*.py",))

    for path in (Path("/elsewhere/app.py"), Path("/project-two/app.py")):
        assert found.codes_for(path) == ALL
        assert not found.excludes(str(path), is_folder=False)


# How bad


@pytest.mark.parametrize(
    ("severity", "code", "level"),
    [
        ({}, "CK101", None),
        ({"CK1": "info"}, "CK101", "info"),
        ({"CK1": "info"}, "CK201", None),
        ({"unknown-chatkit-module": "error", "CK1": "info"}, "CK101", "error"),
        ({"CK101": "error", "CK10": "warning", "CK": "info"}, "CK102", "warning"),
        ({"CK": "info", "CK101": "error"}, "CK101", "error"),
        ({"CK101": "error", "unknown-chatkit-module": "info"}, "CK101", "info"),
    ],
)
def test_the_most_exact_severity_decides(severity: dict[str, str], code: str, level: str | None) -> None:
    found = settings(severity={selector: Severity(each) for selector, each in severity.items()})

    assert found.severity_for(code) == level
