"""The chat-completions wire format: bodies, streamed frames and errors, as the endpoint sends them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from uuid import uuid4

from chatkit_doctor.conformance.model.json_body import Json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CREATED = 1_700_000_000
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


def error(message: str) -> Json:
    """Return the body of a refused request."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


def tool_call(index: int, name: str, arguments: str) -> Json:
    """Return one tool call as it stands in a message; `index` numbers the calls of a reply."""
    return {
        "index": index,
        "id": f"call_{uuid4().hex[:24]}",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def completion(model: str, text: str, tool_calls: Sequence[Json]) -> Json:
    """Return the body of an answer that is not streamed."""
    message: Json = {"role": "assistant", "content": text or None}
    if tool_calls:
        message["tool_calls"] = [{key: call[key] for key in ("id", "type", "function")} for call in tool_calls]
    choice = {"index": 0, "message": message, "finish_reason": _finish_reason(tool_calls)}
    return _envelope("chat.completion", model) | {"choices": [choice], "usage": _USAGE}


def frames(
    model: str, text: str, tool_calls: Sequence[Json], *, with_usage: bool, reasoning: str = ""
) -> Iterator[bytes]:
    """Yield the server-sent events of a streamed answer, the text a word at a time, behind the reasoning."""
    head = _envelope("chat.completion.chunk", model)
    for delta in _deltas(text, tool_calls, reasoning):
        yield _frame(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _frame(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": _finish_reason(tool_calls)}]})
    if with_usage:
        yield _frame(head | {"choices": [], "usage": _USAGE})
    yield b"data: [DONE]\n\n"


def _deltas(text: str, tool_calls: Sequence[Json], reasoning: str) -> Iterator[Json]:
    yield {"role": "assistant", "content": "" if text else None}
    for word in re.findall(r"\S+\s*", reasoning):
        yield {"reasoning_content": word}
    for word in re.findall(r"\S+\s*", text):
        yield {"content": word}
    for call in tool_calls:
        function = call["function"]
        yield {"tool_calls": [call | {"function": {"name": function["name"], "arguments": ""}}]}
        yield {"tool_calls": [{"index": call["index"], "function": {"arguments": function["arguments"]}}]}


def _envelope(kind: str, model: str) -> Json:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": _CREATED, "model": model}


def _finish_reason(tool_calls: Sequence[Json]) -> str:
    return "tool_calls" if tool_calls else "stop"


def _frame(body: Json) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()
