"""What an editor is told of its open files while somebody writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.scanning.flow import Options, run
from tests.lsp.driven.editor import capabilities, editor, marked, place
from tests.page_cases import cases
from tests.projects import write_exactly, write_files

REQUIREMENTS = "openai-chatkit==1.4.0\n"
WHOLE = "from chatkit.types import Thread\n\nx = 1\n"


def test_what_is_typed_is_told_before_it_is_saved(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "server.py": WHOLE})
    path = tmp_path / "server.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            assert await at.diagnostics(path) == []

            at.replace(path, "types", "models")
            (found,) = await at.diagnostics(path)

            assert (found.code, found.source) == ("CK101", "chatkit-doctor")
            assert found.severity is types.DiagnosticSeverity.Error
            assert marked(at.texts[path], found) == "chatkit.models"
            assert found.code_description is not None
            assert found.code_description.href.endswith("CK101-unknown-chatkit-module.md")
            at.replace(path, "models", "types")
            assert await at.diagnostics(path) == []
            assert path.read_text() == WHOLE

    asyncio.run(session())


def test_other_open_files_are_told_of_what_a_change_means_for_them(tmp_path: Path) -> None:
    base = "from chatkit.store import Store\n\n\nclass Base(Store):\n    pass\n"
    files = {
        "requirements.txt": REQUIREMENTS,
        "base.py": base,
        "server.py": "from base import Base\n\nstore = Base()\n",
    }
    write_files(tmp_path, files)
    base_path, server = tmp_path / "base.py", tmp_path / "server.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(server)
            at.open(base_path)
            before = [await at.codes(server), await at.codes(base_path)]
            assert before[1] == ["CK201"]

            at.write(base_path, base.replace("(Store)", ""))

            assert await at.codes(base_path) == []
            at.write(base_path, base)
            assert [await at.codes(server), await at.codes(base_path)] == before

    asyncio.run(session())


def test_a_finding_in_another_file_comes_and_goes_with_a_change_here(tmp_path: Path) -> None:
    store = "from chatkit.store import Store\n\n\nclass Base(Store):\n    pass\n"
    files = {
        "requirements.txt": REQUIREMENTS,
        "base.py": store,
        "made.py": "from base import Base\n\n\nclass Own(Base):\n    pass\n",
    }
    write_files(tmp_path, files | {"use.py": "from made import Own\n\nOwn()\n"})
    base, made = tmp_path / "base.py", tmp_path / "made.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(made)
            at.open(base)
            assert await at.codes(base) == []
            first = await at.codes(made)
            assert "CK201" in first

            at.write(base, store.replace("(Store)", ""))
            await at.until(lambda: not at.told[made].diagnostics, "that nothing is found in made.py")

            at.write(base, store)
            await at.until(lambda: [each.code for each in at.told[made].diagnostics] == first, "what there was")

    asyncio.run(session())


def test_closing_takes_away_what_was_told_and_what_was_not_saved(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "server.py": WHOLE})
    path = tmp_path / "server.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            at.replace(path, "types", "models")
            assert await at.codes(path) == ["CK101"]

            at.close(path)
            await at.until(lambda: not at.told[path].diagnostics, "that nothing is told any more")

            at.open(path)
            assert await at.codes(path) == []

    asyncio.run(session())


def test_places_are_counted_as_the_editor_counts(tmp_path: Path) -> None:
    text = '# 👩‍🚀 é\x0c\r\nname = "🙂"; from chatkit.models import Thread\r\n'
    files: dict[str, str | bytes] = {
        "requirements.txt": REQUIREMENTS,
        "a.py": text,
        "b.py": b"\xef\xbb\xbf" + text.encode(),
    }
    write_exactly(tmp_path, files)
    path, with_mark = tmp_path / "a.py", tmp_path / "b.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            (found,) = await at.diagnostics(path)
            assert marked(text, found) == "chatkit.models"
            # An editor that keeps the mark in its text, and one that does not.
            at.open(with_mark, "\ufefffrom chatkit.models import Thread\n")
            (found,) = await at.diagnostics(with_mark)
            assert found.range == types.Range(types.Position(0, 6), types.Position(0, 20))
            at.write(with_mark, "from chatkit.models import Thread\n")
            (found,) = await at.diagnostics(with_mark)
            assert found.range.start.character == 5
            # What is typed behind the emoji and the form feed lands where it was typed.
            at.replace(path, "models", "types")
            assert await at.codes(path) == []
            at.replace(path, "types", "models")
            (found,) = await at.diagnostics(path)
            assert found.range.start == place(text, text.index("chatkit"))

    asyncio.run(session())


def test_the_encoding_of_places_is_agreed_on(tmp_path: Path) -> None:
    text = 'a = "🙂"; from chatkit.models import Thread\n'
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": text})
    before = text[: text.index("chatkit")]
    expected = {"utf-8": len(before.encode()), "utf-16": len(before) + 1, "utf-32": len(before)}

    async def session(encoding: str) -> None:
        async with editor(tmp_path, can=capabilities(encodings=[encoding])) as at:
            assert at.result is not None
            assert at.result.capabilities.position_encoding == encoding
            at.open(tmp_path / "a.py")
            (found,) = await at.diagnostics(tmp_path / "a.py")
            assert found.range.start.character == expected[encoding]

    for encoding in expected:
        asyncio.run(session(encoding))


def test_what_is_being_written_does_not_flicker(tmp_path: Path) -> None:
    text = "import os\nfrom chatkit.models import Thread\n\n\ndef f():\n    return 1\n"
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": text})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            assert await at.codes(path) == ["CK101"]

            at.write(path, text.replace("import os\n", "import os\nx = (\n"))
            found = {str(each.code): each for each in await at.diagnostics(path)}

            assert found.keys() == {"CK101", "CK903"}
            assert marked(at.texts[path], found["CK101"]) == "chatkit.models"
            assert found["CK101"].severity is types.DiagnosticSeverity.Error
            assert found["CK903"].severity is types.DiagnosticSeverity.Information
            # Nothing that would be an edit of another text is offered.
            assert await at.actions(path) == []
            # Once it is saved, it is as bad as a scan says.
            at.save(path)
            await at.until(
                lambda: [str(each.code) for each in at.told[path].diagnostics] == ["CK903"], "the error alone"
            )
            assert at.told[path].diagnostics[0].severity is types.DiagnosticSeverity.Error
            at.write(path, text)
            assert await at.codes(path) == ["CK101"]

    asyncio.run(session())


def test_tags_say_what_can_go(tmp_path: Path) -> None:
    text = "import chatkit\n\nx = 1  # chatkit-doctor: ignore[CK301]\n"
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": text})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            found = await at.diagnostics(path)
            assert [(each.code, list(each.tags or ())) for each in found] == [
                ("CK901", [types.DiagnosticTag.Unnecessary])
            ]

    asyncio.run(session())


@pytest.mark.parametrize("code", ["CK803", "CK804", "CK805"])
def test_the_other_half_of_what_does_not_fit_is_shown(code: str, tmp_path: Path) -> None:
    case = next(case for case in cases(page(code)) if case.expected)
    write_files(tmp_path, case.files)
    found = [each for each in run([tmp_path], Options()).findings if each.code == code]
    path = found[0].at.path
    assert found[0].elsewhere is not None
    other = found[0].elsewhere.at

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path, language="typescriptreact")
            told = next(each for each in await at.diagnostics(path) if each.code == code)
            assert told.related_information is not None
            (related,) = told.related_information
            assert related.location.uri == other.path.as_uri()
            start = related.location.range.start
            assert other.source.text.splitlines()[start.line][start.character :].startswith(other.text)

    asyncio.run(session())
