"""What many rules ask for, or of a name that is set very often, is worked out once: counted, not timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.backend.history import history
from chatkit_doctor.backend.models.values import Judge
from chatkit_doctor.budget import Budget
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source
from chatkit_doctor.web import scopes
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.scopes import declared_names, undeclared_names
from tests.projects import write_files
from tests.torture.structures import each, files

_MODELS = "from chatkit.types import AssistantMessageItem\n"
_MODEL = "AssistantMessageItem(id='#', content=[])\n"
_RUN = """
from agents import Agent, Runner
from chatkit.server import ChatKitServer
from chatkit.agents import stream_agent_response
class S(ChatKitServer):
    async def respond(self, thread, item, context):
        result = Runner.run_streamed(Agent(name="a"), item.content[0].text, previous_response_id=None)
        async for event in stream_agent_response(context, result):
            yield event
S(None)
"""
_SLICES = """
from chatkit.store import Store
from django.db import models
class Row(models.Model): ...
class S(Store):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = Row.objects.all()
"""
_STORE = "from chatkit.store import Store\nclass S#(Store): ...\n\n\nS#()\n"
_SLICE = "        while rows:\n            rows = rows[#:]\n"


def counted(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[object]:
    """Return a list that grows by one with each call of a method."""
    calls: list[object] = []
    method = getattr(owner, name)

    def counting(self: Any, *arguments: Any) -> object:
        calls.append(None)
        return method(self, *arguments)

    monkeypatch.setattr(owner, name, counting)
    return calls


def test_what_is_wrong_with_a_model_is_found_once_for_all_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"a.py": _MODELS + each(20, _MODEL)})
    calls = counted(monkeypatch, Judge, "model")

    result = run([tmp_path], Options(select=("CK111", "CK112", "CK113")))

    assert len(result.findings) == 20
    assert len(calls) == 20


def test_the_runs_of_a_respond_are_found_once_for_all_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a.py": _RUN})
    asked: list[object] = []
    found = history._runs

    def counting(*arguments: Any) -> object:
        asked.append(None)
        return found(*arguments)

    monkeypatch.setattr(history, "_runs", counting)

    result = run([tmp_path], Options())

    assert "CK301" in {finding.code for finding in result.findings}
    assert len(asked) == 1


def test_slices_of_a_name_that_is_set_very_often_take_steps_in_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = counted(monkeypatch, Budget, "spend")
    taken = []
    for size in (100, 400):
        root = tmp_path / str(size)
        write_files(root, {"a.py": _SLICES + each(size, _SLICE) + "\n\nS()\n"})
        steps.clear()
        assert "CK218" in {finding.code for finding in run([root], Options(select=("CK218",))).findings}
        taken.append(len(steps))

    assert taken[1] < 5 * taken[0]


def test_where_many_classes_are_named_takes_steps_in_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = counted(monkeypatch, Budget, "spend")
    taken = []
    for size in (50, 200):
        root = tmp_path / str(size)
        write_files(root, files(size, "m#.py", _STORE))
        steps.clear()
        assert len(run([root], Options(select=("CK201",))).findings) == size
        taken.append(len(steps))

    assert taken[1] < 5 * taken[0]


def test_a_name_of_the_top_is_not_looked_for_from_each_of_its_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document(Source(Path("a.ts"), "const a = 1\n" + each(50, "f(a)\nfunction g#() { return [a, b] }\n")))
    calls = counted(monkeypatch, scopes.Scope, "innermost")

    assert undeclared_names(document) == {"f", "b"}
    assert len(calls) == 100


@pytest.mark.parametrize(
    ("name", "text", "undeclared", "twice"),
    [
        ("a.html", "<script>let a = 1; let b</script><script>a; b; c</script>", {"c"}, set[str]()),
        ("a.html", "<script type=module>let a = 1</script><script>a; b</script>", {"a", "b"}, set[str]()),
        ("a.html", "<script>let a</script><script>let a; let b; let b</script>", set[str](), {"b"}),
        ("a.vue", "<script>let a = 1</script><script setup>a; b</script>", {"b"}, set[str]()),
        ("a.ts", "function f() { const a = 1; { const a = 2; a } }\na", {"a"}, set[str]()),
        ("a.ts", "import { a } from 'x'\nimport { a } from 'y'\nexport const b = { a, c }", {"c"}, {"a"}),
    ],
)
def test_names_are_declared_where_they_are_seen(name: str, text: str, undeclared: set[str], twice: set[str]) -> None:
    document = Document(Source(Path(name), text))

    assert undeclared_names(document) == undeclared
    assert {each for each, count in declared_names(document).items() if count > 1} == twice
