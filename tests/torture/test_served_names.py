"""The same projects, as an agent and an editor are told of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types

from chatkit_doctor.mcp import tools
from chatkit_doctor.mcp.tools import ScanAsked
from tests.lsp.driven.editor import Editor, editor
from tests.torture.foreign import assert_harmless, steering
from tests.torture.scale import amount, chance
from tests.torture.test_names import TEXTS, write_project


@pytest.mark.parametrize("text", TEXTS)
def test_an_agent_sees_all_that_it_is_told(text: str, tmp_path: Path) -> None:
    write_project(tmp_path, text)
    asked = ScanAsked(tmp_path)

    told = tools.scan(asked, "info", 500, as_json=False)
    # What marks the end of a name with blanks in a diff.
    assert_harmless(told.replace("\t\n", "\n"))
    assert_harmless(tools.scan(asked, "info", 500, as_json=True))
    fixed = tools.fix(asked, unsafe=True, write=False)
    assert "Would fix" in fixed
    assert_harmless(fixed.replace("\t\n", "\n"))


@pytest.mark.parametrize("text", chance("editors").sample(TEXTS, amount(2, len(TEXTS))))
def test_a_person_at_an_editor_sees_all_that_is_said(text: str, tmp_path: Path) -> None:
    write_project(tmp_path, text)

    async def session() -> None:
        async with editor(tmp_path) as at:
            shown = [each async for each in _shown(at, [tmp_path / "server.py", tmp_path / "Chat.tsx"])]
            assert len(shown) > 20
            for each in (*shown, *at.messages):
                # No runner of a build reads along.
                assert steering(each) == set()

    asyncio.run(session())


async def _shown(at: Editor, paths: list[Path]) -> AsyncIterator[str]:
    """Yield all that an editor shows of some files."""
    for path in paths:
        at.open(path, language="python" if path.suffix == ".py" else "typescriptreact")
        for each in await at.diagnostics(path):
            yield each.message
            for other in each.related_information or ():
                yield other.message
            hover = await at.hover(path, each.range.start)
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            yield hover.contents.value
        for action in await at.actions(path):
            yield action.title
