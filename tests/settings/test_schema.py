from __future__ import annotations

import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.targets import PACKAGES
from chatkit_doctor.scanning.settings import Settings, SettingsError
from chatkit_doctor.scanning.settings.reading import read_settings
from chatkit_doctor.scanning.settings.schema import json_schema
from chatkit_doctor.scanning.settings.show import values
from chatkit_doctor.scanning.settings.values import KEYS

SCHEMA = json_schema()

SELECTORS = st.sampled_from(["CK", "CK1", "CK20", "CK101", *pages(), *(page.name for page in pages().values())])
PATTERNS = st.sampled_from(["*.py", "tests/**", "/a b", "!kept", "\\#x", "**", "é", "[", "\x01"])
FILE_PATTERNS = PATTERNS.filter(lambda pattern: not pattern.startswith("!"))
PYTHON_VERSIONS = st.sampled_from(["1", "1.4.0", "1.4.0rc1", "1.4.0.post1", "0.1.dev2"])
NODE_VERSIONS = st.sampled_from(["1.4.0", "0.0.0", "2.0.0-beta.1", "1.0.0-rc"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "select": st.lists(SELECTORS, min_size=1, max_size=4),
    "ignore": st.lists(SELECTORS, max_size=4),
    "per-file-ignores": st.dictionaries(FILE_PATTERNS, st.lists(SELECTORS, max_size=3), max_size=3),
    "exclude": st.lists(PATTERNS, max_size=4),
    "targets": st.fixed_dictionaries(
        {},
        optional={package: NODE_VERSIONS if package.startswith("@") else PYTHON_VERSIONS for package in PACKAGES},
    ),
    "severity": st.dictionaries(SELECTORS, st.sampled_from([each.value for each in Severity]), max_size=3),
    "unsafe-fixes": st.booleans(),
}
VALID = st.fixed_dictionaries({}, optional=VALUES)

# What people write instead, and what nobody writes.
SLIPS = st.sampled_from(
    [
        *("", " ", " x", "\n", "#x", "!x"),
        *("CK9999", "ck101", "C", "CK101 ", "warn", "Error"),
        *("v1.4", "==1.4.0", "1.4.0\n", "1.x", "01.2.3", "1.2", "1.2.3+local"),
        *("openai_chatkit", "chatkit", "per_file_ignores", "selects", "tool", "$schema"),
    ]
)
WORDS = SLIPS | SELECTORS | PATTERNS | NODE_VERSIONS | st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = WORDS | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.dates() | st.times()
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5
)
# Settings with a slip in one place.
SLIPPED = st.builds(lambda valid, key, value: valid | {key: value}, VALID, st.sampled_from(KEYS) | WORDS, JUNK)
NEARLY = st.builds(lambda key, value: {key: value}, st.sampled_from(KEYS), JUNK)


def toml(value: Any) -> str:
    """Return a value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(each if each.isalnum() else f"\\U{ord(each):08x}" for each in value) + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value!r}" if value not in {float("inf"), float("-inf")} else str(value)
    return str(value)


def read(settings: dict[str, Any]) -> Settings | SettingsError:
    """Return what the reader makes of settings written as TOML."""
    text = "".join(f"{toml(key)} = {toml(value)}\n" for key, value in settings.items())
    assert tomllib.loads(text) == settings
    with TemporaryDirectory() as folder:
        path = Path(folder, "chatkit-doctor.toml")
        path.write_text(text, encoding="utf-8", newline="")
        try:
            found = read_settings(path)
        except SettingsError as error:
            return error
    assert found is not None
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(SCHEMA["properties"]) == list(KEYS)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@given(VALID)
def test_valid_settings_are_read_and_are_of_the_schema(settings: dict[str, Any]) -> None:
    found = read(settings)

    assert isinstance(found, Settings), found
    assert {key: value for key, value in values(found).items() if key in settings} == settings
    assert Draft202012Validator(SCHEMA).is_valid(settings)


@given(SLIPPED | NEARLY)
def test_the_reader_and_the_schema_accept_the_same(settings: dict[str, Any]) -> None:
    found = read(settings)

    assert isinstance(found, Settings) == Draft202012Validator(SCHEMA).is_valid(settings), found


def test_every_slip_is_refused_where_it_is_none() -> None:
    """The two tests above would agree on a schema that accepts nothing, or everything."""
    for key, value in {"select": ["CK9999"], "exclude": [" x"], "severity": {"CK1": "warn"}, "selects": []}.items():
        assert isinstance(read({key: value}), SettingsError)
        assert not Draft202012Validator(SCHEMA).is_valid({key: value})
