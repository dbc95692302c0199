from __future__ import annotations

import ast
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.source import Position, Source, UnreadableSourceError

TEXT = st.text(st.sampled_from("ab é👋\n\r\t\x0c\u2028\x85x"), max_size=60)


def read(name: str, data: bytes) -> Source:
    return Source.from_bytes(Path(name), data)


# Bytes and text


@pytest.mark.parametrize(
    ("name", "data", "text", "encoding"),
    [
        ("a.py", b"", "", "utf-8"),
        ("a.py", "é\n".encode(), "é\n", "utf-8"),
        ("a.py", b"\xef\xbb\xbfx", "x", "utf-8"),
        ("a.py", "# coding: latin-1\né".encode("latin-1"), "# coding: latin-1\né", "iso-8859-1"),
        ("a.py", "#!/x\n# -*- coding: cp1252 -*-\n€".encode("cp1252"), "#!/x\n# -*- coding: cp1252 -*-\n€", "cp1252"),
        ("a.py", "x\ny\n# coding: latin-1\né".encode(), "x\ny\n# coding: latin-1\né", "utf-8"),
        ("a.js", "// coding: latin-1 é".encode(), "// coding: latin-1 é", "utf-8"),
        ("a.ts", b"\xff\xfe" + "é\r\n".encode("utf-16-le"), "é\r\n", "utf-16-le"),
        ("a.ts", b"\xfe\xff" + "é\r\n".encode("utf-16-be"), "é\r\n", "utf-16-be"),
        ("a.ts", b"\xff\xfe\0\0" + "é".encode("utf-32-le"), "é", "utf-32-le"),
        ("a.html", '<meta charset="ISO-8859-1">é'.encode("latin-1"), '<meta charset="ISO-8859-1">é', "iso8859-1"),
        (
            "a.htm",
            b'<meta http-equiv=Content-Type content="text/html; charset=windows-1252">\x80',
            '<meta http-equiv=Content-Type content="text/html; charset=windows-1252">€',
            "cp1252",
        ),
        ("a.html", "<meta charset=utf-16>é".encode(), "<meta charset=utf-16>é", "utf-8"),
        ("a.html", "<meta charset=nonsense>é".encode(), "<meta charset=nonsense>é", "utf-8"),
        ("a.html", "<!-- charset=latin-1 -->é".encode(), "<!-- charset=latin-1 -->é", "utf-8"),
        ("a.html", (" " * 1024 + "<meta charset=latin-1>é").encode(), " " * 1024 + "<meta charset=latin-1>é", "utf-8"),
    ],
)
def test_bytes_become_the_text_that_their_readers_see_and_back(
    name: str, data: bytes, text: str, encoding: str
) -> None:
    source = read(name, data)

    assert (source.text, source.encoding) == (text, encoding)
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    ("name", "data", "line", "reason"),
    [
        ("a.ts", b"x\n\0", 2, "it holds NUL bytes, so it is not text"),
        ("a.ts", b"x\ny\xff", 2, "byte 3 is not valid utf-8"),
        ("a.py", b"\n\n\xe9", 3, "byte 2 is not valid utf-8"),
        ("a.ts", b"\xef\xbb\xbf\xe9", 1, "byte 0 is not valid utf-8"),
        ("a.ts", b"\xff\xfea", 1, "byte 0 is not valid utf-16-le"),
        ("a.py", b"# coding: klingon\n", 1, "unknown encoding: klingon"),
        ("a.py", b"# coding: hex\n", 1, "it cannot be decoded as hex"),
        ("a.py", b"# coding: undefined\n", 1, "it cannot be decoded as undefined"),
        ("a.html", b"<meta charset=hex>", 1, "it cannot be decoded as hex"),
    ],
)
def test_what_is_not_text_says_where_and_why(name: str, data: bytes, line: int, reason: str) -> None:
    with pytest.raises(UnreadableSourceError) as raised:
        read(name, data)

    assert (raised.value.line, raised.value.reason) == (line, reason)


@given(st.binary(max_size=80), st.sampled_from(["a.py", "a.ts", "a.html"]))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_any_bytes_come_back_or_are_refused(data: bytes, name: str) -> None:
    with suppress(UnreadableSourceError):
        source = read(name, data)
        assert source.encode(source.text) == data


def test_a_character_that_the_encoding_lacks_cannot_be_written() -> None:
    with pytest.raises(UnicodeEncodeError):
        read("a.py", b"# coding: latin-1\n").encode("€")


@pytest.mark.parametrize(
    ("text", "newline"), [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\na", "\n")]
)
def test_the_first_line_says_how_lines_end(text: str, newline: str) -> None:
    assert Source(Path("a.ts"), text).newline == newline


# Places


@given(TEXT)
@settings(derandomize=True, deadline=None)
def test_lines_put_together_are_the_text(text: str) -> None:
    source = Source(Path("a.ts"), text)
    starts = [source.line_start(number) for number in range(1, source.line_count + 2)]

    assert starts[0] == 0
    assert starts[-1] == len(text)
    for number in range(1, source.line_count + 1):
        whole = text[starts[number - 1] : starts[number]]
        assert source.line(number) == whole.rstrip("\r\n")
        assert not {"\r", "\n"} & set(source.line(number))


@given(TEXT)
@settings(derandomize=True, deadline=None)
def test_an_offset_is_its_lines_start_and_a_column(text: str) -> None:
    source = Source(Path("a.ts"), text)

    for offset in range(len(text) + 1):
        place = source.position(offset)
        assert source.line_start(place.line) + place.column - 1 == offset
        assert place.column >= 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_are_those_of_ast(end: str) -> None:
    text = end.join(["'é👋'; a = 1", "\x0cb = 'é\u2028'; c = 2", "d = 3"])
    source = Source(Path("a.py"), text)
    names = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]

    assert len(names) == 4
    for name in names:
        start = source.offset_of_utf8(name.lineno, name.col_offset)
        assert source.text[start] == name.id
        assert source.position(start).line == name.lineno


def test_a_location_knows_its_text_and_its_ends() -> None:
    at = Source(Path("a.ts"), "one\ntwo\n").location(2, 6)

    assert at.text == "e\ntw"
    assert (at.first, at.last) == (Position(1, 3), Position(2, 3))
    assert at.path == Path("a.ts")
