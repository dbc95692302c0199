"""Names of models whose prefix the Agents SDK does not know."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.sdk.agents import (
    agent_model,
    is_agent,
    is_run_config,
    known_prefixes,
    provider_words,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass

_BY_NAME = 99


@dataclass(frozen=True, slots=True)
class UnknownPrefix:
    """The name of an agent's model, as it is written, and its prefix."""

    text: PlacedExpr
    name: str
    prefix: str


def unknown_prefixes(app: App) -> Iterator[UnknownPrefix]:
    """Yield the models of agents and runs whose prefix nothing maps, each once; none where providers are chosen."""
    modules = [each for each in app.modules() if not app.is_test_file(each.source.path)]
    # Also a file that never speaks of ChatKit may choose them.
    words = tuple(each.encode() for each in provider_words())
    if any(path.suffix == ".py" and not app.is_test_file(path) and app.mentions(path, words) for path in app.files):
        return
    seen: set[ast.expr] = set()
    for module in modules:
        for call in module.nodes(ast.Call):
            given = argument(call, _BY_NAME, agent_model())
            if given is None or not _takes_model(app, PlacedExpr(module, call)):
                continue
            for value in values(app, module, given):
                text = value.expr.value if isinstance(value.expr, ast.Constant) else None
                if not isinstance(text, str) or "/" not in text or value.expr in seen:
                    continue
                seen.add(value.expr)
                prefix = text.partition("/")[0]
                if prefix not in known_prefixes():
                    yield UnknownPrefix(value, text, prefix)


def _takes_model(app: App, value: PlacedExpr) -> bool:
    func = value.expr.func if isinstance(value.expr, ast.Call) else None
    found = app.symbols.definitions(value.module, plain_class_expression(func))
    return any(is_agent(each.external) or is_run_config(each.external) for each in found)
