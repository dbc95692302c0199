"""The reference app's server, with a workflow in the place of its one agent."""

from __future__ import annotations

from chatkit_doctor.migrate.backend import swapped, template

# What ran the one agent.
_REPLACED = ("app/agent.py", "app/scripted_model.py")
# What the reference app needs for its own models.
_OF_ITS_MODELS = ("litellm",)

# Stretches of the reference app and what stands in their place. A test holds that it has them.
_IN_SERVER = (
    ("from agents import Agent, Runner, TResponseInputItem\n", "from agents import TResponseInputItem\n"),
    ("from chatkit.agents import AgentContext, stream_agent_response\n", "from chatkit.agents import AgentContext\n"),
    (
        "from .unique_ids import with_unique_ids\n",
        "from .turn import Turn\nfrom .workflow import WorkflowInput, run_workflow\n",
    ),
    ("        agent: Agent[AgentContext[RequestContext]],\n", ""),
    ("        self._agent = agent\n", ""),
    (
        '"""Answers with an agent that reads the newest part of the thread."""',
        '"""Answers with the workflow, which reads the newest part of the thread."""',
    ),
    (
        "        result = Runner.run_streamed(self._agent, agent_input, context=agent_context)\n",
        "        turn = Turn(agent_context, agent_input)\n",
    ),
    ("with_unique_ids(stream_agent_response(agent_context, result), agent_context)", "turn.stream(_answer)"),
    ("\n\ndef title_of(", "\n\n{answer}\n\ndef title_of("),
)
_ANSWER = '''\
async def _answer(turn: Turn) -> object:
    """Run the workflow on the newest message."""
    return await run_workflow(WorkflowInput(input_as_text=turn.text), turn)
'''
_IN_MAIN = (("from .agent import build_agent\n", ""), (", build_agent(settings)", ""))
# Clients of OpenAI's are made when the workflow is imported, so the key has to be there by then.
_START = (
    '"""A chat app on ChatKit: its HTTP side is in main, its settings are in the environment or in .env."""\n\n'
    "from dotenv import load_dotenv\n\nload_dotenv()\n"
)
_SETTINGS = """\
# Copy to .env.

# Of the project that the workflow was made in: its vector stores and files belong to it.
OPENAI_API_KEY=
"""


def with_workflow(files: dict[str, str], workflow: str, packages: list[str]) -> dict[str, str]:
    """Return the server's files with a workflow module. Raises MigrateError where the reference app has changed.

    packages: what the workflow needs beyond the server's own requirements.
    """
    made = {name: text for name, text in files.items() if name not in _REPLACED}
    for name, pairs in (("app/server.py", _IN_SERVER), ("app/main.py", _IN_MAIN)):
        for old, new in pairs:
            made[name] = swapped(made[name], old, new.replace("{answer}", _ANSWER), name)
    made["app/__init__.py"] = _START
    made["app/turn.py"] = template("turn.py")
    made["app/workflow.py"] = workflow
    if "from .checks import" in workflow:
        made["app/checks.py"] = template("checks.py")
    made["requirements.txt"] = _requirements(files["requirements.txt"], packages)
    made[".env.example"] = _SETTINGS + _after_models(files[".env.example"])
    return made


def _requirements(text: str, packages: list[str]) -> str:
    lines = [line.replace("[litellm]", "") for line in text.splitlines() if not line.startswith(_OF_ITS_MODELS)]
    return "\n".join(sorted([*lines, *packages], key=str.lower)) + "\n"


def _after_models(text: str) -> str:
    """Return what an example of the environment says behind its models."""
    start = text.index("# A file, or :memory:")
    return f"\n{text[start:]}"
