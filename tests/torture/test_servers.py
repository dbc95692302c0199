"""Servers that want the machine of whoever asks them: its memory, its time, its terminal, its build's log."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.torture.foreign import HOSTILE, assert_harmless
from tests.torture.hostile_server import HostileServer
from tests.torture.scale import amount, chance
from tests.torture.watched import MIB, watch

# What httpx, asyncio and the doctor take by themselves is a fifth of it.
_MOST_MEMORY = 350 * MIB
_LIST = b'{"data": [], "has_more": false}'


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


@cache
def packed(times: int) -> bytes:
    """Return a few kilobytes that unpack to some gigabytes."""
    data = bytes(10 * MIB) * 20
    for _ in range(times):
        data = gzip.compress(data, 9)
    return data


def stream(*events: object) -> bytes:
    body = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in events)
    return answer(body, kind="text/event-stream")


def thread(thread_id: str = "t") -> dict[str, object]:
    return {"type": "thread.created", "thread": {"id": thread_id}}


def done(number: int, text: str = "x", kind: str = "assistant_message") -> dict[str, object]:
    item = {"id": f"m{number}", "type": kind, "content": [{"type": "output_text", "text": text}]}
    return {"type": "thread.item.done", "item": item}


def deep(depth: int) -> bytes:
    return b'{"data": ' + b"[" * depth + b"]" * depth + b', "has_more": false}'


def repeated(piece: bytes, head: bytes = b"HTTP/1.1 200 OK\r\n") -> Iterator[bytes]:
    yield head
    while True:
        yield piece * 1000


# The whole of what comes over the wire, for any request.
ANSWERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "packed": lambda: iter([answer(packed(1), "Content-Encoding: gzip")]),
    "packed twice": lambda: iter([answer(packed(2), "Content-Encoding: gzip, gzip")]),
    "packed twice, said twice": lambda: iter([answer(packed(2), "Content-Encoding: gzip", "Content-Encoding: gzip")]),
    "deflated": lambda: iter([answer(zlib.compress(bytes(20 * MIB)), "Content-Encoding: deflate")]),
    "packed somehow": lambda: iter([answer(b"x", "Content-Encoding: \x1b[31m::error::x")]),
    "an endless header": lambda: repeated(b"x", b"HTTP/1.1 200 OK\r\nX: "),
    "endless headers": lambda: repeated(b"X: y\r\n"),
    "endless promises": lambda: repeated(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    "an endless body": lambda: repeated(b" ", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
    "an endless stream": lambda: repeated(b":\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"),
    "an endless size": lambda: repeated(b"f", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "a size that is none": lambda: iter([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n"]),
    "a length that is none": lambda: iter([b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx"]),
    "a length of a terabyte": lambda: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{}"]),
    "a status that is none": lambda: iter([b"HTTP/1.1 9999 \x1b[31m\r\n\r\n"]),
    "nothing": lambda: iter([]),
    "noise": lambda: iter([bytes(range(256)) * 100]),
    "depth": lambda: iter([answer(deep(2_000_000))]),
    "a number": lambda: iter([answer(b'{"data": [' + b"9" * 4_000_000 + b'], "has_more": false}')]),
    "half a character": lambda: iter([answer(b'{"data": [{"id": "\\ud800"}], "has_more": false}')]),
    "many threads": lambda: iter([answer(b'{"data": [' + b'{"id":"a"},' * 400_000 + b'{}], "has_more": true}')]),
}

# What a turn is answered with; all else is answered as it should be.
TURNS: dict[str, Callable[[], bytes]] = {
    "answers without end": lambda: stream(thread(), *(done(number) for number in range(30_000))),
    "one answer many times": lambda: stream(thread(), *[done(1)] * 30_000),
    "users without end": lambda: stream(thread(), *(done(number, kind="user_message") for number in range(30_000))),
    "a long word": lambda: stream(thread(), done(1, "a" * 4_000_000)),
    "many words": lambda: stream(thread(), done(1, "kalmor " * 500_000)),
    "a long id": lambda: stream(thread("t" * 4_000_000)),
    "depth": lambda: answer(b"data: " + b"[" * 4_000_000, kind="text/event-stream"),
    "bytes in depth": lambda: answer(b"data: b'" + b"+b''" * 1_000_000 + b"\n\n", kind="text/event-stream"),
    "bytes in brackets": lambda: answer(b"data: b'' " + b"(" * 3_000_000 + b"\n\n", kind="text/event-stream"),
    "no line ends": lambda: answer(b"data: " + b"x" * 4_900_000, kind="text/event-stream"),
    "line ends alone": lambda: answer(b"\r\n" * 2_000_000, kind="text/event-stream"),
    "data lines alone": lambda: answer(b"data: 1\n" * 500_000, kind="text/event-stream"),
    "types that are none": lambda: stream(thread(), *({"type": f"t{number}"} for number in range(50_000))),
}

PAGES: dict[str, Callable[[], bytes]] = {
    "a number": lambda: b'<script src="&#' + b"9" * 5000 + b';"></script>',
    "zeros": lambda: b'<script src="&#' + b"0" * 5000 + b'65;"></script>',
    "attributes": lambda: b"<script " + b'a="b" ' * 800_000 + b">",
    "one attribute": lambda: b"<script " + b" " * 4_000_000 + b"a=",
    "open quotes": lambda: b'<p a="' * 800_000,
    "open comments": lambda: b"<!--" * 1_000_000,
    "open tags": lambda: b"<a" * 2_000_000,
    "open scripts": lambda: b"<script>" * 500_000,
    "references": lambda: b'<script src="' + b"&amp" * 1_000_000 + b'"></script>',
    "scripts": lambda: b"".join(b'<script src="/%d.js"></script>' % number for number in range(100_000)),
    "a base that is none": lambda: b'<base href="http://[::1"><script src="x.js"></script>',
    "a policy": lambda: b'<meta http-equiv="content-security-policy" content="' + b"script-src *;" * 300_000 + b'">',
    "hosts": lambda: b'<meta http-equiv="content-security-policy" content="script-src ' + b"*a*b*c* " * 500_000 + b'">',
}


def verify(server: HostileServer, *options: str) -> str:
    """Run the command; return what it printed, and make sure that it ended well and took little."""
    done = watch(Path(), "verify", server.url, "--timeout", "2", *options)
    assert done.stderr == ""
    assert done.code in {0, 1, 2, 3}
    assert done.memory < _MOST_MEMORY, f"{done.memory // MIB} MiB"
    assert_harmless(done.stdout)
    return done.stdout


def few(names: Mapping[str, object], *always: str) -> list[str]:
    """Return the names that are tried: those that once were a fault, and some others in the small set."""
    others = [name for name in names if name not in always]
    return [*always, *chance("servers").sample(others, amount(1, len(others)))]


@pytest.mark.parametrize("name", few(ANSWERS, "packed twice", "endless promises"))
def test_an_answer_takes_little_and_ends(name: str) -> None:
    # Made before anybody waits for it.
    packed(1), packed(2)
    with HostileServer(lambda *_: ANSWERS[name]()) as server:
        printed = verify(server, "--yes", "--page", server.url)

    if name.startswith("packed"):
        assert "which was not asked for" in printed


@pytest.mark.parametrize("name", few(TURNS, "answers without end", "bytes in depth"))
def test_a_turn_takes_little_and_ends(name: str) -> None:
    turn = TURNS[name]()
    items = b'{"items": {"data": [' + b'{"id":"m","type":"assistant_message","content":[]},' * 60_000 + b"{}]}}"
    others = {"threads.list": _LIST, "threads.get_by_id": items}

    def answering(method: str, path: str, kind: str) -> Iterator[bytes]:
        yield turn if kind in {"threads.create", "threads.add_user_message"} else answer(others.get(kind, b"{}"))

    with HostileServer(answering) as server:
        verify(server, "--yes")


@pytest.mark.parametrize("name", few(PAGES, "a number"))
def test_a_page_takes_little_and_ends(name: str) -> None:
    page = answer(PAGES[name](), kind="text/html")

    def answering(method: str, path: str, kind: str) -> Iterator[bytes]:
        yield page if path.endswith("/page") else answer(_LIST)

    with HostileServer(answering) as server:
        verify(server, "--page", f"{server.url}/page")


REDIRECTS = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://[::1",
    "//",
    "\\\\x",
    "http://x:99999/",
    "http://é\ud83d",
]


@pytest.mark.parametrize("target", [*chance("redirects").sample(REDIRECTS, amount(1, len(REDIRECTS))), *HOSTILE[:1]])
def test_a_redirect_leads_nowhere(target: str) -> None:
    location = "Location: " + target.replace("\n", " ")

    with HostileServer(lambda *_: iter([answer(b"", location, status="302 Found")])) as server:
        verify(server, "--page", server.url)


@pytest.mark.parametrize("number", range(amount(1, 40)))
def test_what_is_drawn_at_random_takes_little_and_ends(number: int) -> None:
    draw = chance(f"server {number}")
    answers = [ANSWERS[name] for name in draw.sample(list(ANSWERS), 4)]
    turns = [TURNS[name]() for name in draw.sample(list(TURNS), 3)]

    def answering(method: str, path: str, kind: str) -> Iterator[bytes]:
        if kind in {"threads.create", "threads.add_user_message"}:
            return iter([draw.choice(turns)])
        return iter([answer(_LIST)]) if draw.random() < 0.7 else draw.choice(answers)()

    with HostileServer(answering) as server:
        verify(server, "--yes", "--page", server.url)
