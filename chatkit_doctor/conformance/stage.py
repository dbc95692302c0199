"""A server on the stage: requests in ChatKit's protocol go through its `process`, its model's answers are scripted."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from chatkit_doctor.conformance.mcp_servers import MADE
from chatkit_doctor.conformance.model.end import ModelEnd, ModelScript, echo
from chatkit_doctor.conformance.model.heard import Heard
from chatkit_doctor.conformance.model.redirect import REDIRECT
from chatkit_doctor.conformance.results import BrokenError, SkippedError

WireEvent = dict[str, Any]

# What is known beside the properties: what a guard takes for an answer that lets a message through.
_YES = "yes"


@dataclass
class StagedTurn:
    """What came of a streamed request.

    events: as the page gets them. thread_id: the thread's. heard: what the model was asked meanwhile.
    error: what the stream or the server's log says went wrong, empty where nothing did.
    """

    thread_id: str = ""
    events: list[WireEvent] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    error: str = ""

    def of(self, kind: str) -> list[WireEvent]:
        """Return the events of a type."""
        return [each for each in self.events if each.get("type") == kind]

    def done(self, kind: str) -> list[dict[str, Any]]:
        """Return the items of a type that were done, but for those that were taken back."""
        removed = {each.get("item_id") for each in self.of("thread.item.removed")}
        done = [each["item"] for each in self.of("thread.item.done") if each["item"].get("type") == kind]
        return [each for each in done if each["id"] not in removed]

    @property
    def said(self) -> str:
        """Return what the assistant has answered."""
        return "\n".join(text_of(each) for each in self.done("assistant_message"))


def text_of(item: dict[str, Any]) -> str:
    """Return the text of a message."""
    return "".join(str(part.get("text", "")) for part in item.get("content", ()))


def message(text: str, thread_id: str | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the kind and the parameters of the request that sends a message, in a new thread where none is named."""
    content = [{"type": "input_text", "text": text}]
    given = {"content": content, "attachments": [], "quoted_text": None, "inference_options": {}, **more}
    if thread_id is None:
        return "threads.create", {"input": given}
    return "threads.add_user_message", {"thread_id": thread_id, "input": given}


class ServerStage:
    """What a property of a server gets. context: of the user who asks. known: what has shown itself before."""

    def __init__(self, server: Any, contexts: tuple[Any, ...], known: dict[str, bool]) -> None:
        self.server = server
        self.context = contexts[0]
        self.contexts = contexts
        self._known = known
        self._end: ModelEnd | None = None
        self._threads: list[tuple[str, Any]] = []
        # Whether the page gets what the model says: a router or a form makes something else of it.
        self.hands_on = True

    @property
    def model(self) -> ModelEnd:
        """Return the model's end; it is made when it is asked for."""
        if self._end is None:
            self._end = ModelEnd().__enter__()
            self._end.yes = self._known.get(_YES, True)
            REDIRECT.install()
            REDIRECT.target = self._end.url
        return self._end

    def follow(self, script: ModelScript = echo) -> None:
        """Let the model follow a script from now on."""
        self.model.script = script

    async def say(self, text: str, thread_id: str | None = None, **more: Any) -> StagedTurn:
        """Send a message, in a new thread where none is named, and return the whole turn."""
        return await self.stream(*message(text, thread_id, **more))

    async def open(self, text: str) -> StagedTurn:
        """Send the first message of a new thread, and return the turn.

        A guard that asks the model whether to let a message through gets the answer that does so.
        """
        turn = await self.say(text)
        self.hands_on = _is_answered(turn) or bool(turn.error)
        if _is_answered(turn) or not any(each.schema for each in turn.heard):
            return turn
        self.model.yes = not self.model.yes
        again = await self.say(text)
        if _is_answered(again):
            self._known[_YES] = self.model.yes
            self.hands_on = True
            return again
        self.model.yes = not self.model.yes
        return turn

    async def talk(self, *texts: str) -> list[StagedTurn]:
        """Return the turns of messages in one new thread. Raises BrokenError where one is not answered."""
        turns: list[StagedTurn] = []
        for text in texts:
            turns.append(await self.say(text, turns[0].thread_id) if turns else await self.open(text))
            if turns[-1].error:
                self._refuse(len(turns), turns[-1].error)
        return turns

    def _refuse(self, number: int, error: str) -> None:
        if not self._known.get("answers", True):
            raise SkippedError("no message is answered, which is another property's")
        if number > 1 and self._known.get("remembers") is False:
            raise SkippedError("a second message is not answered, which is another property's")
        raise BrokenError(f"turn {number} is not answered: {error}", "", "respond")

    async def stream(self, kind: str, params: dict[str, Any], context: Any = None) -> StagedTurn:
        """Send a request that is answered by a stream, and return what came of it."""
        turn = StagedTurn(str(params.get("thread_id", "")))
        before = len(self.model.heard)
        MADE.watch()
        with _logged() as problems:
            try:
                async for event in self.events(kind, params, context):
                    self.note(event, turn, context)
            except (SkippedError, BrokenError):
                raise
            except Exception as error:  # noqa: BLE001 - what the project's code raises is what went wrong
                problems.insert(0, error)
                turn.error = _told(error)
        turn.heard = self.model.heard[before:]
        failed = turn.of("error")
        if failed and not turn.error:
            told = failed[0].get("message") or failed[0].get("code")
            turn.error = _told(problems[0]) if problems else f"an error event, {told}"
        if turn.error and any(map(_is_unreachable, problems)) and not any(map(MADE.unconnected, problems)):
            raise SkippedError(f"it needs a service that is not there: {turn.error}")
        return turn

    def note(self, event: WireEvent, turn: StagedTurn, context: Any = None) -> None:
        """Take an event into a turn."""
        turn.events.append(event)
        if event.get("type") == "thread.created":
            turn.thread_id = event["thread"]["id"]
            self._threads.append((turn.thread_id, self.context if context is None else context))

    async def events(self, kind: str, params: dict[str, Any], context: Any = None) -> AsyncIterator[WireEvent]:
        """Yield the events of a streamed request."""
        result = await self._process(kind, params, context)
        if not hasattr(result, "__aiter__"):
            raise BrokenError(f"process gives a {type(result).__name__} for {kind} and no stream", "", "process")
        async for data in result:
            for line in data.decode().split("\n\n"):
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    async def ask(self, kind: str, params: dict[str, Any], context: Any = None) -> Any:
        """Return the answer to a request that is answered at once."""
        result = await self._process(kind, params, context)
        return json.loads(result.json)

    async def _process(self, kind: str, params: dict[str, Any], context: Any) -> Any:
        _ = self.model
        request = json.dumps({"type": kind, "params": params, "metadata": {}})
        return await self.server.process(request, self.context if context is None else context)

    async def items(self, thread_id: str, context: Any = None) -> list[dict[str, Any]]:
        """Return the items of a thread, oldest first, as the page gets them."""
        params = {"thread_id": thread_id, "limit": 100, "order": "asc", "after": None}
        return list((await self.ask("items.list", params, context))["data"])

    async def clear(self) -> None:
        """Take out the threads that were put in, and stop the endpoint."""
        for id_, context in self._threads:
            with suppress(Exception):
                await self.ask("threads.delete", {"thread_id": id_}, context)
        REDIRECT.target = ""
        if self._end is not None:
            await asyncio.to_thread(self._end.__exit__)


def _is_answered(turn: StagedTurn) -> bool:
    return not turn.error and "This is answer" in turn.said


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _is_unreachable(error: BaseException | None) -> bool:
    """Return whether an error comes from a connection that nobody took, or from a tool's server that does not run."""
    while error is not None:
        frames = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
        if any(name.partition("agents.")[2].partition(".")[0] == "mcp" for name in frames):
            return True
        # The clients of httpx tell it by a class of their own.
        if isinstance(error, ConnectionRefusedError | socket.gaierror) or type(error).__name__ == "ConnectError":
            return True
        if isinstance(error, BaseExceptionGroup):
            return any(map(_is_unreachable, error.exceptions))
        error = error.__cause__ or error.__context__
    return False


class _logged:  # noqa: N801 - used as a function
    """Notes what ChatKit logs as an exception: the page gets nothing of it but "an error"."""

    def __enter__(self) -> list[BaseException]:
        self._problems: list[BaseException] = []
        problems = self._problems

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                if record.exc_info and record.exc_info[1] is not None:
                    problems.append(record.exc_info[1])

        self._handler = Handler()
        logging.getLogger().addHandler(self._handler)
        logging.getLogger("chatkit").addHandler(self._handler)
        return self._problems

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._handler)
        logging.getLogger("chatkit").removeHandler(self._handler)
