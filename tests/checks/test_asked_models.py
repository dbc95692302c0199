"""CK304 and CK305: a history that is given to a model by other ways than the Agents SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

# What is imported, and the call that asks.
ASKED = {
    "completions": ("from openai import AsyncOpenAI", "AsyncOpenAI().chat.completions.create(messages=messages)"),
    "structured": ("from openai import AsyncOpenAI", "AsyncOpenAI().beta.chat.completions.parse(messages=messages)"),
    "raw": ("import clients", "clients.one().chat.completions.with_raw_response.create(messages=messages)"),
    "threaded": ("import asyncio, clients", "asyncio.to_thread(clients.ai.responses.create, input=messages)"),
    "bound": ("import functools, clients", "self.run(functools.partial(clients.ai.responses.create, input=messages))"),
    "litellm": ("import litellm", "litellm.acompletion('gpt-5.1', messages)"),
    "routed": ("import clients", "clients.router.acompletion(model='gpt-5.1', messages=messages)"),
    "anthropic": ("from anthropic import AsyncAnthropic", "AsyncAnthropic().messages.create(messages=messages)"),
    "gemini": ("from google import genai", "genai.Client().aio.models.generate_content(contents=messages)"),
    "mistral": ("from mistralai import Mistral", "Mistral().chat.complete_async(messages=messages)"),
    "posted": ("import clients", "clients.http.post('/chat', json={'model': 'gpt-5.1', 'messages': messages})"),
    "posted input": ("import clients", "clients.http.post('/v1/responses', json={'model': 'm', 'input': messages})"),
    "langchain": ("from langchain_openai import ChatOpenAI", "ChatOpenAI().ainvoke(messages)"),
    "chained": (
        "from langchain_openai import ChatOpenAI\nfrom prompts import prompt",
        "(prompt | ChatOpenAI()).ainvoke({'messages': messages})",
    ),
}
UNASKED = {
    "assistants": (
        "import clients",
        "clients.ai.beta.threads.messages.create(thread.id, role='user')",
    ),
    "sent": ("import clients", "clients.sms.messages.create(to=context['phone'], body=messages[-1]['content'])"),
    "embedded": ("import clients", "clients.http.post('/v1/embeddings', json={'model': 'm', 'input': messages})"),
    "logged": ("import clients", "clients.http.post('/log', json={'messages': messages})"),
    "printed": ("import clients", "clients.log.chat.complete(messages)"),
}
SERVER = """
{imports}
from chatkit.server import ChatKitServer


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "asc", context)
        messages = []
        for item in page.data:
            if item.type in ("user_message", "assistant_message"):
                messages.append({{"role": item.type.split("_")[0], "content": item.content[0].text}})
        if message is not None:
            messages.append({added})
        async for event in self.events(thread, await {call}):
            yield event
"""
ADDED = '{"role": "user", "content": message.content[0].text}'


def _files(calls: dict[str, tuple[str, str]], added: str = ADDED) -> dict[str, str]:
    return {
        f"{name}.py": SERVER.format(imports=imports, call=call, added=added) for name, (imports, call) in calls.items()
    }


@pytest.mark.parametrize("code", ["CK304", "CK305"])
def test_every_way_to_ask_a_model_is_known(code: str, tmp_path: Path) -> None:
    found = Folder(tmp_path, code).findings(_files(ASKED))

    assert {each.at.path.stem for each in found} == ASKED.keys()


@pytest.mark.parametrize("code", ["CK304", "CK305"])
def test_what_asks_no_model_keeps_it_quiet(code: str, tmp_path: Path) -> None:
    assert not Folder(tmp_path, code).findings(_files(UNASKED))


@pytest.mark.parametrize(
    ("added", "is_found"),
    [
        ("HumanMessage(content=message.content[0].text)", True),
        ("HumanMessage(message.content[0].text)", True),
        ("('human', message.content[0].text)", True),
        ("{'role': 'user', 'parts': [{'text': message.content[0].text}]}", True),
        ("AIMessage(content=message.content[0].text)", False),
        ("HumanMessage(content=await self.passages(message.content[0].text))", False),
        ("('system', message.content[0].text)", False),
    ],
)
def test_the_message_is_known_in_the_forms_of_other_libraries(added: str, is_found: bool, tmp_path: Path) -> None:
    call = {
        "langchain": ("from langchain_core.messages import *\nimport litellm", "litellm.acompletion('x', messages)")
    }

    assert bool(Folder(tmp_path, "CK305").findings(_files(call, added))) is is_found
