"""What rules need to know of openai-agents: what runs an agent, and which models do not answer through Responses.

ChatKit reuses the id of a model's item, and such models give every item the same one.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Literal

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.contracts.published import holds, newest, resolve_release
from chatkit_doctor.contracts.sdk import agents_modules
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

AGENTS = "openai-agents"
AGENTS_MODULE = "agents"


@dataclass(frozen=True, slots=True)
class ChatCompletionsClass:
    """A class whose models are called through Chat Completions.

    names: every dotted name it can be imported by. role: a model, or a provider that makes models.
    keyword, value: the argument that makes it so; without a keyword it always is.
    """

    names: tuple[str, ...]
    role: Literal["model", "provider"]
    keyword: str | None = None
    value: Any = None


def chat_completions_class(dotted: str) -> ChatCompletionsClass | None:
    """Return the class that a dotted name imports, if it is such a one."""
    return _classes().get(dotted)


@cache
def _classes() -> dict[str, ChatCompletionsClass]:
    entries = (
        ChatCompletionsClass(tuple(entry["names"]), entry["role"], entry.get("keyword"), entry.get("value"))
        for entry in kept("agents")["class"]
    )
    return {name: entry for entry in entries for name in entry.names}


def is_chat_completions_model(name: str) -> bool:
    """Return whether a model given by name, such as `litellm/gemini/…`, is surely called through Chat Completions."""
    return name.startswith(tuple(kept("agents")["model_prefixes"]))


def may_switch_all(argument: object) -> bool:
    """Return whether an argument is the one by which a call makes all models of the process such models."""
    return bool(argument == kept("agents")["switch"]["argument"])


def is_chat_completions_switch(dotted: str, argument: object) -> bool:
    """Return whether a call of a function with an argument makes all models of the process such models."""
    switch = kept("agents")["switch"]
    return dotted in switch["names"] and argument == switch["argument"]


@dataclass(frozen=True, slots=True)
class Runner:
    """The class that runs agents.

    methods: those that start a run; streamed: those of them whose result is a stream.
    agent, input, config: the parameters of each; memory: those that give a run more than its input.
    """

    methods: frozenset[str]
    streamed: frozenset[str]
    agent: str
    input: str
    config: str
    memory: frozenset[str]


@cache
def runner() -> Runner:
    """Return what is known of the class that runs agents."""
    entry = kept("agents")["runner"]
    methods, streamed, memory = (frozenset(entry[each]) for each in ("methods", "streamed", "memory"))
    return Runner(methods, streamed, entry["agent"], entry["input"], entry["config"], memory)


def awaited_runs() -> frozenset[str]:
    """Return the methods that run an agent and give a coroutine."""
    return frozenset(kept("agents")["runner"]["awaited"])


def last_response() -> str:
    """Return the attribute of a run's result by which OpenAI knows the response."""
    return str(kept("agents")["runner"]["last_response"])


def kept_by_openai() -> frozenset[str]:
    """Return the parameters of a run by which OpenAI remembers for it, where its model is asked through Responses."""
    return frozenset(kept("agents")["runner"]["kept_by_openai"])


def stored_response() -> str:
    """Return the parameter of a run that goes by a response which OpenAI has stored."""
    found: str = kept("agents")["runner"]["stored_response"]
    return found


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """How an agent or a run's configuration says that OpenAI is to store nothing.

    parameter: theirs, for the settings. store: the parameter of the settings' class.
    """

    parameter: str
    store: str


def store_settings() -> StoreSettings:
    """Return how an agent is given settings of its model."""
    entry = kept("agents")["runner"]["settings"]
    return StoreSettings(entry["parameter"], entry["store"])


def is_settings(dotted: str) -> bool:
    """Return whether a dotted name is the class of a model's settings."""
    return _is_class(dotted, kept("agents")["runner"]["settings"]["class"])


def is_runner(dotted: str) -> bool:
    """Return whether a dotted name is, or was meant to be, the class that runs agents."""
    return _is_class(dotted, kept("agents")["runner"]["class"])


def is_agent(dotted: str) -> bool:
    """Return whether a dotted name is, or was meant to be, the class of agents."""
    return _is_class(dotted, kept("agents")["agent"]["class"])


def agent_model() -> str:
    """Return the parameter of an agent that chooses its model."""
    found: str = kept("agents")["agent"]["model"]
    return found


def agent_tools() -> str:
    """Return the parameter of an agent that takes its tools."""
    found: str = kept("agents")["agent"]["tools"]
    return found


def is_tool_decorator(dotted: str) -> bool:
    """Return whether a dotted name makes a tool of a function."""
    return _is_class(dotted, kept("agents")["tools"]["decorator"])


def tool_name_parameter() -> str:
    """Return the parameter by which a tool is given another name than its function's."""
    found: str = kept("agents")["tools"]["name"]
    return found


def is_plain_type(name: str) -> bool:
    """Return whether a parameter of a type can be described to a model."""
    return name in kept("agents")["tools"]["plain_types"]


def is_run_context(name: str) -> bool:
    """Return whether a parameter of a type is what the run hands to a tool, and not the model."""
    return name in kept("agents")["tools"]["context_types"]


def is_refused_type(name: str) -> bool:
    """Return whether no parameter may have a type, anywhere in its own: the tool cannot be made."""
    return name in kept("agents")["tools"]["refused_types"]


def tool_decorator_name() -> str:
    """Return the name of what makes a tool of a function."""
    found: str = kept("agents")["tools"]["decorator"]
    return found


@dataclass(frozen=True, slots=True)
class Mcp:
    """Servers of tools. parameter: the agent's that takes them. connect, list_tools: methods of theirs."""

    parameter: str
    connect: str
    list_tools: str


def mcp() -> Mcp:
    """Return how an agent is given servers of tools."""
    entry = kept("agents")["mcp"]
    return Mcp(entry["parameter"], entry["connect"], entry["list_tools"])


def is_mcp_server(dotted: str) -> bool:
    """Return whether a dotted name is a class of servers of tools."""
    entry = kept("agents")["mcp"]
    return dotted.startswith(f"{entry['module']}.") and last_part(dotted) in entry["classes"]


def is_mcp_manager(dotted: str) -> bool:
    """Return whether a dotted name is a class that connects servers of tools."""
    entry = kept("agents")["mcp"]
    return dotted.startswith(f"{entry['module']}.") and last_part(dotted) in entry["managers"]


@dataclass(frozen=True, slots=True)
class ToolUse:
    """What an agent does after the result of a tool.

    parameter: the agent's, which says so. goes_on: its value for asking the model again, which is what it does unless
    told otherwise. stop, names: the class that ends a run at tools, and its parameter for their names.
    """

    parameter: str
    goes_on: str
    stop: str
    names: str


def tool_use() -> ToolUse:
    """Return how an agent is told what to do after the result of a tool."""
    entry = kept("agents")["tool_use"]
    return ToolUse(entry["parameter"], entry["goes_on"], entry["stop"], entry["names"])


def hosted_tool(dotted: str) -> str | None:
    """Return the name of the class of a tool that OpenAI runs, by a dotted name of it; None for any other."""
    name = last_part(dotted)
    return name if name in kept("agents")["agent"]["hosted_tools"] and _is_class(dotted, name) else None


def agent_second_messages() -> frozenset[str]:
    """Return the parameters of an agent that may have it write more than one message in a run."""
    return frozenset(kept("agents")["agent"]["second_messages"])


def runner_session() -> str:
    """Return the parameter of a run that takes a session."""
    found: str = kept("agents")["sessions"]["parameter"]
    return found


def is_session(dotted: str) -> bool:
    """Return whether a dotted name is a class of sessions."""
    known = meant(dotted)
    return known.startswith(f"{AGENTS_MODULE}.") and last_part(known) in kept("agents")["sessions"]["classes"]


def config_models() -> tuple[str, ...]:
    """Return the parameters of a run's configuration that choose the model, the one that counts first."""
    return tuple(kept("agents")["run_config"]["model"])


def is_run_config(dotted: str) -> bool:
    """Return whether a dotted name is the class of a run's configuration, which may choose another model."""
    return _is_class(dotted, kept("agents")["run_config"]["class"])


def is_model_settings(dotted: str) -> bool:
    """Return whether a dotted name is the class of what an agent or a run passes on to its model."""
    return _is_class(dotted, kept("agents")["model_settings"]["class"])


def input_filters() -> frozenset[str]:
    """Return the parameters of a run's configuration that may change what the model is given."""
    return frozenset(kept("agents")["run_config"]["filters"])


def _is_class(dotted: str, name: str) -> bool:
    known = meant(dotted)
    return known.startswith(f"{AGENTS_MODULE}.") and last_part(known) == name


def placeholder_id() -> str:
    """Return the id that every item of such a model has."""
    found: str = kept("agents")["placeholder_id"]
    return found


def rejects_assistant_history(version: str | None = None) -> bool:
    """Return whether such models raise for the assistant messages that ChatKit's own converter writes."""
    release, _ = resolve_release(AGENTS, version)
    return holds(AGENTS, kept("agents")["rejects_assistant_history_since"], None, release)


@lru_cache(maxsize=4096)
def meant(dotted: str) -> str:
    """Return the name of openai-agents that a dotted name was meant to be; the name itself where it is none.

    Its module is `agents`: people import from a module named after the distribution, or take ChatKit's own module of
    the same name for it.
    """
    for wrong in kept("agents")["mistaken_modules"]:
        if dotted.startswith(f"{wrong}."):
            return AGENTS_MODULE + dotted.removeprefix(wrong)
    module, _, name = dotted.rpartition(".")
    return f"{AGENTS_MODULE}.{name}" if module in kept("agents")["namesakes"] and name in agents_names() else dotted


def is_agents_module(name: str) -> bool:
    """Return whether `agents.<name>` is a module that people import from, whether or not `import agents` loads it."""
    return agents_modules.has_module(f"{AGENTS_MODULE}.{name}", newest(AGENTS))


def needed_by_chatkit(module: str) -> str | None:
    """Return the module of `agents` that a module of ChatKit's imports as it loads; None where it imports none."""
    known = kept("agents")["chatkit"]
    return known["module"] if module in known["importers"] else None


def agents_names() -> frozenset[str]:
    """Return what can be imported from `agents` in the newest known release, its modules left out."""
    return agents_modules.names(AGENTS_MODULE, newest(AGENTS))


def home_of(name: str, release: str) -> str | None:
    """Return the module that a name of a release is best imported from: `agents`, or that of a model's class."""
    if name in agents_modules.names(AGENTS_MODULE, release):
        return AGENTS_MODULE
    owners = (dotted.rpartition(".")[0] for dotted in _classes() if last_part(dotted) == name)
    return next((each for each in owners if name in agents_modules.names(each, release)), None)


def is_mistaken(dotted: str) -> bool:
    """Return whether a dotted name is that of openai-agents' module as people get it wrong, or in it."""
    return f"{dotted}.".startswith(tuple(f"{wrong}." for wrong in kept("agents")["mistaken_modules"]))


def known_prefixes() -> tuple[str, ...]:
    """Return the prefixes of models' names that a run knows by itself."""
    return tuple(kept("agents")["known_prefixes"])


def provider_words() -> tuple[str, ...]:
    """Return the words of which a program writes one that maps prefixes itself."""
    return tuple(kept("agents")["provider_words"])


def model_prefixes() -> tuple[str, ...]:
    """Return the prefixes of models that are handed to LiteLLM."""
    return tuple(kept("agents")["model_prefixes"])


def is_model_class(dotted: str) -> bool:
    """Return whether a dotted name makes a model that is given its name."""
    found = chat_completions_class(dotted)
    return (found is not None and found.role == "model") or dotted in kept("agents")["responses_models"]


def is_litellm_class(dotted: str) -> bool:
    """Return whether a dotted name makes a model that LiteLLM calls."""
    return is_model_class(dotted) and last_part(dotted) == kept("agents")["litellm_model"]
