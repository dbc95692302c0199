"""Functions with their bodies behind the colon: no fix that puts lines into them is offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files

_LOADING = """\
from chatkit.store import Store


class NotesStore(Store[dict]):
    async def load_item({parameters}): ...
"""
_STARTING = """\
from chatkit.server import ChatKitServer


class NotesServer(ChatKitServer[dict]):
    def __init__({parameters}): self.notes = notes

    async def respond(self, thread, item, context):
        yield None


NotesServer(None, None)
"""


@pytest.mark.parametrize("parameters", ["{}", "\n        {}\n    "], ids=["one line", "lines of parameters"])
@pytest.mark.parametrize(
    ("code", "text", "names"),
    [("CK212", _LOADING, "self, thread_id, item_id, context"), ("CK217", _STARTING, "self, store, notes")],
)
def test_no_fix_writes_into_a_body_behind_the_colon(
    code: str, text: str, names: str, parameters: str, tmp_path: Path
) -> None:
    write_files(tmp_path, {"a.py": text.format(parameters=parameters.format(names))})

    result = run([tmp_path], Options(select=(code,), fix=True, unsafe_fixes=True))

    assert result.fix_result is not None
    assert [(each.code, each.fix) for each in result.findings] == [(code, None)]
    assert result.fix_result.held_back == []
