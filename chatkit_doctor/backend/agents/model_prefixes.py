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
from chatkit_doctor.python.module import Module, names_by_text, walk
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

_BY_NAME = 99
# Functions, and methods of loggers, that change nothing.
_READING = frozenset({"print", "repr", "str", "isinstance", "type", "id", "bool", "debug", "info", "warning", "error"})
# What says which model a run has.
_TELLING = frozenset({"model", "model_provider"})
_MOST_STEPS = 4


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
            if given is None or not _takes_model(app, module, call):
                continue
            for value in values(app, module, given):
                text = value.expr.value if isinstance(value.expr, ast.Constant) else None
                if not isinstance(text, str) or "/" not in text or value.expr in seen:
                    continue
                seen.add(value.expr)
                prefix = text.partition("/")[0]
                if prefix not in known_prefixes():
                    yield UnknownPrefix(value, text, prefix)


def _takes_model(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a call makes an agent, or the configuration of a run whose model nothing changes later."""
    found = list(app.symbols.definitions(module, plain_class_expression(call.func)))
    if any(is_agent(each.external) for each in found):
        return True
    return any(is_run_config(each.external) for each in found) and not _may_change(app, module, call)


def _may_change(app: App, module: Module, config: ast.Call) -> bool:
    """Return whether a configuration may get another model or a provider: from `**more`, or where it is handed on."""
    if any(each.arg is None for each in config.keywords):
        return True
    statement = module.parents[config]
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return False
    return _is_changed(app, module, statement.targets[0].id)


# Asked for each configuration that has the name.
@remembered
def _is_changed(app: App, module: Module, name: str) -> bool:
    return any(_changes(app, module, each) for each in module.derive(names_by_text).get(name, ()))


def _changes(app: App, module: Module, use: ast.Name, depth: int = 0) -> bool:
    parent = module.parents[use]
    if isinstance(parent, ast.Attribute):
        return isinstance(parent.ctx, ast.Store) and parent.attr in _TELLING
    if not isinstance(parent, ast.Call) or use not in parent.args:
        return False
    function = app.flow.function(module, parent) if depth < _MOST_STEPS else None
    if function is None:
        return last_part(ast.unparse(parent.func)) not in _READING
    names = [each.arg for each in (*function[1].args.posonlyargs, *function[1].args.args)]
    given = names[parent.args.index(use) + (names[:1] == ["self"]) :][:1]
    inner = [each for each in walk(function[1]) if isinstance(each, ast.Name) and each.id in given]
    return not given or any(_changes(app, function[0], each, depth + 1) for each in inner)
