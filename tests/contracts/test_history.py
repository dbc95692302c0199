"""How the build script folds releases into spans, writes them and tells what would change."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "contracts_history.py"


@pytest.fixture(scope="module")
def history() -> ModuleType:
    spec = spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RELEASES = [
    ("1.0", {"m": {"kept": "a", "gone": "b", "back": 1}}),
    ("1.1", {"m": {"kept": "a", "changed": "c"}}),
    ("1.2", {"m": {"kept": "a", "changed": "d", "back": 1}}),
]


def test_a_datum_holds_from_its_first_to_its_last_release(history: ModuleType) -> None:
    assert history.fold(RELEASES, 2) == {
        "m": {
            "kept": [["1.0", None, "a"]],
            "gone": [["1.0", "1.0", "b"]],
            "changed": [["1.1", "1.1", "c"], ["1.2", None, "d"]],
            "back": [["1.0", "1.0", 1], ["1.2", None, 1]],
        }
    }


def test_a_release_that_changes_nothing_changes_no_line(history: ModuleType) -> None:
    again = [*RELEASES, ("1.3", RELEASES[-1][1])]

    assert history.dumps(history.fold(again, 2), 2) == history.dumps(history.fold(RELEASES, 2), 2)


def test_one_line_per_datum_in_order(history: ModuleType) -> None:
    text = history.dumps({"b": {"y": [1, {"k": 2}], "x": []}, "a": {}}, 2)

    assert json.loads(text) == {"a": {}, "b": {"x": [], "y": [1, {"k": 2}]}}
    assert text == '{\n "a": {},\n "b": {\n  "x": [],\n  "y": [1, {"k": 2}]\n }\n}\n'


def test_only_changed_files_are_written(history: ModuleType, tmp_path: Path) -> None:
    same, other, new = (tmp_path / name for name in ("same.json", "other.json", "new.json"))
    same.write_text("1\n")
    other.write_text("1\n2\n")
    files = {same: "1\n", other: "1\n3\n", new: "4\n"}

    assert [line for line in history.changes(files) if line[0] in "+-" and line[1] not in "+-"] == ["-2", "+3", "+4"]
    assert history.write(files) == ["other.json", "new.json"]
    assert list(history.changes(files)) == []
    assert history.write(files) == []
