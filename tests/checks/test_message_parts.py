"""CK113: the types of parts in messages that a turn writes out for a model."""

from __future__ import annotations

from pathlib import Path

from tests.checks.scanning import Folder

SERVER = """
from agents import Agent, Runner
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.server import ChatKitServer
from openai import AsyncOpenAI
from openai.types.responses import EasyInputMessageParam, ResponseInputTextParam

agent = Agent(name="Assistant", model={model})


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        messages = []
        for item in reversed(page.data):
            text = item.content[0].text
            role = "user" if item.type == "user_message" else "assistant"
            messages.append({message})
        yield self.event({run})
"""
OPENAI, GEMINI = '"gpt-5-mini"', 'LitellmModel(model="gemini/gemini-3.5-flash")'
AGENT = "Runner.run_streamed(agent, messages)"
CLIENT = "await AsyncOpenAI().responses.create(model='gpt-5-mini', input=messages)"
REFUSED = {
    "assistant": (OPENAI, AGENT, "{'role': 'assistant', 'content': [{'type': 'input_text', 'text': text}]}"),
    "either": (OPENAI, AGENT, "{'role': role, 'content': [{'type': 'input_text', 'text': text}]}"),
    "completions": (OPENAI, AGENT, "{'role': 'user', 'content': [{'type': 'text', 'text': text}]}"),
    "client": (OPENAI, CLIENT, "dict(role='assistant', content=[dict(type='input_text', text=text)])"),
    "typed": (
        OPENAI,
        AGENT,
        "EasyInputMessageParam(role='assistant', content=[ResponseInputTextParam(type='input_text', text=text)])",
    ),
    "litellm": (GEMINI, AGENT, "{'role': 'assistant', 'content': [{'type': 'output_text', 'text': text}]}"),
}
TAKEN = {
    "right": (OPENAI, AGENT, "{'role': 'assistant', 'content': [{'type': 'output_text', 'text': text}]}"),
    "chosen": (
        OPENAI,
        AGENT,
        "{'role': role, 'content': [{'type': 'input_text' if role == 'user' else 'output_text', 'text': text}]}",
    ),
    "plain": (OPENAI, AGENT, "{'role': 'assistant', 'content': text}"),
    "litellm": (GEMINI, AGENT, "{'role': 'assistant', 'content': [{'type': 'input_text', 'text': text}]}"),
    "chat": (
        OPENAI,
        "await AsyncOpenAI().chat.completions.create(messages=messages)",
        "{'role': 'assistant', 'content': [{'type': 'text', 'text': text}]}",
    ),
    "described": (
        OPENAI,
        AGENT,
        "await AsyncOpenAI().chat.completions.create(messages=[{'role': 'user', 'content': [{'type': 'text'}]}])",
    ),
    "item": (
        GEMINI,
        AGENT,
        "{'id': item.id, 'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': text}]}",
    ),
    "made again": (
        OPENAI,
        "Runner.run_streamed(agent, [{'role': each['role'], 'content': str(each['content'])} for each in messages])",
        "{'role': 'assistant', 'content': [{'type': 'input_text', 'text': text}]}",
    ),
    "changed in place": (
        OPENAI,
        AGENT,
        """{'role': 'assistant', 'content': [{'type': 'input_text', 'text': text}]})
            messages[-1]["content"] = str(text""",
    ),
    "filtered": (
        OPENAI,
        "Runner.run_streamed(agent, messages, run_config=RunConfig(call_model_input_filter=repaired))",
        "{'role': 'assistant', 'content': [{'type': 'input_text', 'text': text}]}",
    ),
}


def _files(servers: dict[str, tuple[str, str, str]]) -> dict[str, str]:
    made = {
        f"{name}.py": SERVER.replace("{model}", model).replace("{run}", run).replace("{message}", message)
        for name, (model, run, message) in servers.items()
    }
    return {"requirements.txt": "openai-chatkit==1.6.5\nopenai-agents[litellm]==0.24.0\n"} | made


def test_parts_that_the_api_refuses_are_found(tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK113").findings(_files(REFUSED))

    assert {each.at.path.stem for each in found} == REFUSED.keys()
    assert {each.at.path.stem for each in found if each.fix is None} == {"either", "litellm"}


def test_parts_that_it_takes_keep_it_quiet(tmp_path: Path) -> None:
    assert not Folder(tmp_path, "CK113").findings(_files(TAKEN))


def test_a_client_for_another_address_keeps_it_quiet(tmp_path: Path) -> None:
    files = _files({"client": REFUSED["client"]})
    files["clients.py"] = "client = AsyncOpenAI(base_url='http://localhost:11434/v1')\n"

    assert not Folder(tmp_path, "CK113").findings(files)


def test_a_release_that_takes_them_keeps_it_quiet(tmp_path: Path) -> None:
    files = _files({"litellm": REFUSED["litellm"]})
    files["requirements.txt"] = "openai-chatkit==1.6.5\nopenai-agents[litellm]==0.18.3\n"

    assert not Folder(tmp_path, "CK113").findings(files)
