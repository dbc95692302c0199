"""Runs that count on OpenAI to remember, while their model is not asked so, or OpenAI is told to store nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.history import memoryless_run
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.frames import framed_runs
from chatkit_doctor.backend.runs.runs import Run
from chatkit_doctor.backend.servers import responders
from chatkit_doctor.contracts.sdk.agents import is_settings, kept_by_openai, runner, store_settings, stored_response
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import is_none
from chatkit_doctor.records import dataclass

_BY_NAME = 99


@dataclass(frozen=True, slots=True)
class UnusableResponse:
    """A run that is given something for nothing. name, value: the parameter and what it is given.

    model: what says that the model is asked through Chat Completions; None where `store` says that nothing is stored.
    """

    run: Run
    name: str
    value: ast.expr
    model: PlacedExpr | None
    store: PlacedExpr | None = None


def unusable_responses(app: App) -> Iterator[UnusableResponse]:
    """Yield the runs whose memory is with OpenAI and cannot be used, each once.

    A run that is given the conversation as well loses nothing where a model leaves the rest out.
    """
    seen: set[ast.Call] = set()
    for responder in responders(app):
        found = memoryless_run(app, responder, kept_by_openai())
        given = _given(found.run, kept_by_openai()) if found is not None else None
        if found is None or given is None or found.run.agent is None or found.run.call in seen:
            continue
        api, model = api_of(app, found.run)
        if api is Api.CHAT_COMPLETIONS and model is not None:
            seen.add(found.run.call)
            yield UnusableResponse(found.run, *given, model)
    for framed in framed_runs(app):
        given = _given(framed.run, frozenset({stored_response()}))
        if given is None or framed.run.call in seen or api_of(app, framed.run)[0] is Api.CHAT_COMPLETIONS:
            continue
        store = _unstored(app, framed.run)
        if store is not None:
            seen.add(framed.run.call)
            yield UnusableResponse(framed.run, *given, None, store)


def _given(run: Run, names: frozenset[str]) -> tuple[str, ast.expr] | None:
    for name, value in (run.keywords or {}).items():
        is_off = isinstance(value, ast.Constant) and value.value in (None, False)
        if name in names and not is_off and not is_none(value):
            return name, value
    return None


def _unstored(app: App, run: Run) -> PlacedExpr | None:
    """Return the argument that has OpenAI store nothing: of the run's configuration, or else of its one agent."""
    config = (run.keywords or {}).get(runner().config)
    owners = list(app.flow.sources(run.module, config)) if config is not None else []
    by_run = next((found for each in owners if (found := _store(app, each)) is not None), None)
    if by_run is not None or run.agent is None:
        return by_run
    agents = list(values(app, run.module, run.agent))
    return _store(app, agents[0]) if len(agents) == 1 else None


def _store(app: App, owner: PlacedExpr) -> PlacedExpr | None:
    known = store_settings()
    given = argument(owner.expr, _BY_NAME, known.parameter) if isinstance(owner.expr, ast.Call) else None
    made = list(app.flow.sources(owner.module, given)) if given is not None else []
    if len(made) != 1 or not isinstance(made[0].expr, ast.Call):
        return None
    if not is_settings(app.names(made[0].module).qualified(made[0].expr.func) or ""):
        return None
    store = argument(made[0].expr, _BY_NAME, known.store)
    is_off = isinstance(store, ast.Constant) and store.value is False
    return PlacedExpr(made[0].module, store) if store is not None and is_off else None
