"""The script that reads off the SDK's sources how it calls what projects override."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT

STORE = """
class Store(ABC, Generic[TContext]):
    async def load_thread(self, thread_id, context): ...
    async def save_thread(self, thread, context): ...
    def _private(self): ...
    async def never_called(self, thread): ...
"""


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    yield import_module("contracts_calls")
    sys.modules.pop("contracts_calls")


def facts(scripts: Any, site: Path, server: str) -> Any:
    (site / "chatkit").mkdir(exist_ok=True)
    (site / "chatkit" / "store.py").write_text(STORE)
    (site / "chatkit" / "server.py").write_text(server)
    return scripts.calls_facts(site)["calls"]


def test_each_way_to_call_a_declared_method_is_read(scripts: Any, tmp_path: Path) -> None:
    server = """
async def f(self):
    await self.store.load_thread("id", context=context)
    await self.store.load_thread("id", context)
    await self.store.load_thread("other", context=context)
    self.store._private()
    self.store.of_another_class()
"""

    assert facts(scripts, tmp_path, server) == {"chatkit.store.Store": {"load_thread": [[1, ["context"]], [2, []]]}}


def test_a_release_that_calls_otherwise_has_other_facts(scripts: Any, tmp_path: Path) -> None:
    before = facts(scripts, tmp_path, "store.save_thread(thread, context=context)")
    after = facts(scripts, tmp_path, "store.save_thread(thread=thread, context=context)")

    assert before["chatkit.store.Store"]["save_thread"] == [[1, ["context"]]]
    assert after["chatkit.store.Store"]["save_thread"] == [[0, ["thread", "context"]]]


def test_an_empty_release_has_none(scripts: Any, tmp_path: Path) -> None:
    assert scripts.calls_facts(tmp_path) == {"calls": {}}
