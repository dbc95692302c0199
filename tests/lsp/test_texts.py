"""Places and edits as editors have them, held by texts of every kind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from chatkit_doctor.lsp.pause import Pause
from chatkit_doctor.lsp.texts.addresses import path_of, uri_of
from chatkit_doctor.lsp.texts.buffers import Buffers
from chatkit_doctor.lsp.texts.edits import changes
from chatkit_doctor.lsp.texts.positions import Positions
from chatkit_doctor.source import Source

_PIECES = ["a", "é", "🙂", " ", "\t", "\n", "\r\n", "\r", "\x0c", "\u2028"]
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)
ENCODINGS = ["utf-8", "utf-16", "utf-32"]
PATH = Path("/a.py")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, st.sampled_from(ENCODINGS), st.booleans())
def test_a_place_is_found_again(text: str, encoding: str, after_bom: bool) -> None:
    source, positions = Source(PATH, text), Positions(encoding)

    for offset in range(len(text) + 1):
        # Nobody can be between the two characters of a line end.
        if text[offset - 1 : offset + 1] != "\r\n" or offset == 0:
            place = positions.position(source, offset, after_bom=after_bom)
            assert positions.offset(source, place, after_bom=after_bom) == offset


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_any_place_means_some_offset(text: str, line: int, column: int) -> None:
    for encoding in ENCODINGS:
        assert 0 <= Positions(encoding).offset(Source(PATH, text), types.Position(line, column)) <= len(text)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, TEXTS)
def test_edits_make_one_text_of_another(before: str, after: str) -> None:
    position, made = 0, []
    for start, end, new in changes(before, after):
        assert position <= start <= end
        # No line end is taken apart: an editor could not say where.
        assert before[start - 1 : start + 1] != "\r\n" or start == 0
        assert before[end - 1 : end + 1] != "\r\n" or end == 0
        made += [before[position:start], new]
        position = end

    assert "".join([*made, before[position:]]) == after


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_what_is_typed_stands_where_it_was_typed(text: str, typed: str, data: st.DataObject) -> None:
    buffers = Buffers()
    buffers.open(types.TextDocumentItem("file:///a.py", "python", 1, text))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source = Source(PATH, text)
    places = [buffers.positions.position(source, each) for each in (start, end)]
    start, end = (buffers.positions.offset(source, each) for each in places)

    change = types.TextDocumentContentChangePartial(types.Range(*places), typed)
    buffers.change(types.VersionedTextDocumentIdentifier(2, "file:///a.py"), [change])

    buffer = buffers.get("file:///a.py")
    assert buffer is not None
    assert (buffer.source.text, buffer.version) == (text[:start] + typed + text[end:], 2)


@pytest.mark.parametrize("name", ["a.py", "mit Leerzeichen.py", "é🙂.py", "100%.py", "a#b?c.py", "a;b.py"])
def test_a_file_is_named_so_that_it_is_found(name: str) -> None:
    path = Path("/folder") / name

    assert path_of(uri_of(path)) == path
    assert path_of(path.as_uri()) == path


def test_work_is_put_off_while_it_is_asked_for_and_waited_for_in_the_end() -> None:
    done: list[int] = []

    async def session() -> None:
        stopped = asyncio.Event()

        async def work() -> bool:
            stopped.clear()
            number = len(done)
            await asyncio.sleep(0.02)
            done.append(number)
            return not stopped.is_set()

        pause = Pause(work, stopped.set)
        for _ in range(5):
            pause.ask(0.05)
            await asyncio.sleep(0.005)
        assert done == []
        await pause.settled()
        assert done == [0]
        # What was overtaken is done again.
        pause.ask(0)
        await asyncio.sleep(0.01)
        pause.ask(0)
        await pause.settled()
        assert len(done) == 3
        await pause.settled()
        assert len(done) == 3

    asyncio.run(session())
