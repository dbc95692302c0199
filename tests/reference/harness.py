"""Runs the reference app's backend in a process of its own, which can be killed and started again at its address."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from tests.broken.harness import Chat, Event, Turn
from tests.forked import programs
from tests.forked.programs import PYTHON

if TYPE_CHECKING:
    from tests.standin.provider import Provider

APP = Path(__file__).parents[2] / "fixtures" / "reference"

# What the backends of the tests sign with.
SECRET_KEY = "a key that all of these tests know"  # noqa: S105

_ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class User(Chat):
    """A user's browser: the requests that a page makes beyond those of `Chat`."""

    def stream(self, kind: str, **params: Any) -> Turn:
        """Send a request that is answered by events."""
        return self._stream(kind, params)

    def ask(self, kind: str, **params: Any) -> Event:
        """Send a request that is answered by one JSON object."""
        answer: Event = self._post(kind, params).json()
        return answer

    def place_for(self, name: str, size: int, mime_type: str) -> str:
        """Announce a file, and return the address to send it to."""
        return upload_url(self.ask("attachments.create", name=name, size=size, mime_type=mime_type))

    def status(self, kind: str, **params: Any) -> int:
        """Send a request and return the HTTP status alone."""
        return self.http.post("/chatkit", json={"type": kind, "params": params}).status_code


class Process(Protocol):
    """What a backend asks of the process it runs in."""

    def send_signal(self, sig: int, /) -> None: ...
    def wait(self) -> int: ...


def arguments(fd: int) -> list[str]:
    """Return what tells uvicorn to run an app on a socket that it inherits."""
    return ["app.main:app", "--fd", str(fd)]


def fork(folder: Path, fd: int, environment: Mapping[str, str], log: Path) -> Process:
    """Start uvicorn in a folder, on a socket, from a process that has the packages; it writes to the log."""
    with log.open("ab") as written:
        return programs.start(["-m", "uvicorn", *arguments(fd)], folder, environment, written, written, [fd])


def launch(folder: Path, fd: int, environment: Mapping[str, str], log: Path) -> Process:
    """Start uvicorn as `fork` does, but from nothing, as people do: most of that time goes into its imports."""
    with log.open("ab") as written:
        return subprocess.Popen(
            [PYTHON, "-m", "uvicorn", *arguments(fd)],
            cwd=folder,
            env=environment,
            pass_fds=[fd],
            stdout=written,
            stderr=written,
        )


Launch = Callable[[Path, int, Mapping[str, str], Path], Process]


class Backend:
    """The backend of an app on a loopback port that stays its own: requests wait while it is down.

    log: where the process writes. listener: the port, where it is to outlive the backend. launch: what starts it.
    """

    def __init__(
        self,
        log: Path,
        environment: dict[str, str],
        app: Path = APP,
        listener: socket.socket | None = None,
        launch: Launch = fork,
    ) -> None:
        self.log = log
        self._app = app
        self._environment = environment
        self._listener = listener or listen()
        self._borrowed = listener is not None
        self._launch = launch
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""
        return url_of(self._listener)

    def start(self) -> None:
        """Start the process and wait until it answers. Raises AssertionError with what it wrote if it does not."""
        environment = self._environment | {"PUBLIC_URL": self.url}
        self._process = self._launch(self._app / "backend", self._listener.fileno(), environment, self.log)
        try:
            httpx.get(f"{self.url}/health", timeout=_ANSWER_SECONDS, trust_env=False).raise_for_status()
        except httpx.HTTPError as error:
            message = f"the backend did not come up: {error}\n{self.log.read_text()}"
            raise AssertionError(message) from error

    def answer_before_the_body(self, path: str, size: int) -> str:
        """Announce a body of some size, send none of it, and return the start of the answer."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n"
        with socket.create_connection(self._listener.getsockname(), timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(head.encode())
            return connection.recv(1000).decode()

    def accounts(self, *arguments: str) -> str:
        """Call the command that says who may sign in, and return what it prints."""
        run = programs.run(["-m", "app.accounts", *arguments], self._app / "backend", self._environment)
        run.check_returncode()
        return run.stdout.strip()

    def kill(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """End the process in its own time and give the port back."""
        self._end(signal.SIGTERM)
        if not self._borrowed:
            self._listener.close()

    @contextmanager
    def user(self, name: str = "ada", password: str = "") -> Iterator[User]:
        """Open a browser and sign in."""
        with self.stranger() as http:
            answer = http.post("/sign-in", json={"name": name, "password": password}).raise_for_status()
            http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            yield User(http)

    @contextmanager
    def stranger(self) -> Iterator[httpx.Client]:
        """Open a browser in which nobody has signed in."""
        with httpx.Client(base_url=self.url, timeout=_ANSWER_SECONDS, trust_env=False) as http:
            yield http

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


@contextmanager
def running(log: Path, **environment: str) -> Iterator[Backend]:
    """Run the app's own backend for as long as the context lasts."""
    with serving(Backend(log, alone(**environment))) as backend:
        yield backend


@contextmanager
def serving(backend: Backend) -> Iterator[Backend]:
    """Run a backend for as long as the context lasts."""
    try:
        backend.start()
        yield backend
    finally:
        backend.close()


def listen() -> socket.socket:
    """Take a loopback port; requests wait in its queue until a backend is up."""
    return socket.create_server(("127.0.0.1", 0), backlog=1024)


def url_of(listener: socket.socket) -> str:
    """Return the address of a port, without a slash at its end."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def alone(**environment: str) -> dict[str, str]:
    """Return the environment of a backend that reaches nothing, and knows no key but a given one."""
    return (
        os.environ
        | {
            "GEMINI_API_KEY": "",
            "OPENAI_API_KEY": "",
            "ANTHROPIC_API_KEY": "",
            "CHAT_API_KEY": "",
            "DATABASE": ":memory:",
            "ENVIRONMENT": "development",
            "SECRET_KEY": SECRET_KEY,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "NO_PROXY": "127.0.0.1",
        }
        | environment
    )


def model_of(provider: Provider) -> dict[str, str]:
    """Return the settings with which the backend runs on the stand-in, by way of LiteLLM."""
    return {"CHAT_MODEL": "openai/stand-in", "CHAT_BASE_URL": provider.base_url, "CHAT_API_KEY": "stand-in"}


def message(text: str, *attachments: str) -> Event:
    """Return a user's message as a request carries it."""
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": list(attachments), "inference_options": {}}


def upload_url(record: Event) -> str:
    """Return where the file of a record is to be sent; before 1.5 it stood in a field of its own."""
    return str(record.get("upload_url") or record["upload_descriptor"]["url"])


def texts(items: list[Event]) -> list[str]:
    """Return what messages say."""
    return ["".join(part["text"] for part in item["content"]) for item in items]


def events_in(lines: Iterator[str]) -> Iterator[Event]:
    """Yield the events of a stream as its lines come."""
    for line in lines:
        if line:
            yield json.loads(line.removeprefix("data: "))
