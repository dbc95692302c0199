"""A chat-completions provider on a loopback port, so that the apps under test run on the real SDKs without a model.

It speaks OpenAI's wire format, streamed and not, refuses what the real endpoint refuses, and keeps every
request. What it answers is a script: a function from the request's messages to a reply.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chatkit_doctor.conformance.model import completions as wire

Message = dict[str, Any]
"""One entry of a request's `messages`."""

_FRAMES_TO_FIRST_WORD = 2
"""The role, then the word."""

_GATE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model wants to have called, its arguments as JSON text."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the model: some text, some tool calls, or both in this order.

    gate: where streamed, nothing follows the first word before this is set.
    breaks: where streamed, the connection ends after the first word, in the middle of the body.
    """

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    gate: threading.Event | None = None
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer with an HTTP status other than 200."""

    status: int
    message: str


Script = Callable[[Sequence[Message]], Reply | Failure]


def text_of(message: Message) -> str:
    """Return what a message says, whether its content is a string, parts or null."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


def converse(messages: Sequence[Message]) -> Reply:
    """Answer a question for the user's name from the messages alone, and repeat anything else."""
    said = [text_of(message) for message in messages if message["role"] == "user"]
    if not re.search(r"what is my name", said[-1], re.IGNORECASE):
        return Reply(f"You said: {said[-1]}")
    names = [match[1] for text in said if (match := re.search(r"my name is (\w+)", text, re.IGNORECASE))]
    return Reply(f"Your name is {names[-1]}." if names else "I do not know your name.")


class Provider:
    """The running stand-in: enter it to listen, leave it to stop.

    requests: the bodies received, oldest first.
    """

    def __init__(self, script: Script = converse) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        """Return what a client is given as its base URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def heard(self, index: int = -1) -> list[tuple[str, str]]:
        """Return role and text of the user's and the assistant's messages in one request."""
        messages = self.requests[index]["messages"]
        return [(item["role"], text_of(item)) for item in messages if item["role"] in {"user", "assistant"}]

    def __enter__(self) -> Provider:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, provider: Provider) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.provider = provider


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        provider = self.server.provider
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self._refusal(body)
        if answer is None:
            provider.requests.append(body)
            answer = provider.script(body["messages"])
        if isinstance(answer, Failure):
            self._send_json(answer.status, wire.error(answer.message))
            return
        calls = [wire.tool_call(index, call.name, call.arguments) for index, call in enumerate(answer.tool_calls)]
        if not body.get("stream"):
            self._send_json(200, wire.completion(body["model"], answer.text, calls))
            return
        with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        self._send_events(wire.frames(body["model"], answer.text, calls, with_usage=with_usage), answer)

    def _refusal(self, body: dict[str, Any]) -> Reply | Failure | None:
        if self.path != "/v1/chat/completions":
            return Failure(404, f"Invalid URL (POST {self.path})")
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            return Failure(401, "You didn't provide an API key.")
        problem = next(_problems(body.get("messages")), None)
        return Failure(400, problem) if problem else None

    def _send_events(self, frames: Iterator[bytes], answer: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for number, frame in enumerate(frames):
            if number == _FRAMES_TO_FIRST_WORD:
                if answer.gate:
                    answer.gate.wait(_GATE_SECONDS)
                if answer.breaks:
                    # Without the empty chunk the body is cut. A reset could overtake what was sent before it.
                    return
            self._send_chunk(frame)
        self._send_chunk(b"")

    def _send_chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def _send_json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent: the tests read `requests`."""


_PARTS = {
    "user": {"text", "image_url", "input_audio", "file"},
    "assistant": {"text", "refusal"},
    "system": {"text"},
    "developer": {"text"},
    "tool": {"text"},
}


def _problems(messages: object) -> Iterator[str]:
    """Say what the real endpoint would refuse: no messages, unknown roles, content parts of the Responses API."""
    if not isinstance(messages, list) or not messages:
        yield "Invalid 'messages': expected a non-empty array."
        return
    for index, message in enumerate(messages):
        role = message.get("role")
        if role not in _PARTS:
            yield f"Invalid value: {role!r} at messages[{index}].role."
            continue
        content = message.get("content")
        if content is None and not (role == "assistant" and message.get("tool_calls")):
            yield f"Invalid type for 'messages[{index}].content': null."
        for part in content if isinstance(content, list) else ():
            if part.get("type") not in _PARTS[role]:
                yield f"Invalid value: {part.get('type')!r} at messages[{index}].content."
