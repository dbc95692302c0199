"""The broken app fails the way the error reference says, once for each row, and in no other way."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.broken.harness import APP, doctor, repaired_copy, run_backend, run_python
from tests.standin.provider import Provider

if TYPE_CHECKING:
    from pathlib import Path

EXPECTED: list[dict[str, Any]] = json.loads((APP.parents[1] / "tests/broken/expected.json").read_text("utf-8"))

# Runs each argument as a statement of its own and prints what those say that fail.
RUN_EACH = """
import sys
for statement in sys.argv[1:]:
    try:
        exec(statement)
    except ImportError as error:
        print(str(error).split(" (")[0])
"""


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: f"row-{expected['row']}")
def test_expected_range_covers_the_offending_text(expected: dict[str, Any]) -> None:
    start, end = expected["range"]["start"], expected["range"]["end"]
    assert start["line"] == end["line"]
    line = (APP / expected["path"]).read_text("utf-8").splitlines()[start["line"] - 1]
    assert line[start["column"] - 1 : end["column"] - 1] == expected["text"]


def test_scan_finds_every_row_at_its_place_and_nothing_else() -> None:
    run = doctor(APP, "--format", "json")
    assert run.returncode == 1, run.stderr
    found = [
        (item["error_reference"]["row"], item["code"], item["severity"], item["path"], item["range"])
        for item in json.loads(run.stdout)["findings"]
    ]
    assert sorted(found, key=str) == sorted(
        ((item["row"], item["code"], item["severity"], item["path"], item["range"]) for item in EXPECTED), key=str
    )


def test_imports_fail_for_five_rows() -> None:
    """Rows 1 to 5."""
    modules = [ast.parse(path.read_text("utf-8")) for path in sorted((APP / "backend/app").glob("*.py"))]
    imports = [node for module in modules for node in module.body if isinstance(node, ast.ImportFrom)]
    statements = [ast.unparse(node) for node in imports if node.level == 0]
    run = run_python(RUN_EACH, APP / "backend", *statements)
    assert sorted(run.stdout.splitlines()) == [
        "No module named 'chatkit.models'",
        "No module named 'chatkit.stores'",
        "cannot import name 'ClientToolCallOutputItem' from 'chatkit.types'",
        "cannot import name 'Event' from 'chatkit.server'",
        "cannot import name 'FilePart' from 'chatkit.types'",
    ]


def test_store_cannot_be_instantiated_once_the_imports_work(tmp_path: Path) -> None:
    """Row 6."""
    copy = repaired_copy(tmp_path, "--select", "CK101,CK102")
    run = run_python("from app.store import SqliteStore; SqliteStore(':memory:')", copy / "backend")
    assert run.stderr.splitlines()[-1] == (
        "TypeError: Can't instantiate abstract class SqliteStore"
        " with abstract methods delete_attachment, load_attachment, save_attachment"
    )


def test_agent_forgets_and_answers_overwrite_each_other_once_the_backend_starts(tmp_path: Path) -> None:
    """Rows 7 and 8."""
    copy = repaired_copy(tmp_path, "--select", "CK101,CK102,CK201")
    with Provider() as provider, run_backend(copy / "backend", provider) as chat:
        thread_id = chat.create("Hello, my name is Ada").thread_id
        second = chat.say(thread_id, "What is my name?")
        assert [answer["content"][0]["text"] for answer in second.answers] == ["I do not know your name."]
        assert [item["type"] for item in chat.items(thread_id)] == [
            "user_message",
            "assistant_message",
            "user_message",
        ]
