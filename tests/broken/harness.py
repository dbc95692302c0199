"""Run a copy of the broken app's backend against the stand-in model, and speak ChatKit's protocol with it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tests.forked import programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.standin.provider import Provider

Event = dict[str, Any]
"""One event of an answer's stream, as the browser gets it."""

APP = Path(__file__).parents[2] / "fixtures" / "broken"

_ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message brought about: the events of its answer, in order."""

    events: list[Event]

    @property
    def thread_id(self) -> str:
        """Return the id of the thread that this turn created."""
        created = next(event for event in self.events if event["type"] == "thread.created")
        return str(created["thread"]["id"])

    @property
    def answers(self) -> list[Event]:
        """Return the assistant's messages as they were when done."""
        done = [event["item"] for event in self.events if event["type"] == "thread.item.done"]
        return [item for item in done if item["type"] == "assistant_message"]

    @property
    def errors(self) -> list[Event]:
        """Return the error events."""
        return [event for event in self.events if event["type"] == "error"]

    @property
    def typed(self) -> dict[str, str]:
        """Return the text that came in pieces, by the id of the item that the pieces name."""
        texts: defaultdict[str, str] = defaultdict(str)
        for event in self.events:
            if event["type"] == "thread.item.updated":
                texts[event["item_id"]] += event["update"].get("delta", "")
        return dict(texts)


@dataclass(frozen=True, slots=True)
class Chat:
    """A user's browser, as far as the backend can tell."""

    http: httpx.Client

    def create(self, text: str) -> Turn:
        """Start a thread with a message."""
        return self._stream("threads.create", {"input": _user_message(text)})

    def say(self, thread_id: str, text: str) -> Turn:
        """Send another message to a thread."""
        return self._stream("threads.add_user_message", {"thread_id": thread_id, "input": _user_message(text)})

    def items(self, thread_id: str) -> list[Event]:
        """Return what a reload of the page shows of a thread, oldest first."""
        response = self._post("threads.get_by_id", {"thread_id": thread_id})
        data: list[Event] = response.json()["items"]["data"]
        return data

    def _stream(self, kind: str, params: Event) -> Turn:
        response = self._post(kind, params)
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.text.splitlines() if line]
        assert all(line.startswith("data: {") for line in lines), lines
        return Turn([json.loads(line.removeprefix("data: ")) for line in lines])

    def _post(self, kind: str, params: Event) -> httpx.Response:
        return self.http.post("/chatkit", json={"type": kind, "params": params}).raise_for_status()


def _user_message(text: str) -> Event:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


def environment(provider: Provider, database: str = ":memory:") -> dict[str, str]:
    """Return the environment in which the backend runs on the stand-in and reaches nothing else."""
    return os.environ | {
        "CHAT_MODEL": "openai/stand-in",
        "CHAT_BASE_URL": provider.base_url,
        "CHAT_API_KEY": "stand-in",
        "DATABASE": database,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def run_backend(folder: Path, provider: Provider) -> Iterator[Chat]:
    """Serve the backend in `folder` on a free loopback port for as long as the context lasts.

    Raises AssertionError with what the process said where it does not come up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener, (folder / "uvicorn.log").open("w+b") as log:
        # The socket is handed over: no port to guess, and requests wait in its queue until the app is up.
        fd = listener.fileno()
        command = ["-m", "uvicorn", "app.main:app", "--fd", str(fd)]
        process = programs.start(command, folder, environment(provider), log, log, [fd])
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.close()
        try:
            with httpx.Client(
                base_url=url, timeout=_ANSWER_SECONDS, trust_env=False, headers={"X-User-Id": "ada"}
            ) as http:
                _wait_until_healthy(http, folder / "uvicorn.log")
                yield Chat(http)
        finally:
            process.terminate()
            process.wait()


def _wait_until_healthy(http: httpx.Client, log: Path) -> None:
    try:
        http.get("/health").raise_for_status()
    except httpx.HTTPError as error:
        message = f"the backend did not come up: {error}\n{log.read_text()}"
        raise AssertionError(message) from error


def run_python(
    code: str, folder: Path, *arguments: str, env: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    """Run a script inside the backend in `folder`; the arguments are its `sys.argv[1:]`."""
    return programs.run(["-c", code, *arguments], folder, env)


def doctor(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `chatkit-doctor scan .` in a folder."""
    command = [sys.executable, "-m", "chatkit_doctor", "scan", *options, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def repaired_copy(folder: Path, *options: str) -> Path:
    """Copy the broken app into `folder` and let the command mend it; nothing that it was to mend may be left."""
    copy = folder / "weekender"
    shutil.copytree(APP, copy)
    run = doctor(copy, "--fix", "--unsafe-fixes", *options)
    assert run.returncode == 0, run.stdout + run.stderr
    return copy
