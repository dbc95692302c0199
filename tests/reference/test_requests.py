"""What the backend answers to requests that no page sends: a reason, and never a failure of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import TypeAdapter

from tests.reference.harness import message, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference.harness import Backend, User

MOST = 1_000_000
MOST_UPLOADED = 10_100_000


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run the backend on its scripted model."""
    folder: Path = tmp_path_factory.mktemp("backend")
    with running(folder / "uvicorn.log", DATABASE=str(folder / "chat.db")) as served:
        yield served


@pytest.fixture
def ada(backend: Backend) -> Iterator[User]:
    with backend.user("ada") as user:
        yield user


def request(kind: str, **params: Any) -> bytes:
    return json.dumps({"type": kind, "params": params}).encode()


# Each body, and what the answer says of it.
NO_REQUESTS = {
    "nothing": (b"", "Invalid JSON"),
    "no-json": (b"hello", "Invalid JSON"),
    "half": (b'{"type": "threads.list", "par', "Invalid JSON"),
    "no-text": (b"\xff\xfe\x00", "Invalid JSON"),
    "half-a-letter": (rb'{"type": "\ud800"}', "Invalid JSON"),
    "deep": (b"[" * 100_000, "Invalid JSON"),
    "empty": (b"{}", "type"),
    "null": (b"null", "object"),
    "list": (b"[]", "object"),
    "unknown": (request("threads.explode"), "threads.explode"),
    "number-for-a-type": (b'{"type": 1, "params": {}}', "tag"),
    "no-params": (b'{"type": "threads.get_by_id"}', "params: Field required"),
    "no-thread": (request("threads.get_by_id"), "thread_id: Field required"),
    "number-for-an-id": (request("threads.get_by_id", thread_id=1), "valid string"),
    "no-message": (request("threads.create"), "input: Field required"),
    "text-for-a-message": (request("threads.create", input="Hello"), "input"),
    "order": (request("threads.list", order="sideways"), "'asc' or 'desc'"),
    "letters-for-a-limit": (request("threads.list", limit="many"), "valid integer"),
    "limit-below": (request("threads.list", limit=-1), "params.limit: between 1 and 100"),
    "limit-zero": (request("threads.list", limit=0), "params.limit: between 1 and 100"),
    "limit-above": (request("threads.list", limit=101), "params.limit: between 1 and 100"),
    "limit-beyond-all": (request("threads.list", limit=10**30), "params.limit: between 1 and 100"),
    "limit-of-items": (request("items.list", thread_id="t", limit=10**30), "params.limit: between 1 and 100"),
    "size-below": (request("attachments.create", name="a.txt", size=-1, mime_type="text/plain"), "size"),
    "speech": (request("input.transcribe", audio_base64="?", mime_type="audio/webm"), "input.transcribe"),
    "action": (request("threads.custom_action", thread_id="t", action={"type": "a"}), "threads.custom_action"),
    "sync-action": (
        request("threads.sync_custom_action", thread_id="t", action={"type": "a"}),
        "threads.sync_custom_action",
    ),
}


@pytest.mark.parametrize(("body", "told"), NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_is_answered_with_400_and_why(ada: User, body: bytes, told: str) -> None:
    answer = ada.http.post("/chatkit", content=body)

    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_a_limit_within_its_range_is_kept(backend: Backend) -> None:
    with backend.user("grace") as grace:
        for _ in range(2):
            grace.create("Hello")

        assert len(grace.ask("threads.list", limit=1)["data"]) == 1
        assert len(grace.ask("threads.list", limit=100)["data"]) == 2


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("threads.get_by_id", {}),
        ("threads.update", {"title": "x"}),
        ("items.list", {}),
    ],
)
def test_what_is_asked_of_a_thread_that_is_not_there_is_answered_with_404(
    ada: User, kind: str, params: dict[str, Any]
) -> None:
    assert ada.status(kind, thread_id="\x00", **params) == 404


def test_what_cannot_be_done_in_a_stream_is_an_event_and_no_cut(ada: User) -> None:
    turn = ada.create("Hello")
    answer = turn.answers[0]["id"]

    for kind, params in (
        ("threads.add_client_tool_output", {"result": 1}),
        ("threads.retry_after_item", {"item_id": answer}),
    ):
        failed = ada.stream(kind, thread_id=turn.thread_id, **params)
        assert [event["type"] for event in failed.events] == ["error"]
        assert "Something went wrong" in failed.errors[0]["message"]
    assert len(ada.items(turn.thread_id)) == 2


# What may stand in the place of anything.
JUNK: tuple[Any, ...] = (None, -1, 10**30, "\x00", [], {"type": "x"})


def valid_requests(thread_id: str, item_id: str) -> list[dict[str, Any]]:
    """Return a request of every kind, about a thread and its answer."""
    said = message("Hello", "attachment_gone") | {"inference_options": {"model": "m", "tool_choice": {"id": "t"}}}
    of_thread: dict[str, Any] = {"thread_id": thread_id}
    of_item = of_thread | {"item_id": item_id}
    page = {"limit": 2, "order": "asc", "after": item_id}
    params: dict[str, dict[str, Any]] = {
        "attachments.create": {"name": "a.txt", "size": 1, "mime_type": "text/plain"},
        "attachments.delete": {"attachment_id": "attachment_gone"},
        "input.transcribe": {"audio_base64": "AA==", "mime_type": "audio/webm"},
        "items.feedback": of_thread | {"item_ids": [item_id], "kind": "positive"},
        "items.list": of_thread | page,
        "threads.add_client_tool_output": of_thread | {"result": {}},
        "threads.add_structured_input": of_item | {"input": {"status": "completed", "answers": {}}},
        "threads.add_user_message": of_thread | {"input": said},
        "threads.create": {"input": said},
        "threads.custom_action": of_item | {"action": {"type": "a", "payload": {}}},
        "threads.delete": {"thread_id": "gone"},
        "threads.get_by_id": of_thread,
        "threads.list": page,
        "threads.retry_after_item": of_item,
        "threads.sync_custom_action": of_item | {"action": {"type": "a", "payload": {}}},
        "threads.update": of_thread | {"title": "Greeting"},
    }
    return [{"type": kind, "params": each} for kind, each in params.items()]


def with_junk(value: Any) -> Iterator[Any]:
    """Yield a JSON value with every part of it, and itself, replaced by each kind of junk, one at a time."""
    yield from JUNK
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (value | {key: other} for other in with_junk(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in with_junk(part))


@pytest.mark.filterwarnings("ignore")  # of the SDK's widgets, and of pydantic about a default
def test_there_is_a_valid_request_of_every_kind_that_the_sdk_knows() -> None:
    from chatkit.types import ChatKitReq

    known = set(TypeAdapter(ChatKitReq).json_schema()["discriminator"]["mapping"])

    assert {each["type"] for each in valid_requests("t", "i")} == known


@pytest.mark.parametrize("number", range(16))
def test_a_request_with_junk_in_it_is_answered_whole(ada: User, number: int) -> None:
    turn = ada.create("Hello")
    valid = valid_requests(turn.thread_id, turn.answers[0]["id"])[number]

    for body in (valid, *with_junk(valid)):
        answer = ada.http.post("/chatkit", json=body)
        assert answer.status_code in {200, 400, 404, 413, 415}, (body, answer.text)
        if answer.headers["content-type"].startswith("text/event-stream"):
            assert all(json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line)


TEXT_FOR_A_FILE = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n'


@pytest.mark.parametrize("phases", [1, 2])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=b"),
        (b"garbage", "multipart/form-data; boundary=b"),
        (b"garbage", "multipart/form-data"),
        (TEXT_FOR_A_FILE, "multipart/form-data; boundary=b"),
        (b"{}", "application/json"),
    ],
)
def test_an_upload_that_is_none_is_refused(ada: User, phases: int, content: bytes, kind: str) -> None:
    path = "/files" if phases == 1 else ada.place_for("a.txt", len(content), "text/plain")
    answer = ada.http.post(path, content=content, headers={"Content-Type": kind})

    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize(("path", "most"), [("/chatkit", MOST), ("/files", MOST_UPLOADED), ("/nowhere", MOST)])
def test_a_size_beyond_the_limit_is_refused_before_anything_is_sent(backend: Backend, path: str, most: int) -> None:
    assert backend.answer_before_the_body(path, most + 1).startswith("HTTP/1.1 413 ")


@pytest.mark.parametrize(("path", "most"), [("/chatkit", MOST), ("/files", MOST_UPLOADED), ("/sign-in", MOST)])
def test_a_body_without_a_size_is_refused_where_it_grows_beyond_the_limit(ada: User, path: str, most: int) -> None:
    def endless() -> Iterator[bytes]:
        yield START_OF_FORM if path == "/files" else b'{"name": "'
        for _ in range(3 * most // 50_000):
            yield b" " * 50_000

    kind = "multipart/form-data; boundary=b" if path == "/files" else "application/json"
    answer = ada.http.post(path, content=endless(), headers={"Content-Type": kind})

    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413
    assert str(most) in answer.json()["detail"]


START_OF_FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
)


def test_a_page_can_read_that_its_body_is_too_large(backend: Backend) -> None:
    headers = {"Origin": "http://localhost:5173"}
    answer = httpx.post(f"{backend.url}/chatkit", content=b" " * (MOST + 1), headers=headers, trust_env=False)

    assert answer.status_code == 413
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"


def test_a_body_of_all_that_is_allowed_is_read(ada: User) -> None:
    around = len(request("threads.create", input=message("")))
    content = request("threads.create", input=message("a" * (MOST - around)))
    assert len(content) == MOST

    with ada.http.stream("POST", "/chatkit", content=content) as answer:
        assert answer.status_code == 200
