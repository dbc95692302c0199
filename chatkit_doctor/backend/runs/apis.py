"""Which API answers a run: followed from its agent to the models that agent may have, in any file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import Enum

from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.runs import Run
from chatkit_doctor.contracts.sdk import agents as agents_contract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.remembered import remembered

_MAX_MODULES = 80


class Api(Enum):
    """Which wire API a model is called by: only Responses gives items ids of their own."""

    RESPONSES = "responses"
    CHAT_COMPLETIONS = "chat completions"
    UNKNOWN = "unknown"


def api_of(app: App, run: Run) -> tuple[Api, PlacedExpr | None]:
    """Return which API answers a run and the expression that says so.

    A run may use one of several agents; one that speaks Chat Completions decides, since then messages of
    that agent have no ids of their own. Where no agent can be told, all agents that the module can reach
    must agree.
    """
    verdict = None
    if run.agent is not None:
        config = argument(run.call, 99, agents_contract.runner().config)
        override = _config_model(app, run.module, config) if config is not None else None
        verdict = (
            _decided(_model_verdicts(app, override))
            if override is not None
            else _verdict_of_agents(app, run.module, run.agent)
        )
    return verdict or _verdict_of_reachable_agents(app, run.module)


def _decided(found: Iterable[tuple[Api, PlacedExpr | None]]) -> tuple[Api, PlacedExpr | None] | None:
    """Return which API several agents or models have, None where that is left open."""
    verdicts = list(found)
    for api, value in verdicts:
        if api is Api.CHAT_COMPLETIONS:
            return api, value
    if verdicts and all(api is Api.RESPONSES for api, _ in verdicts):
        return Api.RESPONSES, None
    if any(api is Api.UNKNOWN for api, _ in verdicts) and any(value for _, value in verdicts):
        return Api.UNKNOWN, None
    return None


def api_of_agent(app: App, agent: PlacedExpr) -> Api:
    """Return which API answers the runs of an agent, where all models that it may have agree."""
    model = _model_of(agent)
    verdicts = (
        frozenset(api for api, _ in _verdicts_of_agent(app, agent))
        if model is None
        else _apis_of_model(app, agent.module, model)
    )
    return next(iter(verdicts)) if len(verdicts) == 1 else Api.UNKNOWN


@same_for_all_uses
def _verdict_of_agents(app: App, module: Module, agent: ast.expr) -> tuple[Api, PlacedExpr | None] | None:
    return _decided(_agent_verdicts(app, module, agent))


def _agent_verdicts(app: App, module: Module, agent: ast.expr) -> Iterator[tuple[Api, PlacedExpr | None]]:
    for value in values(app, module, agent):
        if _is_agent(app, value):
            yield from _verdicts_of_agent(app, value)
        else:
            yield Api.UNKNOWN, None


@same_for_all_uses
def _config_model(app: App, module: Module, config: ast.expr) -> PlacedExpr | None:
    for value in app.flow.sources(module, config):
        if isinstance(value.expr, ast.Call):
            model, provider = agents_contract.config_models()
            given = argument(value.expr, 0, model) or argument(value.expr, 99, provider)
            if given is not None:
                return PlacedExpr(value.module, given)
    return None


def _is_agent(app: App, value: PlacedExpr) -> bool:
    if not isinstance(value.expr, ast.Call):
        return False
    func = plain_class_expression(value.expr.func)
    return any(agents_contract.is_agent(found.external) for found in app.symbols.definitions(value.module, func))


def _verdicts_of_agent(app: App, agent: PlacedExpr) -> Iterator[tuple[Api, PlacedExpr | None]]:
    model = _model_of(agent)
    if _is_open(agent):
        yield Api.UNKNOWN, agent
    elif model is None:
        yield _default_api(app, agent.module), agent
    else:
        yield from _model_verdicts(app, PlacedExpr(agent.module, model))


def _is_open(agent: PlacedExpr) -> bool:
    """Return whether an agent is given more than can be read: something is unpacked."""
    assert isinstance(agent.expr, ast.Call)
    return any(keyword.arg is None for keyword in agent.expr.keywords)


def _model_of(agent: PlacedExpr) -> ast.expr | None:
    """Return what an agent is given as its model, None for nothing that can be read."""
    assert isinstance(agent.expr, ast.Call)
    model = argument(agent.expr, 99, agents_contract.agent_model()) if not _is_open(agent) else None
    return None if model is None or is_none(model) else model


@same_for_all_uses
def _apis_of_model(app: App, module: Module, model: ast.expr) -> frozenset[Api]:
    return frozenset(api for api, _ in _model_verdicts(app, PlacedExpr(module, model)))


def _model_verdicts(app: App, model: PlacedExpr) -> Iterator[tuple[Api, PlacedExpr | None]]:
    for value in values(app, model.module, model.expr):
        yield _api_of_model(app, value), value


def _api_of_model(app: App, value: PlacedExpr) -> Api:
    expr = value.expr
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
        if agents_contract.is_chat_completions_model(expr.value):
            return Api.CHAT_COMPLETIONS
        return _default_api(app, value.module)
    if isinstance(expr, ast.JoinedStr) and expr.values and isinstance(expr.values[0], ast.Constant):
        known = agents_contract.is_chat_completions_model(str(expr.values[0].value))
        return Api.CHAT_COMPLETIONS if known else Api.UNKNOWN
    if isinstance(expr, ast.Call):
        return _api_of_model_call(app, value.module, expr)
    return Api.UNKNOWN


def _api_of_model_call(app: App, module: Module, call: ast.Call) -> Api:
    for found in app.symbols.definitions(module, call.func):
        if _makes_chat_completions(agents_contract.meant(found.external), call):
            return Api.CHAT_COMPLETIONS
        if found.module and found.class_node:
            view = ClassView(app.symbols, ClassId(found.module, found.class_node))
            # A subclass with its own streaming may well hand out ids of its own.
            own_streaming = view.defines("stream_response") or view.defines("get_response")
            if any(_makes_chat_completions(each, call) for each in view.externals) and not own_streaming:
                return Api.CHAT_COMPLETIONS
    # os.getenv("MODEL", "gpt-4o") and the like: the name may be anything.
    return Api.UNKNOWN


def _makes_chat_completions(dotted: str, call: ast.Call) -> bool:
    """Return whether a call makes a Chat Completions model, or a provider of nothing but such models."""
    entry = agents_contract.chat_completions_class(dotted)
    if entry is None or entry.keyword is None:
        return entry is not None
    given = argument(call, 99, entry.keyword)
    return isinstance(given, ast.Constant) and given.value == entry.value


def _default_api(app: App, module: Module) -> Api:
    """Return the API of a model named by a plain string, which the program may have set for all of them."""
    is_switched = any(_switches_all(app, each) for each in reachable_modules(app, module))
    return Api.CHAT_COMPLETIONS if is_switched else Api.RESPONSES


@remembered
def _switches_all(app: App, module: Module) -> bool:
    """Return whether a file makes all models of the process Chat Completions models."""
    return any(_is_switch(app, module, call) for call in module.nodes(ast.Call))


def _is_switch(app: App, module: Module, call: ast.Call) -> bool:
    chosen = argument(call, 0, "api")
    # What is called is asked of few: mostly the argument alone says no.
    return (
        isinstance(chosen, ast.Constant)
        and agents_contract.may_switch_all(chosen.value)
        and agents_contract.is_chat_completions_switch(app.names(module).qualified(call.func) or "", chosen.value)
    )


@remembered
def _verdict_of_reachable_agents(app: App, module: Module) -> tuple[Api, PlacedExpr | None]:
    verdicts: list[tuple[Api, PlacedExpr | None]] = []
    for each in reachable_modules(app, module):
        for call in each.nodes(ast.Call):
            value = PlacedExpr(each, call)
            if _is_agent(app, value):
                verdicts += _verdicts_of_agent(app, value)
    if verdicts and all(api is Api.CHAT_COMPLETIONS for api, _ in verdicts):
        return verdicts[0]
    return Api.UNKNOWN, None


@remembered
def reachable_modules(app: App, module: Module) -> list[Module]:
    """Return a module and the project's modules that it imports, directly or not, nearest first."""
    found = {module.source.path: module}
    queue = [module]
    while queue and len(found) < _MAX_MODULES:
        current = queue.pop(0)
        for binding in app.names(current).imports():
            owner = binding.dotted.rpartition(".")[0]
            for dotted in (binding.dotted, owner):
                path = app.layout.resolve(current.source.path, dotted) if dotted.strip(".") else None
                if path is not None and path not in found and (target := app.module(path)) is not None:
                    found[path] = target
                    queue.append(target)
    return list(found.values())
