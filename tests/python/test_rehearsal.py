"""No code makes a rehearsal crash, and none keeps it long; what it cannot follow it says nothing of."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from chatkit_doctor.backend.rehearsal.idents import IDS, model
from chatkit_doctor.backend.rehearsal.world import World
from chatkit_doctor.contracts.sdk.sdk_names import ITEM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.rehearsal.machine import Machine
from chatkit_doctor.python.rehearsal.passes import ways
from chatkit_doctor.python.rehearsal.values import Blank, Closure
from tests.commands import ROOT
from tests.projects import project_of

_FILES = sorted(
    path
    for folder in ("python", "web", "scanning", "verify")
    for path in (ROOT / "chatkit_doctor" / folder).rglob("*.py")
)


def given() -> list[object]:
    items = [model(ITEM, 0), model(ITEM, 1)]
    return [Blank(), Blank(1), "text", 3, items, {"a": 1}, IDS[2], None, Blank(2, "body"), (1, "b"), items[0]]


@pytest.mark.parametrize("path", _FILES[::6], ids=lambda path: path.name)
def test_any_function_is_gone_through_or_left(path: Path, tmp_path: Path) -> None:
    project = project_of(tmp_path, {"app.py": "import chatkit\n" + path.read_text(encoding="utf-8")})
    app = project.apps[0]
    module = app.module(tmp_path / "app.py")
    assert module is not None
    for function in module.functions():
        _gone_through(app, module, function)


def _gone_through(app: App, module: Module, function: FunctionNode) -> None:
    values = cycle(given())
    arguments = [next(values) for _ in (*function.args.posonlyargs, *function.args.args)]
    # Raises what is a fault of the rehearsal; what is one of the code comes back as a way.
    ways(lambda forks: Machine(app.symbols, World(app), forks).enter(Closure(function, module), arguments, {}))


_LOADING = """
import chatkit
import json

class Kept:
    def __init__(self):
        self.rows = {}
        self._load()

    def _load(self):
        found = {}
        for key, value in json.loads(open("kept.json").read()).items():
            found[key] = value
        self.rows_before = found

def made():
    kept = Kept()
    kept.rows["a"] = 1
    return kept.rows_before, kept.rows["a"]
"""


def test_a_loop_of_unknown_length_makes_what_it_fills_unknown_and_nothing_else(tmp_path: Path) -> None:
    app = project_of(tmp_path, {"app.py": _LOADING}).apps[0]
    module = app.module(tmp_path / "app.py")
    assert module is not None
    made = next(each for each in module.functions() if each.name == "made")
    found = ways(lambda forks: Machine(app.symbols, World(app), forks).enter(Closure(made, module), [], {}))
    assert found
    for way in found:
        assert isinstance(way.result, tuple)
        before, written = way.result
        assert isinstance(before, Blank)
        assert written == 1


@pytest.mark.parametrize("expr", ["f'{number}'", "str(number)", "f'{number}{other}'"])
def test_a_number_of_more_digits_than_python_writes_ends_the_rehearsal(expr: str, tmp_path: Path) -> None:
    text = f"import chatkit\n\ndef made(other, number=0x{'f' * 5000}):\n    return {expr}\n"
    app = project_of(tmp_path, {"app.py": text}).apps[0]
    module = app.module(tmp_path / "app.py")
    assert module is not None
    closure = Closure(next(iter(module.functions())), module)

    assert ways(lambda forks: Machine(app.symbols, World(app), forks).enter(closure, [Blank()], {})) is None
