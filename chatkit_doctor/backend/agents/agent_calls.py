"""The agents that an app makes, and what stands in the lists that they are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.sdk.agents import is_agent
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module, root_name
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass

BY_NAME = 99


@dataclass(frozen=True, slots=True)
class AgentCall:
    """A call that makes an agent of the Agents SDK."""

    module: Module
    call: ast.Call

    @property
    def is_open(self) -> bool:
        """Return whether it is given more than can be read: something is unpacked."""
        return any(each.arg is None for each in self.call.keywords)

    def argument(self, name: str) -> ast.expr | None:
        """Return what it is given by a name."""
        return argument(self.call, BY_NAME, name)


def agent_calls(app: App) -> tuple[AgentCall, ...]:
    """Return the calls that make agents, tests left out."""
    return app.derive(_agent_calls)


def _agent_calls(app: App) -> tuple[AgentCall, ...]:
    return tuple(
        AgentCall(module, call)
        for module in app.modules()
        if not app.is_test_file(module.source.path)
        for call in module.derive(_calls_of_classes)
        if any(is_agent(each.external) for each in app.symbols.definitions(module, plain_class_expression(call.func)))
    )


def _calls_of_classes(module: Module) -> tuple[ast.Call, ...]:
    """Return the calls that can be of a class, whoever asks: not of a parameter, or of what another call gives."""
    names = module.derive(Names)
    found = []
    for call in module.nodes(ast.Call):
        called = plain_class_expression(call.func)
        root = root_name(called) if called is not None else None
        if root is None or names.may_be_defined_elsewhere(root.id):
            found.append(call)
    return tuple(found)


def listed(app: App, agent: AgentCall, name: str) -> Iterator[PlacedExpr]:
    """Yield the elements of the lists that an agent is given by a name, as they are written."""
    given = agent.argument(name)
    for value in app.flow.sources(agent.module, given) if given is not None else ():
        if isinstance(value.expr, ast.List):
            yield from (PlacedExpr(value.module, each) for each in value.expr.elts)
