"""The endpoint: it listens on loopback, answers in the API that it is asked in, and keeps every request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chatkit_doctor.conformance.model import completions, responses
from chatkit_doctor.conformance.model.heard import Heard, example, of_completions, of_responses
from chatkit_doctor.conformance.model.json_body import Json

# Behind these frames there is text: the role, or the events that open a message.
_FRAMES_TO_FIRST_WORD = {"completions": 2, "responses": 4}
_GATE_SECONDS = 20.0
# How soon it notices that it is to stop.
_POLL_SECONDS = 0.02


@dataclass
class ModelAnswer:
    """What the model says: reasoning, text, calls of functions by name with arguments; or an HTTP status of a refusal.

    gate: nothing follows the first word before this is set. breaks: the connection ends after the first word.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    reasoning: str = ""
    status: int = 200
    gate: threading.Event | None = None
    breaks: bool = False


ModelScript = Callable[[Heard, int], ModelAnswer]


def echo(heard: Heard, number: int) -> ModelAnswer:
    """Answer with a number and with what was said, in the form that is asked for."""
    if heard.schema is not None:
        return ModelAnswer(json.dumps(example(heard.schema, yes=heard.yes)))
    if heard.body.get("tool_choice") == "required" and heard.tools and not heard.results:
        name, schema = next(iter(heard.tools.items()))
        return ModelAnswer(calls=((name, json.dumps(example(schema))),))
    return ModelAnswer(f"This is answer {number} to: {heard.last_user_text}")


class ModelEnd:
    """The running endpoint: enter it to listen, leave it to stop.

    heard: the requests, the oldest first. yes: what it says where a yes or a no is asked for, as of a guard.
    """

    def __init__(self, script: ModelScript = echo) -> None:
        self.script = script
        self.yes = True
        self.heard: list[Heard] = []
        self._said_before: dict[str, list[tuple[str, str]]] = {}
        self._lock = threading.Lock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Return what a client takes as its base URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> ModelEnd:
        threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, body: Json) -> tuple[ModelAnswer, str]:
        """Return what is answered to a request, and in which API."""
        api = "responses" if path.endswith("/responses") else "completions"
        with self._lock:
            before = self._said_before.get(str(body.get("previous_response_id")), [])
            heard = of_responses(body, before) if api == "responses" else of_completions(body)
            heard.yes = self.yes
            self.heard.append(heard)
            number = len(self.heard)
        return self.script(heard, number), api

    def remember(self, whole: Json, answer: ModelAnswer, heard_body: Json) -> None:
        """Keep what was said up to a response, for those that name it as the one before."""
        heard = next((each for each in self.heard if each.body is heard_body), None)
        if heard is not None:
            said = [each for each in heard.said if each[0] != "system"]
            self._said_before[whole["id"]] = [*said, ("assistant", answer.text)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, end: ModelEnd) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.end = end


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        path = self.path.rstrip("/")
        if not path.endswith(("/responses", "/chat/completions")):
            self._send(404, completions.error(f"Invalid URL (POST {path})"))
            return
        answer, api = self.server.end.answer(path, body)
        if answer.status != 200:
            self._send(answer.status, completions.error("the stand-in refuses this request, as its script says"))
            return
        whole, frames = self._made(answer, api, body)
        if body.get("stream"):
            self._stream(frames, answer, _FRAMES_TO_FIRST_WORD[api])
        else:
            self._send(200, whole)

    def _made(self, answer: ModelAnswer, api: str, body: Json) -> tuple[Json, Iterable[bytes]]:
        """Return the body of an answer, and the frames of the same."""
        model = str(body.get("model"))
        if api == "responses":
            whole = responses.response(model, _output(answer))
            self.server.end.remember(whole, answer, body)
            return whole, responses.frames(whole)
        calls = [completions.tool_call(index, *call) for index, call in enumerate(answer.calls)]
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        frames = completions.frames(model, answer.text, calls, with_usage=usage, reasoning=answer.reasoning)
        return completions.completion(model, answer.text, calls), frames

    def _stream(self, frames: Iterable[bytes], answer: ModelAnswer, to_first_word: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for number, frame in enumerate(frames):
            if number == to_first_word:
                if answer.gate is not None:
                    answer.gate.wait(_GATE_SECONDS)
                if answer.breaks:
                    return
            self._chunk(frame)
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        # Who stopped listening has had enough.
        with suppress(OSError):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
            self.wfile.flush()

    def _send(self, status: int, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        # A client keeps what is open for the next event loop, where it is of no use.
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent: `heard` tells."""


def _output(answer: ModelAnswer) -> list[dict[str, Any]]:
    output = [responses.reasoning(answer.reasoning)] if answer.reasoning else []
    output += [responses.message(answer.text)] if answer.text else []
    return output + [responses.function_call(*call) for call in answer.calls]
