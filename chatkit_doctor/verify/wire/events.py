"""Server-sent events as they come: bytes in, ChatKit's events out, and what is wrong with their form.

What is wrong is noted and then read as it was meant, so that one defect does not hide the others, and so that the id
of a thread is known whatever the stream looks like.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from chatkit_doctor.records import dataclass
from chatkit_doctor.verify.explained import ExplainedBy

Event = dict[str, Any]

EVENT_STREAM = "text/event-stream"
_UNPARTED = "events are not parted by empty lines"
_LAYERS = 4
# Python's parser is let near nothing else that a server sends.
_BYTES = re.compile(r"""b(?:'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+")""")
# Fields of the standard that ChatKit does not use, and that a browser passes over.
_OTHER_FIELDS = frozenset({"event", "id", "retry"})


@dataclass(frozen=True, slots=True)
class StreamProblem:
    """What is wrong with a stream's form, and the rule that would explain it."""

    text: str
    rule: ExplainedBy | None = None


@cache
def known_types() -> frozenset[str]:
    """Return the types of all events that a published release of ChatKit sends."""
    from chatkit_doctor.contracts.sdk.python import python_contract

    contract = python_contract()
    union = contract.union("chatkit.types.ThreadStreamEvent")
    assert union is not None
    models = [contract.model(str(member)) for member in union.members]
    literals = (model.fields["type"].type for model in models if model is not None)
    return frozenset(value for each in literals if not isinstance(each, str) for value in each["literal"])


class EventReader:
    """Reads one stream. problems: in the order of the stream, each kind once."""

    def __init__(self) -> None:
        self.problems: list[StreamProblem] = []
        self._pending = bytearray()
        self._data: list[str] = []

    def feed(self, data: bytes) -> Iterator[Event]:
        """Yield the events that are complete with these bytes."""
        self._pending += data
        if b"\n" not in data:
            return
        *lines, self._pending = self._pending.split(b"\n")
        for line in lines:
            yield from self._line(self._decoded(line.removesuffix(b"\r")))

    @property
    def is_between_events(self) -> bool:
        """Return whether the bytes so far end where an event ends."""
        return not self._pending and not self._data

    def end(self) -> Iterator[Event]:
        """Yield what the end of the stream leaves over."""
        if self._pending:
            yield from self._line(self._decoded(self._pending))
            self._pending.clear()
        if self._data:
            yield from self._dispatch()
            if _UNPARTED not in (problem.text for problem in self.problems):
                self._note("the last event is not followed by an empty line", ExplainedBy.NOT_STREAMED)

    def _decoded(self, line: bytes | bytearray) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            self._note("the stream is not UTF-8")
            return line.decode("utf-8", "replace")

    def _line(self, line: str) -> Iterator[Event]:
        name, colon, value = line.partition(":")
        if not line:
            yield from self._dispatch()
        elif name == "data" and colon:
            self._data.append(value.removeprefix(" "))
        elif name and name not in _OTHER_FIELDS:
            self._note(f"a line is neither data nor a comment: {quoted(line)}", ExplainedBy.NOT_STREAMED)
            if line.startswith("{"):
                yield from self._event(line)

    def _dispatch(self) -> Iterator[Event]:
        """Yield the event of the data lines since the last empty line; of each line, where together they are none."""
        lines, self._data = self._data, []
        if not lines:
            return
        if len(lines) > 1 and not _is_json("\n".join(lines)) and any(map(_is_json, lines)):
            self._note(_UNPARTED, ExplainedBy.NOT_STREAMED)
        else:
            lines = ["\n".join(lines)]
        for text in lines:
            yield from self._event(text)

    def _event(self, text: str) -> Iterator[Event]:
        found = _parsed(self._unwrapped(text))
        if not isinstance(found, dict):
            self._note(f"an event is no JSON object: {quoted(text)}")
        elif not isinstance(found.get("type"), str):
            self._note(f"an event has no type: {quoted(text)}")
        else:
            if found["type"] not in known_types():
                self._note(
                    f"no release of ChatKit has an event of the type {quoted(found['type'])}",
                    ExplainedBy.NOT_AN_EVENT_STREAM,
                )
            yield found

    def _unwrapped(self, text: str) -> str:
        """Return data without what was written around it a second time."""
        for _ in range(_LAYERS):
            if text.startswith("data:"):
                self._note('the events are wrapped twice: lines start with "data: data:"', ExplainedBy.NOT_STREAMED)
                text = text.removeprefix("data:").strip()
            elif text.startswith(("b'", 'b"')):
                self._note(f"bytes are written as Python shows them: {quoted(text)}", ExplainedBy.NOT_STREAMED)
                text = _shown_bytes(text)
            else:
                break
        return text

    def _note(self, text: str, rule: ExplainedBy | None = None) -> None:
        # A broken stream breaks the same way at every event: the text up to the colon is the kind.
        kind = text.partition(":")[0]
        if all(problem.text.partition(":")[0] != kind for problem in self.problems):
            self.problems.append(StreamProblem(text, rule))


def quoted(text: str, most: int = 80) -> str:
    """Return foreign text in quotes, on one line, cut where it is long."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= most else line[: most - 3] + "..."}"'


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_json(text: str) -> bool:
    return _parsed(text) is not None


def _shown_bytes(text: str) -> str:
    """Return the text of bytes as Python shows them; "" for what is no such literal alone."""
    if _BYTES.fullmatch(text) is None:
        return ""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        return ""
    return value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else ""
