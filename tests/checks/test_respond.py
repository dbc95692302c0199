"""CK3: shapes of respond() beyond those on the rules' pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.respond.missing_history import missing_history
from chatkit_doctor.checks.respond.reused_provider_ids import reused_provider_ids
from tests.checks.scanning import Folder
from tests.projects import judge, project_of

HEAD = """
from agents import Agent, RunConfig, Runner, SQLiteSession
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.agents import AgentContext, ThreadItemConverter, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from openai import AsyncOpenAI
import litellm

client = AsyncOpenAI()
agent = Agent(name="Assistant", model=LitellmModel(model="gemini/gemini-3.5-flash-lite"))
"""


def server(body: str, *, before: str = "", after: str = "") -> str:
    """Return a server module with this body of respond(thread, message, context)."""
    lines = "\n".join(f"        {line}" for line in body.strip().splitlines())
    methods = "\n".join(f"    {line}" for line in after.strip().splitlines())
    return (
        f"{HEAD}\n{before}\n\nclass Server(ChatKitServer[dict]):\n"
        f"    async def respond(self, thread, message, context):\n{lines}\n\n{methods}\n"
    )


FORGETS = {
    "text of the first part": """
        result = Runner.run_streamed(agent, message.content[0].text)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "text grown in a loop": """
        text = ""
        for part in message.content:
            if hasattr(part, "text"):
                text += part.text
        result = Runner.run_streamed(agent, input=text or "hello")
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "list of one message": """
        messages = [{"role": "system", "content": "You are kind."}]
        messages.append({"role": "user", "content": message.content[0].text})
        result = Runner.run_streamed(agent, messages)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "the user's name from the context": """
        result = Runner.run_streamed(agent, f"{context['user']}: {message.content[0].text}")
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "session that is None": """
        result = Runner.run_streamed(agent, await simple_to_agent_input(message), session=None)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "a converter of its own": """
        result = Runner.run_streamed(agent, await ThreadItemConverter().to_agent_input(message))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "chat completions by hand": """
        stream = await client.chat.completions.create(
            model="gpt-5.4-mini", stream=True, messages=[{"role": "user", "content": message.content[0].text}]
        )
        async for chunk in stream:
            yield chunk
    """,
    "litellm by hand": """
        messages = [{"role": "user", "content": str(message.content)}]
        yield await litellm.acompletion(model="gemini/x", messages=messages)
    """,
    "messages saved and never read": """
        await save_message(thread.id, message)
        result = Runner.run_streamed(agent, message.content[0].text)
        async for event in stream_agent_response(context, result):
            yield event
    """,
}

REMEMBERS = {
    "converted page": """
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        result = Runner.run_streamed(agent, await simple_to_agent_input(page.data[::-1]))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "history in front of the message": """
        messages = await history_of(thread.id) + [{"role": "user", "content": message.content[0].text}]
        result = Runner.run_streamed(agent, messages)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "history in the context": """
        messages = context["history"] + [message.content[0].text]
        result = Runner.run_streamed(agent, messages)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "history in the thread's metadata": """
        summary = thread.metadata.get("summary", "")
        result = Runner.run_streamed(agent, summary + message.content[0].text)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "history on the server object": """
        self.turns.append(message.content[0].text)
        result = Runner.run_streamed(agent, "\\n".join(self.turns))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "table at module level": """
        TURNS.setdefault(thread.id, []).append(message.content[0].text)
        result = Runner.run_streamed(agent, "\\n".join(TURNS[thread.id]))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "instructions that tell the history": """
        told = await history_of(thread.id)
        own = Agent(name="Assistant", instructions=f"So far: {told}")
        result = Runner.run_streamed(own, message.content[0].text)
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "keyword arguments that cannot be told": """
        result = Runner.run_streamed(agent, message.content[0].text, **self.memory(thread))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "conversation on the other side": """
        result = Runner.run_streamed(agent, message.content[0].text, conversation_id=thread.metadata["conversation"])
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "a filter that puts the history in": """
        config = RunConfig(call_model_input_filter=with_history)
        result = Runner.run_streamed(agent, message.content[0].text, run_config=RunConfig(call_model_input_filter=f))
        async for event in stream_agent_response(context, result):
            yield event
    """,
    "a title beside the answer": """
        title = await Runner.run(agent, message.content[0].text)
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        result = Runner.run_streamed(agent, await simple_to_agent_input(page.data[::-1]))
        async for event in stream_agent_response(context, result):
            yield event
    """,
}


@pytest.mark.parametrize("body", FORGETS.values(), ids=FORGETS)
def test_a_run_on_the_new_message_alone_is_found(body: str, tmp_path: Path) -> None:
    found = list(judge(missing_history, project_of(tmp_path, {"server.py": server(dedented(body))})))

    assert [finding.code for finding in found] == ["CK301"]


@pytest.mark.parametrize("body", REMEMBERS.values(), ids=REMEMBERS)
def test_memory_of_any_kind_keeps_it_quiet(body: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, {"server.py": server(dedented(body), before="TURNS = {}")})

    assert list(judge(missing_history, project)) == []


def dedented(body: str) -> str:
    return "\n".join(line[8:] for line in body.strip("\n").splitlines())


RUN = """
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        ctx = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed({agent}, await simple_to_agent_input(page.data[::-1]), context=ctx)
        async for event in stream_agent_response(ctx, result):
            yield event
"""

CHAT_COMPLETIONS = {
    "a name of LiteLLM's": ("Agent(name='A', model='litellm/anthropic/claude-sonnet-5')", ""),
    "a chat completions model": (
        "Agent(name='A', model=OpenAIChatCompletionsModel(model='x', openai_client=client))",
        "from agents import OpenAIChatCompletionsModel",
    ),
    "a model from a function": (
        "Agent(name='A', model=make_model())",
        "def make_model():\n    return LitellmModel(model='gemini/x')",
    ),
    "a subclass of a model": (
        "Agent(name='A', model=Traced(model='gemini/x'))",
        "class Traced(LitellmModel):\n    verbose = True",
    ),
    "the switch for all models": (
        "Agent(name='A', model='gpt-5.4-mini')",
        "from agents import set_default_openai_api\nset_default_openai_api('chat_completions')",
    ),
    "one of several agents in a table": (
        "AGENTS.get(thread.title, AGENTS['a'])",
        "AGENTS = {'a': Agent(name='A', model=LitellmModel(model='gemini/x'))}",
    ),
    "a generic agent": ("Agent[AgentContext](name='A', model=LitellmModel(model='gemini/x'))", ""),
}

RESPONSES_OR_UNKNOWN = {
    "the default model": ("Agent(name='A')", ""),
    "a name of OpenAI's": ("Agent(name='A', model='gpt-5.4-mini')", ""),
    "a name from the environment": ("Agent(name='A', model=os.getenv('MODEL', 'litellm/x'))", "import os"),
    "a model that streams by itself": (
        "Agent(name='A', model=Own(model='gemini/x'))",
        "class Own(LitellmModel):\n    async def stream_response(self, *args, **kwargs):\n        yield 1",
    ),
    "a model of another package": ("Agent(name='A', model=pick())", "from elsewhere import pick"),
    "arguments that cannot be told": ("Agent(**settings)", "from elsewhere import settings"),
}


@pytest.mark.parametrize(("agent", "before"), CHAT_COMPLETIONS.values(), ids=CHAT_COMPLETIONS)
def test_models_without_ids_of_their_own_are_found(agent: str, before: str, tmp_path: Path) -> None:
    body = dedented(RUN).replace("{agent}", agent)

    found = list(judge(reused_provider_ids, project_of(tmp_path, {"server.py": server(body, before=before)})))

    assert [finding.at.text for finding in found] == ["stream_agent_response(ctx, result)"]


@pytest.mark.parametrize(("agent", "before"), RESPONSES_OR_UNKNOWN.values(), ids=RESPONSES_OR_UNKNOWN)
def test_other_models_keep_it_quiet(agent: str, before: str, tmp_path: Path) -> None:
    body = dedented(RUN).replace("{agent}", agent)

    assert list(judge(reused_provider_ids, project_of(tmp_path, {"server.py": server(body, before=before)}))) == []


def test_the_update_event_has_the_name_of_the_release_in_use(tmp_path: Path) -> None:
    body = dedented(RUN).replace("{agent}", "agent")
    files = {"server.py": server(body), "requirements.txt": "openai-chatkit==1.0.1\n"}

    (finding,) = judge(reused_provider_ids, project_of(tmp_path, files))

    assert finding.fix
    written = "".join(edit.text for edit in finding.fix.edits)
    assert "case ThreadItemUpdated() if" in written
    assert "ThreadItemUpdatedEvent" not in written


PASSED = {
    "to the constructor": "def __init__(self, store, agent):\n    super().__init__(store)\n    self.agent = agent",
    "by name": "def __init__(self, agent, store=None):\n    super().__init__(store)\n    self.agent = agent",
    "to the constructor of a base": "",
}


@pytest.mark.parametrize("constructor", PASSED.values(), ids=PASSED)
def test_an_agent_that_is_passed_to_the_server_is_known_by_the_call(constructor: str, tmp_path: Path) -> None:
    base = "ChatKitServer[dict]" if constructor else "Base"
    files = {
        "base.py": "from chatkit.server import ChatKitServer\n\n\nclass Base(ChatKitServer[dict]):\n"
        "    def __init__(self, store, agent):\n        self.agent = agent\n",
        "server.py": server(
            dedented(RUN).replace("{agent}", "self.agent"), before="from base import Base", after=constructor
        ).replace("class Server(ChatKitServer[dict])", f"class Server({base})"),
        "agent.py": "from agents import Agent\nfrom agents.extensions.models.litellm_model import LitellmModel\n\n\n"
        "def build(model):\n    return Agent(name='A', model=model)\n\n\n"
        "assistant = build(LitellmModel(model='gemini/x'))\n",
        "main.py": "from agent import assistant\nfrom server import Server\n\n"
        + ("server = Server(agent=assistant)\n" if "None" in constructor else "server = Server(None, assistant)\n"),
    }
    files["server.py"] = files["server.py"].replace("agent = Agent(", "unused = Agent(")

    (finding,) = judge(reused_provider_ids, project_of(tmp_path, files))

    assert finding.message.startswith("every message that the LitellmModel of agent.py streams here")


NOT_TOLD = {
    "an agent of a test alone": {"tests/test_server.py": "from server import Server\n\nServer(None, assistant)\n"},
    "unpacked arguments": {"main.py": "from server import Server\n\nServer(*parts, assistant)\n"},
    "another class": {"main.py": "from elsewhere import Server\n\nServer(None, assistant)\n"},
}


@pytest.mark.parametrize("files", NOT_TOLD.values(), ids=NOT_TOLD)
def test_a_passed_agent_that_no_call_tells_keeps_it_quiet(files: dict[str, str], tmp_path: Path) -> None:
    constructor = "def __init__(self, store, agent):\n    self.agent = agent"
    text = server(dedented(RUN).replace("{agent}", "self.agent"), after=constructor)
    text = text.replace("agent = Agent(name", "other = dict(name")
    made = "from agents import Agent\n\nassistant = Agent(name='A', model='litellm/x')\n"

    assert (
        list(
            judge(
                reused_provider_ids,
                project_of(tmp_path, {"server.py": text} | {name: made + each for name, each in files.items()}),
            )
        )
        == []
    )


OWN_CONVERTERS = {
    "that any model reads": (
        "async def assistant_message_to_input(self, item):\n        return {'role': 'assistant', 'content': 'x'}",
        "self.converter.to_agent_input(",
    ),
    "that writes as the SDK does": ("prefix = ''", "HistoryConverter().to_agent_input("),
}


@pytest.mark.parametrize(("member", "converts"), OWN_CONVERTERS.values(), ids=OWN_CONVERTERS)
def test_the_fix_keeps_a_converter_of_the_project(member: str, converts: str, tmp_path: Path) -> None:
    text = server(
        "agent_input = await self.converter.to_agent_input(message) if message else []\n"
        "result = Runner.run_streamed(agent, agent_input)\n"
        "async for event in stream_agent_response(context, result):\n    yield event",
        before=f"class Converter(ThreadItemConverter):\n    {member}",
        after="def __init__(self, store):\n    self.converter = Converter()",
    )

    (finding,) = judge(missing_history, project_of(tmp_path, {"server.py": text}))

    assert finding.fix
    assert converts in "".join(edit.text for edit in finding.fix.edits)


def test_history_is_not_loaded_in_the_middle_of_a_line(tmp_path: Path) -> None:
    """What stands before the run on its line would be there twice."""
    run = "result = Runner.run_streamed(agent, message.content[0].text)"
    loop = "\nasync for event in stream_agent_response(context, result):\n    yield event"
    found = {}
    for name, body in (("alone.py", run + loop), ("behind.py", f"count(); {run}{loop}")):
        (finding,) = judge(missing_history, project_of(tmp_path / name, {name: server(body)}))
        found[name] = finding.fix

    assert found["alone.py"] is not None
    assert found["behind.py"] is None


def test_a_text_that_a_function_inside_reads_is_kept(tmp_path: Path) -> None:
    body = (
        "text = message.content[0].text\ndef log():\n    print(text)\nlog()\n"
        "result = Runner.run_streamed(agent, text)\n"
        "async for event in stream_agent_response(context, result):\n    yield event"
    )

    (finding,) = judge(missing_history, project_of(tmp_path, {"server.py": server(body)}))

    assert finding.fix is not None
    assert all("text = message" not in edit.at.text for edit in finding.fix.edits)


STORES_ITSELF = """\
from datetime import datetime

from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, ThreadItemDoneEvent


class CachingStore(Store[dict]):
    async def add_thread_item(self, thread_id, item, context):
        self.items[thread_id].append(item)

    async def save_item(self, thread_id, item, context):
        await self.add_thread_item(thread_id, item, context)
        {written}


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        item = AssistantMessageItem(id="msg_1", thread_id=thread.id, created_at=datetime.now(), content=[])
        await self.store.save_item(thread.id, item, context)
        yield ThreadItemDoneEvent(item=item)
"""


@pytest.mark.parametrize(
    ("written", "has_fix"), [("pass", True), ('self.database.execute("INSERT INTO items VALUES (?)", item.id)', False)]
)
def test_what_alone_writes_to_the_database_is_not_taken_out(written: str, has_fix: bool, tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK305")
    text = STORES_ITSELF.replace("{written}", written)

    (finding,) = folder.findings(text)
    assert (finding.fix is not None) is has_fix
    assert ("write" in (finding.help or "")) is not has_fix


_TWICE = """
from agents import Agent, Runner
from chatkit.agents import simple_to_agent_input
from chatkit.server import ChatKitServer


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        BODY
        yield Runner.run_streamed(Agent(name="Assistant"), await simple_to_agent_input(rows))
"""
_NEXT = "\n        "
_UNSEEN = ["    if each.id not in seen:", "        seen.add(each.id)", "        rows.append(each)"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("rows = [*page.data[::-1], message]", 1),
        ("rows = list({each.id: each for each in [*page.data[::-1], message]}.values())", 0),
        ("rows = list({each.id: each for each in page.data[::-1] + [message]}.values())", 0),
        ("rows = unique(page.data[::-1] + [message])", 0),
        (f"rows = []{_NEXT}for each in [*page.data, message]:{_NEXT}    rows.append(each)", 1),
        (_NEXT.join(["rows, seen = [], set()", "for each in [*page.data, message]:", *_UNSEEN]), 0),
    ],
)
def test_what_takes_each_item_once(body: str, count: int, tmp_path: Path) -> None:
    assert len(Folder(tmp_path, "CK305").findings(_TWICE.replace("BODY", body))) == count


COPIES = """
from agents import function_tool
from chatkit.types import AssistantMessageItem


@function_tool
def count(text: str) -> int:
    return len(text)


class Server(ChatKitServer[dict]):
    def assistant(self):
        return Agent(name="Assistant", model=LitellmModel(model="gemini/gemini-3.5-flash-lite"), tools=[count])

    async def respond(self, thread, message, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(self.assistant(), await self.history(thread, context), context=agent_context)
        async for event in self.renamed(agent_context, result, thread):
            yield event

    async def renamed(self, agent_context, result, thread):
        new = {}
        async for event in stream_agent_response(agent_context, result):
            if event.type == "thread.item.added" and isinstance(event.item, AssistantMessageItem):
                if event.item.id not in new:
                    new[event.item.id] = self.store.generate_item_id("message", thread, None)
                event.item = event.item.model_copy(update={"id": new[event.item.id]})
            elif event.type == "thread.item.done" and event.item.id in new:
                event.item = event.item.model_copy(update={"id": new[event.item.id]})
            elif event.type == "thread.item.updated" and event.item_id in new:
                event = event.model_copy(update={"item_id": new[event.item_id]})
            yield event
"""


def test_ids_of_copies_in_a_method_that_is_given_the_run_are_looked_at(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK303")

    assert folder.spans(HEAD + COPIES) == ["event.item.id not in new"]
    assert folder.spans(HEAD + COPIES.replace(", tools=[count]", "")) == []
    assert "if event.item.id not in new:" not in (folder.fixed(HEAD + COPIES) or "if event.item.id not in new:")


@pytest.mark.parametrize(
    ("test", "kind"),
    [
        ("event.type == 'thread.item.added'", "item"),
        ("event.type == 'thread.item.added' and event.item.type == 'assistant_message'", "message"),
        ("event.type == 'thread.item.added' and event.item.type != 'widget'", "item"),
        ("event.type == 'thread.item.added' and not isinstance(event.item, WidgetItem)", "item"),
    ],
)
def test_an_id_given_before_the_loop_is_told_of_what_gets_it(tmp_path: Path, test: str, kind: str) -> None:
    before = "from agents import function_tool\n@function_tool\ndef tool(): ...\n"
    before += "agent = Agent(name='A', model=LitellmModel(model='gemini/gemini-3.5-flash-lite'), tools=[tool])\n"
    body = (
        "result = Runner.run_streamed(agent, message.content[0].text)\n"
        "new_id = self.store.generate_item_id('message', thread, context)\n"
        "async for event in stream_agent_response(context, result):\n"
        f"    if {test}:\n        event.item.id = new_id\n"
        "    elif event.type == 'thread.item.updated':\n        event.item_id = new_id\n"
        "    yield event\n"
    )
    findings = Folder(tmp_path, "CK303").findings(server(body, before=before))

    assert [each.message for each in findings] == [
        f"each {kind} of the run gets the one id that new_id was given before the loop"
    ]
