"""What a test's module has for later is not imported by pytest's own questions, only by a test's."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.later import Later

if TYPE_CHECKING:
    from pathlib import Path


# The new way to call it is not in every release of pytest that these tests run on.
@pytest.mark.filterwarnings("ignore:Passing nodeid string:Warning")
def test_to_collect_tests_imports_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sdk_of_later.py").write_text("known = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = ModuleType("tests_of_something")
    module.__dict__["sdk"] = Later("sdk_of_later")

    request.session._fixturemanager.parsefactories(module, request.node.nodeid)

    assert "sdk_of_later" not in sys.modules
    assert module.sdk.known == 1
    assert module.sdk.__file__ == sys.modules.pop("sdk_of_later").__file__
