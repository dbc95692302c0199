"""CK301: where the agent that forgets can be proved to forget, and where something may well remember."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from chatkit_doctor.checks.respond.missing_history import missing_history
from tests.projects import judge, project_of

HEAD = """
from agents import Agent, Runner
from chatkit.agents import AgentContext, ThreadItemConverter, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.types import UserMessageItem

agent = Agent(name="Assistant", instructions="Be kind.")


def text_of(item):
    parts = []
    for part in item.content:
        text = getattr(part, "text", None)
        if text:
            parts.append(text)
    return " ".join(parts).strip()
"""
STREAM = "async for event in stream_agent_response(context, result):\n    yield event"
LATEST = """
async def latest(self, thread, context):
    try:
        items = await self.store.load_thread_items(thread.id, None, {limit}, "desc", context)
    except Exception:
        return None
    return items.data[0] if getattr(items, "data", None) else None
"""


def files(body: str, *, before: str = "", after: str = "", **others: str) -> dict[str, str]:
    """Return a project whose server answers with a body, beside other modules."""
    respond = f"async def respond(self, thread, item, context):\n{indent(dedent(body).strip(), '    ')}\n    {STREAM!s}"
    respond = respond.replace("\n    yield event", "\n        yield event")
    methods = indent(f"{respond}\n\n{dedent(after).strip()}\n", "    ")
    text = f"{HEAD}\n{dedent(before)}\n\nclass Server(ChatKitServer[dict]):\n{methods}"
    return {"server.py": text} | {f"{name}.py": dedent(each) for name, each in others.items()}


FORGETS = {
    "a run of a Runner that ChatKit's module lacks": files(
        "result = Runner.run_streamed(agent, text_of(item))",
        before="from chatkit.agents import Runner",
    ),
    "a run of a Runner of a module named after the distribution": files(
        "result = Runner.run_streamed(agent, text_of(item))", before="from openai_agents import Agent, Runner"
    ),
    "a run of an object of the Runner": files(
        "runner = Runner()\nresult = runner.run_streamed(starting_agent=agent, input=text_of(item))"
    ),
    "arguments unpacked from a dict that is written here": files(
        """
        options = {"starting_agent": agent, "input": text_of(item)}
        options["context"] = context
        result = Runner.run_streamed(**options)
        """
    ),
    "the newest item where there is no message": files(
        """
        target = item
        if target is None:
            target = await self.latest(thread, context)
        result = Runner.run_streamed(agent, text_of(target))
        """,
        after=LATEST.format(limit=1),
    ),
    "a converter's methods asked for by name": files(
        "result = Runner.run_streamed(agent, await self.to_input(thread, item))",
        after="""
        def make_converter(self):
            for given in ({"to_message_content": self.content}, {}):
                try:
                    return ThreadItemConverter(**given)
                except TypeError:
                    continue
            return None

        def __init__(self, store):
            super().__init__(store)
            self._converter = self.make_converter()

        async def to_input(self, thread, item):
            converter = getattr(self, "_converter", None)
            for name in ("to_input_item", "convert"):
                method = getattr(converter, name, None)
                if method is not None:
                    given = [item]
                    given.append(thread)
                    return await method(*given)
            return text_of(item)
        """,
    ),
    "a loop whose name is that of the answer later on": files(
        """
        question = "Hello"
        for part in item.content:
            if hasattr(part, "text"):
                question = part.text
                break
        try:
            text = (await Runner.run(agent, f"{question} (in {context.get('book')})")).final_output
        except Exception as error:
            text = f"Sorry: {error}"
        part = {"type": "output_text", "text": text}
        result = part
        """
    ),
    "a passage that is looked up by the question": files(
        """
        question = text_of(item)
        passages = await self.rag.search(question, limit=5)
        told = "\\n".join(each.text for each in passages)
        result = Runner.run_streamed(agent, f"Passages: {told}\\n\\nQuestion: {question}")
        """
    ),
    "a helper's text in the instructions": files(
        """
        own = Agent(name="A", instructions=f"{load_prompt('kind')} Answer in {context['language']}.")
        result = Runner.run_streamed(own, await simple_to_agent_input(item) if item else [])
        """,
        before="from prompts import load_prompt",
    ),
    "instructions that another file's function makes of the user's role": files(
        "result = Runner.run_streamed(make_agent(context['role']), text_of(item))",
        before="from assistants import make_agent",
        assistants="""
        from agents import Agent

        TOOLS = {"admin": ["delete"], "user": []}


        def tools_of(role):
            return TOOLS.get(role, [])


        def told(role):
            titles = {"admin": "Administrator"}
            return f"You help the {titles.get(role, str(role))}. Tools: {', '.join(tools_of(role))}"


        def make_agent(role):
            return Agent(name="A", instructions=told(role))
        """,
    ),
    "instructions from a function that tells nothing said": files(
        "result = Runner.run_streamed(own, text_of(item))",
        before="def told(ctx, agent):\n    return f'Be kind to {ctx.context.user}.'\n\n"
        "own = Agent(name='A', instructions=told)",
    ),
    "a booking that is kept for the thread": files(
        """
        booking = self.bookings.of(thread.id)
        result = Runner.run_streamed(agent, f"{sheet(booking)}\\n\\nCurrent request: {text_of(item)}")
        """,
        before="from bookings import Bookings, sheet",
        after="""
        def __init__(self, store, bookings: Bookings):
            super().__init__(store)
            self.bookings = bookings
        """,
        bookings="""
        from dataclasses import dataclass


        @dataclass
        class Booking:
            name: str
            seat: str = "14A"


        def sheet(booking):
            return f"Name: {booking.name}, seat: {booking.seat}"


        class Bookings:
            def __init__(self):
                self._of = {}

            def of(self, key):
                if key not in self._of:
                    self._of[key] = Booking("Jordan")
                return self._of[key]
        """,
    ),
    "a service of the project's that runs the agent": files(
        "result = self.service.stream(text_of(item))",
        before="from service import Service",
        after="def __init__(self, store):\n    self.service = Service()",
        service="""
        from agents import Agent, Runner


        class Service:
            def __init__(self):
                self.agent = Agent(name="A")

            def stream(self, question):
                return Runner.run_streamed(self.agent, question)
        """,
    ),
    "a constant of another file before the message": files(
        "result = Runner.run_streamed(agent, PREVIOUS_RULES + RULES[0] + text_of(item))",
        before="from rules import PREVIOUS_RULES, RULES",
        rules="PREVIOUS_RULES = 'Be kind.'\nRULES = ['Be short.']\n",
    ),
}

REMEMBERS = {
    "more than the newest item": files(
        """
        target = item or await self.latest(thread, context)
        result = Runner.run_streamed(agent, text_of(target))
        """,
        after=LATEST.format(limit=20),
    ),
    "rows of a database by the thread": files(
        """
        rows = SessionLocal().query(Turn).filter(Turn.thread == thread.id).all()
        told = "\\n".join(row.text for row in rows)
        result = Runner.run_streamed(agent, told + text_of(item))
        """,
        before="from database import SessionLocal, Turn",
    ),
    "a helper that is given the item": files(
        "result = Runner.run_streamed(agent, await build_input(item))", before="from helpers import build_input"
    ),
    "a helper that is given the item's thread": files(
        "result = Runner.run_streamed(agent, text_of(item) + await told_in(item.thread_id))",
        before="from helpers import told_in",
    ),
    "a helper that is given the server": files(
        "result = Runner.run_streamed(agent, text_of(item) + told(self))", before="from helpers import told"
    ),
    "a memory that is searched": files(
        "result = Runner.run_streamed(agent, text_of(item) + await self.memory.search(text_of(item)))"
    ),
    "a list of another file that grows": files(
        """
        TOLD.append(text_of(item))
        result = Runner.run_streamed(agent, "\\n".join(TOLD))
        """,
        before="from told import TOLD",
        told="TOLD = []\n",
    ),
    "an object of the project's that keeps what was said": files(
        "result = Runner.run_streamed(agent, self.log.of(thread.id) + text_of(item))",
        before="from log import Log",
        after="def __init__(self, store):\n    self.log = Log()",
        log="""
        class Log:
            def __init__(self):
                self._of = {}

            def add(self, key, message):
                self._of.setdefault(key, []).append(message)

            def of(self, key):
                return self._of.get(key, [])
        """,
    ),
    "a session that is put into unpacked arguments": files(
        """
        options = {"starting_agent": agent, "input": text_of(item)}
        options["session"] = self.sessions[thread.id]
        result = Runner.run_streamed(**options)
        """
    ),
    "unpacked arguments that a helper fills": files(
        """
        options = {"starting_agent": agent, "input": text_of(item)}
        add_memory(options, thread)
        result = Runner.run_streamed(**options)
        """
    ),
    "a converter of the project's that fetches": files(
        "result = Runner.run_streamed(agent, await self.converter.convert(item))",
        before="""
        class Converter(ThreadItemConverter):
            async def convert(self, item):
                page = await self.store.load_thread_items(item.thread_id, None, 50, "desc", {})
                return await self.to_agent_input(page.data[::-1])
        """,
        after="def __init__(self, store):\n    self.converter = Converter()",
    ),
    "an abstract method of the project's": files(
        "result = Runner.run_streamed(agent, self.source.told(thread) + text_of(item))",
        before="class Source:\n    def told(self, thread):\n        raise NotImplementedError",
        after="def __init__(self, store, source: Source):\n    self.source = source",
    ),
    "instructions that a function makes of the thread": files(
        "result = Runner.run_streamed(own, text_of(item))",
        before="from helpers import told_in\n\ndef told(ctx, agent):\n    return told_in(ctx.context.thread.id)\n\n"
        "own = Agent(name='A', instructions=told)",
    ),
    "a tool that tells the history": files(
        "result = Runner.run_streamed(own, text_of(item))",
        before="from tools import get_history\n\nown = Agent(name='A', tools=[get_history])",
    ),
}


@pytest.mark.parametrize("project", FORGETS.values(), ids=FORGETS)
def test_an_agent_that_surely_forgets_is_found(project: dict[str, str], tmp_path: Path) -> None:
    found = list(judge(missing_history, project_of(tmp_path, project)))

    assert [finding.code for finding in found] == ["CK301"]


@pytest.mark.parametrize("project", REMEMBERS.values(), ids=REMEMBERS)
def test_what_may_remember_keeps_it_quiet(project: dict[str, str], tmp_path: Path) -> None:
    assert list(judge(missing_history, project_of(tmp_path, project))) == []


def test_rows_that_hold_themselves_end(tmp_path: Path) -> None:
    project = files("row = context\nrow = row['next']\nrow = row['next']\nresult = Runner.run_streamed(row['a'], row)")

    assert list(judge(missing_history, project_of(tmp_path, project))) == []
