"""OpenAI's Responses API on a loopback port, as far as the Agents SDK uses it; every request is kept.

What it answers is a script: a function from a request's body to a text, or to a call of a function.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function that the model wants to have called, its arguments as JSON text."""

    name: str
    arguments: str = "{}"


Script = Callable[[Request], "str | FunctionCall"]


@dataclass
class Responses:
    """The running stand-in: enter it to listen, leave it to stop."""

    script: Script
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Responses:
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return what stands in for the address of OpenAI's API."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        requests, script = self.requests, self.script

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self.path.endswith("/responses"):
                    # Traces are not looked at.
                    self.send_response(204)
                    self.end_headers()
                    return
                requests.append(body)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for event in _events(script(body), len(requests)):
                    self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _events(answer: str | FunctionCall, number: int) -> Iterator[dict[str, Any]]:
    """Yield the stream of one answer."""
    numbers = count()
    item = _call(answer, number) if isinstance(answer, FunctionCall) else _message(answer, number)
    whole = _response(number, [item])

    def event(kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "sequence_number": next(numbers), **more}

    yield event("response.created", response={**whole, "status": "in_progress", "output": []})
    started = {**item, "status": "in_progress"} | ({"content": []} if "content" in item else {})
    yield event("response.output_item.added", output_index=0, item=started)
    if isinstance(answer, str):
        place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        yield event("response.content_part.added", **place, part={**item["content"][0], "text": ""})
        for word in answer.split(" "):
            yield event("response.output_text.delta", **place, delta=f"{word} ", logprobs=[])
        yield event("response.output_text.done", **place, text=answer, logprobs=[])
        yield event("response.content_part.done", **place, part=item["content"][0])
    yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=whole)


def _message(text: str, number: int) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"id": f"msg_{number}", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def _call(call: FunctionCall, number: int) -> dict[str, Any]:
    return {
        "id": f"fc_{number}",
        "type": "function_call",
        "status": "completed",
        "call_id": f"call_{number}",
        "name": call.name,
        "arguments": call.arguments,
    }


def _response(number: int, output: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 0,
        "model": "stand-in",
        "status": "completed",
        "output": output,
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 1,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 1,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 2,
        },
    }
