"""One turn of a conversation as it came over the wire: its events, when they came, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.verify.wire.events import Event, StreamProblem
    from chatkit_doctor.verify.wire.transport import Answer

USER_MESSAGE = "user_message"
ASSISTANT_MESSAGE = "assistant_message"


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """A thread item, as far as the checks look at one. id: "" where it has none."""

    id: str
    type: str
    text: str

    @classmethod
    def read(cls, value: object) -> ThreadItem:
        """Read an item, whatever a server sends for one."""
        found = value if isinstance(value, dict) else {}
        content = found.get("content")
        parts = content if isinstance(content, list) else []
        texts = (part.get("text") for part in parts if isinstance(part, dict))
        return cls(_text(found, "id"), _text(found, "type"), "".join(text for text in texts if isinstance(text, str)))


@dataclass(frozen=True, slots=True)
class StreamPiece:
    """What one read of the stream brought. seconds: since the request. is_whole: it ended where an event ends."""

    seconds: float
    events: int
    is_whole: bool


@dataclass(slots=True)
class Turn:
    """A message and what came back.

    head: the response without its body, None where none came. broken: in one line, why the turn has no proper end;
    "" for one that has. body: the start of a response that is no stream.
    """

    said: str
    head: Answer | None = None
    broken: str = ""
    body: bytes = b""
    events: list[Event] = field(default_factory=list)
    problems: list[StreamProblem] = field(default_factory=list)
    pieces: list[StreamPiece] = field(default_factory=list)

    @property
    def thread_id(self) -> str:
        """Return the id of the thread that the turn made, or ""."""
        threads = (event.get("thread") for event in self._of("thread.created"))
        return next((_text(thread, "id") for thread in threads if isinstance(thread, dict)), "")

    @property
    def added(self) -> list[ThreadItem]:
        """Return the items as they were announced."""
        return self._items("thread.item.added")

    @property
    def done(self) -> list[ThreadItem]:
        """Return the items as they were when done; one that is sent twice as it was is still one."""
        return list(dict.fromkeys(self._items("thread.item.done")))

    @property
    def answers(self) -> list[ThreadItem]:
        """Return the assistant's messages as the turn has left them."""
        done, removed = self.done, self._removed_ids
        replaced = {item.id: item for item in self._items("thread.item.replaced")}
        left = [replaced.get(item.id, item) for item in done]
        done_ids = {item.id for item in done}
        left += [item for item in replaced.values() if item.id not in done_ids]
        return [item for item in left if item.type == ASSISTANT_MESSAGE and item.id not in removed]

    @property
    def answer(self) -> str:
        """Return what the assistant said."""
        return "\n".join(item.text for item in self.answers)

    @property
    def settled_ids(self) -> set[str]:
        """Return the ids of items that are no longer under way."""
        return {item.id for item in (*self.done, *self._items("thread.item.replaced"))} | self._removed_ids

    @property
    def typed_ids(self) -> list[str]:
        """Return the ids of the items that pieces of an assistant's text were sent for."""
        updates = [(event, event.get("update")) for event in self._of("thread.item.updated")]
        return [
            _text(event, "item_id")
            for event, update in updates
            if isinstance(update, dict) and _text(update, "type").startswith(f"{ASSISTANT_MESSAGE}.")
        ]

    @property
    def error(self) -> str:
        """Return what the server says went wrong, in its words or by its code; "" for nothing."""
        for event in self.events:
            if event["type"] == "error" or (event["type"] == "notice" and event.get("level") == "danger"):
                return _text(event, "message") or _text(event, "code") or event["type"]
        return ""

    @property
    def is_complete(self) -> bool:
        """Return whether it came to its end, with an answer and without an error."""
        return bool(self.answers) and not self.broken and not self.error

    @property
    def _removed_ids(self) -> set[str]:
        return {_text(event, "item_id") for event in self._of("thread.item.removed")}

    def _items(self, kind: str) -> list[ThreadItem]:
        return [ThreadItem.read(event.get("item")) for event in self._of(kind)]

    def _of(self, kind: str) -> Iterator[Event]:
        return (event for event in self.events if event["type"] == kind)


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""
