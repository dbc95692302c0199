"""What following values takes where tables are looked up in tables, over and over under the same names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from chatkit_doctor.python.flow import Flow, PlacedExpr
from tests.projects import project_of

LOOKUPS = """
    import chatkit

    def read(payload):
        row = payload
        part = row.get("a")
        row = part.get("b") or row["c"]
        part = row.get("d")
        row = part.get("e") or row["f"]
        part = row.get("g")
        row = part.get("h") or row["i"]
        return row.get("end")
"""


def test_tables_are_gone_through_once_for_what_is_being_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (app,) = project_of(tmp_path, {"requirements.txt": "openai-chatkit\n", "a.py": LOOKUPS}).apps
    (module,) = app.modules()
    (given,) = (each.value for each in module.nodes(ast.Return))
    steps = count()
    before = Flow._sources

    def counted(flow: Flow, value: PlacedExpr, seen: set[ast.expr | int], depth: int) -> Iterator[PlacedExpr]:
        next(steps)
        return before(flow, value, seen, depth)

    monkeypatch.setattr(Flow, "_sources", counted)
    assert given is not None

    assert [each.expr for each in app.flow.sources(module, given)] == [given]
    assert next(steps) < 15_000  # 142,000 where each way to a table went through it anew
