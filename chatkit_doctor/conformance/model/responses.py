"""The wire format of OpenAI's Responses API: streamed events and whole bodies, as far as agents use it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from chatkit_doctor.conformance.model.json_body import Json


def message(text: str) -> Json:
    """Return a message as it stands in a response's output."""
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"id": _id("msg"), "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def function_call(name: str, arguments: str) -> Json:
    """Return a call of a function as it stands in a response's output."""
    call = {"type": "function_call", "status": "completed", "call_id": _id("call"), "name": name}
    return {"id": _id("fc"), **call, "arguments": arguments}


def reasoning(text: str) -> Json:
    """Return what a model thinks, as it stands in a response's output."""
    return {"id": _id("rs"), "type": "reasoning", "summary": [{"type": "summary_text", "text": text}]}


def response(model: str, output: Sequence[Json]) -> Json:
    """Return a whole body."""
    return {
        "id": _id("resp"),
        "object": "response",
        "created_at": 0,
        "model": model,
        "status": "completed",
        "output": list(output),
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


def frames(whole: Json) -> Iterator[bytes]:
    """Yield the server-sent events of a streamed body, the text a word at a time."""
    numbers = count()

    def event(kind: str, **more: Any) -> bytes:
        body = {"type": kind, "sequence_number": next(numbers), **more}
        return f"event: {kind}\ndata: {json.dumps(body)}\n\n".encode()

    yield event("response.created", response={**whole, "status": "in_progress", "output": []})
    for index, item in enumerate(whole["output"]):
        started = {**item, "status": "in_progress"} | {key: [] for key in ("content", "summary") if key in item}
        yield event("response.output_item.added", output_index=index, item=started)
        if item["type"] == "message":
            place = {"item_id": item["id"], "output_index": index, "content_index": 0}
            part = item["content"][0]
            yield event("response.content_part.added", **place, part={**part, "text": ""})
            for word in _words(part["text"]):
                yield event("response.output_text.delta", **place, delta=word, logprobs=[])
            yield event("response.output_text.done", **place, text=part["text"], logprobs=[])
            yield event("response.content_part.done", **place, part=part)
        yield event("response.output_item.done", output_index=index, item=item)
    yield event("response.completed", response=whole)


def _words(text: str) -> list[str]:
    first, *rest = text.split(" ")
    return [first, *(f" {word}" for word in rest)]


def _id(kind: str) -> str:
    return f"{kind}_{uuid4().hex}"
