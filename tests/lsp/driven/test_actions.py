"""What may be done about findings in an editor, and what then stands in its files."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.driven.editor import Editor, capabilities, editor, place
from tests.projects import write_exactly, write_files

REQUIREMENTS = "openai-chatkit==1.4.0\n"
TWICE = "from chatkit.models import Thread\nfrom chatkit.models import ThreadMetadata\n\nx = 1  # 🙂\n"
STORE = """
from chatkit.store import Store


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads = {}

    async def load_thread(self, thread_id, context):
        return self.threads.get(thread_id)
"""


def titled(actions: list[types.CodeAction], start: str) -> types.CodeAction:
    found = [each for each in actions if each.title.startswith(start)]
    assert len(found) == 1, [each.title for each in actions]
    return found[0]


def line(number: int) -> types.Range:
    return types.Range(types.Position(number, 0), types.Position(number, 5))


def test_one_finding_is_mended(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": TWICE})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            found = await at.diagnostics(path)
            assert at.result is not None
            offered = at.result.capabilities.code_action_provider
            # Without that, editors take an action without an edit for one that does nothing.
            assert isinstance(offered, types.CodeActionOptions)
            assert offered.resolve_provider
            actions = await at.actions(path, found[0].range)
            fix = actions[0]
            assert (fix.kind, fix.is_preferred, fix.edit) == (types.CodeActionKind.QuickFix, True, None)
            assert fix.diagnostics is not None
            assert list(fix.diagnostics) == [found[0]]

            edit = await at.choose(fix)

            assert at.texts[path] == TWICE.replace("models", "types", 1)
            assert await at.codes(path) == ["CK101"]
            # Of the line, only what differs is replaced.
            assert edit.document_changes is not None
            (document,) = edit.document_changes
            assert isinstance(document, types.TextDocumentEdit)
            assert [each.new_text for each in document.edits if isinstance(each, types.TextEdit)] == ["type"]

    asyncio.run(session())


def test_all_of_a_rule_and_all_that_is_safe_are_mended_in_a_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": TWICE, "b.py": TWICE})
    path = tmp_path / "a.py"
    mended = TWICE.replace("models", "types")

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            at.open(tmp_path / "b.py")
            await at.choose(titled(await at.actions(path, line(0)), "Fix all of CK101"))
            assert at.texts[path] == mended

            at.write(path, TWICE)
            only = await at.actions(path, only=["source.fixAll"])
            assert [each.kind for each in only] == ["source.fixAll.chatkitDoctor"]
            await at.choose(only[0])

            assert at.texts == {path: mended, tmp_path / "b.py": TWICE}
            assert await at.codes(path) == []
            assert await at.actions(path) == []
            assert await at.actions(path, only=["refactor"]) == []

    asyncio.run(session())


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_comment_ignores_a_finding_here(ending: str, tmp_path: Path) -> None:
    text = TWICE.replace("\n", ending)
    write_exactly(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": text})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            await at.choose(titled(await at.actions(path, line(1)), "Ignore CK101"))
            first, second, *rest = text.split(ending)
            expected = [first, f"{second}  # chatkit-doctor: ignore[CK101]", *rest]
            assert at.texts[path].split(ending) == expected
            assert [each.range.start.line for each in await at.diagnostics(path)] == [0]

    asyncio.run(session())


def test_what_may_change_more_is_named_so_and_not_done_with_the_rest(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "store.py": STORE})
    path = tmp_path / "store.py"

    async def session(settings: object) -> tuple[int, str]:
        async with editor(tmp_path, settings=settings) as at:
            at.open(path)
            (found,) = [each for each in await at.diagnostics(path) if each.code == "CK212"]
            actions = [each for each in await at.actions(path, found.range) if each.diagnostics == (found,)]
            fix = next(each for each in actions if "(unsafe: it may change what the code does)" in each.title)
            assert not fix.is_preferred
            all_of_file = await at.actions(path, only=["source.fixAll.chatkitDoctor"])
            if all_of_file:
                await at.choose(all_of_file[0])
                return len(all_of_file), at.texts[path]
            await at.choose(fix)
            assert "CK212" not in await at.codes(path)
            return 0, at.texts[path]

    count, mended = asyncio.run(session(None))
    assert count == 0
    # Who allows unsafe fixes has them done with the rest.
    count, all_mended = asyncio.run(session({"unsafeFixes": True, "select": ["CK212"]}))
    assert (count, all_mended) == (1, mended)


def test_a_choice_of_another_version_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": TWICE})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            fix = (await at.actions(path, line(0)))[0]
            at.write(path, f"\n{TWICE}")

            with pytest.raises(JsonRpcException) as refused:
                await at.client.code_action_resolve_async(fix)

            assert refused.value.code == types.LSPErrorCodes.ContentModified.value
            await at.choose((await at.actions(path, line(1)))[0])
            assert at.texts[path].count("models") == 1

    asyncio.run(session())


def test_an_editor_that_asks_once_is_told_all_at_once(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": TWICE})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path, can=capabilities(resolve=False, document_changes=False)) as at:
            at.open(path)
            fix = (await at.actions(path, line(0)))[0]
            assert fix.edit is not None
            assert fix.edit.document_changes is None
            assert list(fix.edit.changes or ()) == [path.as_uri()]

    asyncio.run(session())


def test_a_fix_may_reach_into_a_file_that_is_not_open(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"requirements.txt": "fastapi\n", "server.py": "from chatkit.types import Thread\n\nThread\n"}
    )
    path = tmp_path / "server.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            assert "CK602" in await at.codes(path), at.told
            edit = await at.choose(titled(await at.actions(path), "Add openai-chatkit"))
            assert edit.document_changes is not None
            (document,) = edit.document_changes
            assert isinstance(document, types.TextDocumentEdit)
            assert document.text_document.uri == (tmp_path / "requirements.txt").as_uri()
            assert document.text_document.version is None

    asyncio.run(session())


def test_hovering_says_why_and_what_to_do(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": TWICE})
    path = tmp_path / "a.py"

    async def hovered(at: Editor, offset: int) -> types.Hover | None:
        return await at.hover(path, place(TWICE, offset))

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            hover = await hovered(at, TWICE.index("models"))
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            assert hover.contents.kind is types.MarkupKind.Markdown
            for part in (
                "**CK101 unknown-chatkit-module** (error)",
                "Import from chatkit.types",
                "/rules/CK101-",
                "Python stops",
            ):
                assert part in hover.contents.value
            assert await hovered(at, TWICE.index("x = 1")) is None
        async with editor(tmp_path, can=capabilities(markdown=False)) as at:
            at.open(path)
            hover = await hovered(at, TWICE.index("models"))
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            assert (hover.contents.kind, "**" in hover.contents.value) == (types.MarkupKind.PlainText, False)

    asyncio.run(session())
