"""The data files themselves: well formed, in order, and true to the rule of one line per datum."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatkit_doctor.contracts import error_rows, history, python_contract, releases
from chatkit_doctor.contracts.data_files import FOLDER, built, kept
from chatkit_doctor.contracts.mistakes import meant_module, meant_name
from chatkit_doctor.contracts.published import CHATKIT, CHATKIT_JS, CHATKIT_REACT

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE_OF = {"python": CHATKIT, "web_options": CHATKIT_JS, "web_element": CHATKIT_JS, "web_react": CHATKIT_REACT}
BUILT = sorted(path.stem for path in FOLDER.glob("*.json"))
WITH_SPANS = [name for name in BUILT if name.startswith(("python_", "web_"))]


def package_of(name: str) -> str:
    return next(package for prefix, package in PACKAGE_OF.items() if name.startswith(prefix))


def spans(table: Any) -> Iterator[list[list[Any]]]:
    for value in table.values():
        if isinstance(value, list):
            yield value
        else:
            yield from spans(value)


@pytest.mark.parametrize("name", BUILT)
def test_keys_are_sorted_and_the_file_ends_with_a_line_feed(name: str) -> None:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    written = json.loads(text)

    assert json.dumps(written) == json.dumps(written, sort_keys=True)
    assert text.endswith("}\n")
    assert "\r" not in text


@pytest.mark.parametrize("name", WITH_SPANS)
def test_spans_are_in_order_and_do_not_overlap(name: str) -> None:
    known = releases(package_of(name))
    position = {release: index for index, release in enumerate(known)}
    for datum in spans(built(name)):
        reached = -1
        for index, (first, last, _) in enumerate(datum):
            assert position[first] > reached
            assert last is not None or index == len(datum) - 1
            assert last != known[-1]
            reached = position[first] if last is None else position[last]
            assert reached >= position[first]


@pytest.mark.parametrize("name", WITH_SPANS)
def test_touching_spans_differ_in_value(name: str) -> None:
    known = releases(package_of(name))
    for datum in spans(built(name)):
        for (_, last, value), (first, _, following) in pairwise(datum):
            if known.index(first) == known.index(last) + 1:
                assert value != following


def test_no_data_file_names_a_place_on_a_disk_or_a_registry() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert str(Path.home()) not in text
        assert "/tmp/" not in text  # noqa: S108 -- what must not be there
        assert not re.search(r"\b(?:registry|index|files)\.(?!d\.ts\b)\w+\.\w+|/simple/|\.(?:whl|tgz)\b", text)


def test_every_mistake_has_a_source_and_is_none_in_any_release() -> None:
    contracts = [python_contract(release) for release in releases(CHATKIT)]
    found = {(module, name) for each in contracts for module in each.modules for name in each.names(module)}
    found |= {("*", name) for _, name in found}
    for entry in kept("mistakes")["module"]:
        assert entry["source"]
        assert history(entry["written"]) is None
        assert python_contract().has_module(entry["meant"])
    for entry in kept("mistakes")["name"]:
        assert entry["source"]
        assert entry["instead"]
        assert all((module, entry["written"]) not in found for module in entry["modules"])
        assert ("replacement" in entry) == (entry["remedy"] == "replace")
        if "replacement" in entry:
            assert python_contract().canonical(entry["replacement"]) == entry["replacement"]


def test_meant_modules() -> None:
    assert meant_module("chatkit.stores") == "chatkit.store"
    assert meant_module("chatkit.models") == "chatkit.types"
    assert meant_module("openai_chatkit") == "chatkit"
    assert meant_module("openai_chatkit.models") == "chatkit.types"
    assert meant_module("openai_chatkit.server") == "chatkit.server"
    assert meant_module("chatkit.store") is None
    assert meant_module("chatkit.nothing") is None
    assert meant_module("app.stores") is None


def test_meant_names() -> None:
    event = meant_name("chatkit.server", "Event")
    assert event is not None
    assert event.replacement == "chatkit.types.ThreadStreamEvent"
    dropped = meant_name("chatkit.types", "FilePart")
    assert dropped is not None
    assert dropped.remedy == "drop"
    assert meant_name("chatkit.types", "ThreadItem") is None


def test_the_error_reference_has_its_thirteen_rows() -> None:
    rows = error_rows()
    assert [row.row for row in rows] == list(range(1, 14))
    assert [row.module for row in rows] == ["Backend"] * 8 + ["Frontend"] * 5
    assert "12" in rows[5].fix
    store = python_contract().class_("chatkit.store.Store")
    assert store is not None
    assert str(len(store.abstract_methods)) in rows[5].fix


def test_importing_the_contracts_reads_no_data() -> None:
    program = (
        "from chatkit_doctor.contracts import data_files, web; from chatkit_doctor.contracts.sdk import agents; "
        "print(data_files.built.cache_info().currsize + data_files.kept.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True)

    assert done.stdout.strip() == "0"
