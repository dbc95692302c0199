"""CK306: where stored items surely reach a Chat Completions model in ChatKit's own form, and where they may not."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.checks.respond.history_converter_rejected import history_converter_rejected
from tests.projects import judge, project_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
from agents import Agent, Runner
from chatkit import agents as sdk
from chatkit.agents import AgentContext, ThreadItemConverter, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer

agent = Agent(name="Assistant", model="litellm/gemini/gemini-3.5-flash-lite")
"""
PAGE = 'page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)\n'
RUN = """
result = Runner.run_streamed(agent, given)
async for event in stream_agent_response(context, result):
    yield event"""


def project(body: str, before: str = "", **others: str) -> dict[str, str]:
    """Return a project whose server answers with a body, in which `given` is the run's input."""
    text = f"{PAGE}{dedent(body).strip()}{RUN}"
    respond = f"async def respond(self, thread, item, context):\n{indent(text, '    ')}\n"
    server = f"{HEAD}\n{dedent(before)}\n\nclass Server(ChatKitServer[dict]):\n{indent(respond, '    ')}"
    return {"server.py": server} | {name.replace("_txt", ".txt"): each for name, each in others.items()}


REJECTED = {
    "a slice of the page": project("given = await simple_to_agent_input(page.data[:10][::-1])"),
    "through the module": project("given = await sdk.simple_to_agent_input(list(reversed(page.data)))"),
    "a list that is filled": project(
        "items = []\nitems.extend(page.data)\nitems.reverse()\ngiven = await simple_to_agent_input(items)"
    ),
    "a list that grows": project("items = []\nitems += page.data\ngiven = await simple_to_agent_input(items)"),
    "a message before the history": project(
        "told = await simple_to_agent_input(page.data)\ngiven = [{'role': 'system', 'content': 'Be kind.'}, *told]"
    ),
    "a fallback to the message": project(
        "items = page.data or [item]\ngiven = await simple_to_agent_input(items) if items else []"
    ),
    "a converter made on the spot": project("given = await ThreadItemConverter().to_agent_input(page.data)"),
    "a class two levels down": project(
        "given = await Own().to_agent_input(page.data)",
        "class Base(ThreadItemConverter):\n    pass\n\n\nclass Own(Base):\n    pass",
    ),
    "a release from which on it is so": project(
        "given = await simple_to_agent_input(page.data)", requirements_txt="openai-chatkit\nopenai-agents==0.19.0\n"
    ),
}
SPARED = {
    "the new message alone": project("given = await simple_to_agent_input(item)"),
    "one item of the page": project("given = await simple_to_agent_input(page.data[:1])"),
    "a filter of the project": project(
        "given = await simple_to_agent_input([each for each in page.data if wanted(each)])",
        "from filters import wanted",
    ),
    "a filter by a function": project("given = await simple_to_agent_input(list(filter(None, page.data)))"),
    "what another module makes of it": project(
        "given = plain(await simple_to_agent_input(page.data))", "from filters import plain"
    ),
    "made anew afterwards": project(
        "given = await simple_to_agent_input(page.data)\ngiven = [plain(each) for each in given]",
        "from filters import plain",
    ),
    "a class with the method": project(
        "given = await Own().to_agent_input(page.data)",
        "class Base(ThreadItemConverter):\n    async def assistant_message_to_input(self, item):\n"
        "        return None\n\n\nclass Own(Base):\n    pass",
    ),
    "a class with a base that cannot be told": project(
        "given = await Own().to_agent_input(page.data)",
        "from elsewhere import Mixin\n\n\nclass Own(Mixin, ThreadItemConverter):\n    pass",
    ),
    "a model chosen at run time": project(
        "agent = Agent(name='A', model=pick())\ngiven = await simple_to_agent_input(page.data)",
        "from elsewhere import pick",
    ),
    "the last release before it": project(
        "given = await simple_to_agent_input(page.data)", requirements_txt="openai-chatkit\nopenai-agents==0.18.3\n"
    ),
}


@pytest.mark.parametrize("files", REJECTED.values(), ids=REJECTED)
def test_stored_items_in_the_form_that_is_rejected_are_found_once(files: dict[str, str], tmp_path: Path) -> None:
    (finding,) = judge(history_converter_rejected, project_of(tmp_path, files))
    assert finding.at.text.endswith("to_agent_input")


@pytest.mark.parametrize("files", SPARED.values(), ids=SPARED)
def test_what_may_be_well_is_spared(files: dict[str, str], tmp_path: Path) -> None:
    assert judge(history_converter_rejected, project_of(tmp_path, files)) == []
