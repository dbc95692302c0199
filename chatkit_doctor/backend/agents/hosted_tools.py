"""Tools that OpenAI runs, on agents whose model does not speak the API that has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.frames import framed_runs
from chatkit_doctor.contracts.sdk.agents import agent_tools, hosted_tool
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered


@dataclass(frozen=True, slots=True)
class HostedTool:
    """A hosted tool of an agent. call: what makes it. name: its class. model: what says that the model has none."""

    call: PlacedExpr
    name: str
    model: PlacedExpr


def misplaced_hosted_tools(app: App) -> Iterator[HostedTool]:
    """Yield the hosted tools of agents that a run asks by Chat Completions, each once."""
    seen: set[ast.expr] = set()
    for framed in framed_runs(app):
        run = framed.run
        if run.agent is None:
            continue
        tools = [
            each for agent in values(app, run.module, run.agent) for each in _hosted(app, agent.module, agent.expr)
        ]
        if not tools:
            continue
        api, model = api_of(app, run)
        for call, name in tools:
            if api is Api.CHAT_COMPLETIONS and model is not None and call.expr not in seen:
                seen.add(call.expr)
                yield HostedTool(call, name, model)


# Asked for each run of an agent.
@remembered
def _hosted(app: App, module: Module, agent: ast.expr) -> tuple[tuple[PlacedExpr, str], ...]:
    """Return the hosted tools in the list that an agent is made with."""
    return tuple(_listed(app, module, agent)) if isinstance(agent, ast.Call) else ()


def _listed(app: App, module: Module, agent: ast.Call) -> Iterator[tuple[PlacedExpr, str]]:
    given = next((each.value for each in agent.keywords if each.arg == agent_tools()), None)
    for listed in app.flow.sources(module, given) if given is not None else ():
        for element in listed.expr.elts if isinstance(listed.expr, ast.List) else ():
            for made in app.flow.sources(listed.module, element):
                func = made.expr.func if isinstance(made.expr, ast.Call) else None
                name = hosted_tool(app.names(made.module).qualified(func) or "")
                if name is not None:
                    yield made, name
