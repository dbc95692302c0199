"""Find agents that go on after a tool which the browser is to run, and so answer twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.unstopped_tools import UnstoppedAgent, unstopped_agents
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE, tool_use
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.words import joined


def client_tool_not_stopped(app: App) -> Iterator[Finding]:
    """Find agents that go on after a tool which the browser is to run, and so answer twice."""
    for found in unstopped_agents(app):
        element = found.tools[0][0]
        names = [tool.name or tool.function.name for _, tool in found.tools]
        known = tool_use()
        written = joined(_written(found))
        them = "it" if len(names) == 1 else "them"
        yield Finding(
            "CK313",
            element.module.location(element.expr),
            f"the agent goes on after {joined(names)}, before the browser has run {them}",
            label="a tool of the browser's",
            help=f"give the agent {known.parameter}={known.stop}({known.names}=[…]) with {written}",
            seen_as=SeenAs("twice", {"name": joined(names, "or")}),
            fix=_fix(app, found),
        )


def _written(found: UnstoppedAgent) -> list[str]:
    """Return the names of the tools as code: by the tool itself where the agent's file knows it."""
    return [f"{each.module.location(each.expr).text}.name" for each, _ in found.tools]


def _fix(app: App, found: UnstoppedAgent) -> Fix | None:
    module, call = found.agent.module, found.agent.call
    if any(element.module is not module or not isinstance(element.expr, ast.Name) for element, _ in found.tools):
        return None
    known, source = tool_use(), module.source
    names = ", ".join(_written(found))
    stops = found.stops
    if stops is not None:
        at = module.location(stops.elts[-1] if stops.elts else stops)
        place = at.end if stops.elts else at.start + 1
        added = Edit(source.location(place, place), f", {names}" if stops.elts else names)
        return Fix(_title(found), Applicability.UNSAFE, lambda: (added,))
    given = found.agent.argument(known.parameter)

    def build() -> Iterator[Edit]:
        brought = imported(app.names(module), {AGENTS_MODULE: [known.stop]})
        value = f"{brought.local[known.stop]}({known.names}=[{names}])"
        if given is not None:
            yield Edit(module.location(given), value)
        else:
            last = max(
                (*call.args, *(each.value for each in call.keywords)), key=lambda each: module.location(each).end
            )
            end = module.location(last).end
            begin = _begin_of_line(found)
            yield Edit(source.location(end, end), f",{begin}{known.parameter}={value}")
        yield from brought.edits

    return Fix(_title(found), Applicability.UNSAFE, lambda: tuple(build()))


def _title(found: UnstoppedAgent) -> str:
    return f"stop the run at {joined(tool.name or tool.function.name for _, tool in found.tools)}"


def _begin_of_line(found: UnstoppedAgent) -> str:
    """Return what stands before an argument: a line of its own where the others have theirs."""
    module, call = found.agent.module, found.agent.call
    last = call.keywords[-1]
    line = module.source.line(last.lineno)
    indent = line[: len(line) - len(line.lstrip())]
    is_first = line.lstrip().startswith(f"{last.arg}=") or line.lstrip().startswith(f"{last.arg} =")
    return f"{module.source.newline}{indent}" if is_first and last.lineno != call.lineno else " "
