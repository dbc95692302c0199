"""The runs of an agent in a project: the calls that start one, and what goes in.

A run is an Agents SDK call (`Runner.run_streamed`, `Runner.run`, `Runner.run_sync`) or a direct call of a
model (`client.chat.completions.create`, `litellm.acompletion`, `client.responses.create`), also where it is handed to
what calls it, as `asyncio.to_thread` does.
"""

from __future__ import annotations

import ast
from functools import cache

from chatkit_doctor.backend.runs.arguments import argument, entries_of, keywords_of
from chatkit_doctor.contracts.sdk.agents import input_filters, is_runner, runner
from chatkit_doctor.contracts.sdk.model_calls import (
    answer_wrappers,
    handed_function,
    memory_parameters,
    model_functions,
    model_methods,
    needs_input,
    posted_request,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

# Where a call has no place for an argument but by its name.
_BY_NAME = 99


@dataclass(frozen=True, slots=True)
class Run:
    """One call that runs an agent or a model.

    keywords: the arguments given by name, None where some are unpacked that cannot be told.
    input: the expression the model is given, None where it cannot be told.
    agent: the agent expression of an Agents SDK run, None for a direct call of a model.
    """

    module: Module
    call: ast.Call
    keywords: dict[str, ast.expr] | None
    input: ast.expr | None
    agent: ast.expr | None
    streamed: bool

    @property
    def filters_input(self) -> bool:
        """Return whether a function that the call names, or may name, changes what the model is given."""
        config = self.keywords.get(runner().config) if self.keywords is not None else None
        return self.keywords is None or (config is not None and _filters_input(config))

    @property
    def carries_memory(self) -> bool:
        """Return whether the call names a session or a conversation, or may do so in `**kwargs`."""
        return self.carries_memory_but(frozenset())

    def carries_memory_but(self, unusable: frozenset[str]) -> bool:
        """Return the same, with some parameters taken for nothing."""
        parameters = _memory_parameters() - unusable
        return self.filters_input or any(
            name in parameters and not is_none(value) for name, value in (self.keywords or {}).items()
        )


# Of what a rule may do in an app: what is called has several names, each of which is compared with those of the SDK.
_STEPS_OF_A_CALL = 5
# A dozen rules look at each run, at where what it is given comes from; people have a few.
_STEPS_OF_A_RUN = 100


def calls_like_runs(module: Module) -> tuple[ast.Call, ...]:
    """Return the calls of a file that may start a run by the names of what they call: all others need no look."""
    return module.derive(_calls_like_runs)


def _calls_like_runs(module: Module) -> tuple[ast.Call, ...]:
    methods = {last_part(each) for each in model_methods()} | answer_wrappers() | posted_request().methods
    methods |= runner().methods
    names = module.derive(Names)
    found = []
    for call in module.nodes(ast.Call):
        written = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        dotted = "" if written in methods else names.qualified(call.func) or ""
        is_like = written in methods or dotted in model_functions() or last_part(dotted) in methods
        if is_like or handed_function(dotted) is not None:
            found.append(call)
    return tuple(found)


@remembered
def run_of(app: App, module: Module, call: ast.Call) -> Run | None:
    """Return the run that a call starts, or None for any other call."""
    app.budget.spend(_STEPS_OF_A_CALL)
    dotted = app.names(module).qualified(call.func) or ""
    func, before = call.func, 0
    place = handed_function(dotted)
    if place is not None and len(call.args) > place:
        func, before = call.args[place], place + 1
        dotted = app.names(module).qualified(func) or ""
    method = _runner_method(app, module, func, dotted)
    if method:
        known = runner()
        streamed = method in known.streamed
        return _run(app, module, call, (before + 1, known.input), (before, known.agent), streamed=streamed)
    if dotted in model_functions():
        return _run(app, module, call, (before + 1, model_functions()[dotted]))
    written = _written_path(func)
    # Of a file's calls, few end with the last word of one.
    for tail in _tails().get(written.rpartition(".")[2], ()):
        if written.endswith(f".{tail}"):
            parameter = model_methods()[tail]
            found = _run(app, module, call, (_BY_NAME, parameter))
            return found if found.input is not None or tail not in needs_input() else None
    return _posted(app, module, call)


@cache
def _tails() -> dict[str, list[str]]:
    """Return the methods that ask a model by the last words of their names, in their order."""
    found: dict[str, list[str]] = {}
    for tail in model_methods():
        found.setdefault(tail.rpartition(".")[2], []).append(tail)
    return found


def _posted(app: App, module: Module, call: ast.Call) -> Run | None:
    """Return the run of a request that is written by hand: `client.post(url, json={"model": …, "messages": …})`."""
    known = posted_request()
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in known.methods:
        return None
    body = argument(call, _BY_NAME, known.parameter)
    if body is None:
        return None
    given = entries_of(app, module, body) or {}
    found = next((each for each in known.inputs if each in given), None)
    if found is None or known.model not in given:
        return None
    if found in known.addresses and not _is_sent_to(app, module, call, known.addresses[found]):
        return None
    messages = given[found]
    return Run(module, call, given, messages, agent=None, streamed=False)


def _is_sent_to(app: App, module: Module, call: ast.Call, word: str) -> bool:
    """Return whether the address of a request has a word in it, as it is written or as it is named."""
    values = (value.expr for each in call.args for value in app.flow.sources(module, each))
    return any(word in ast.unparse(each).lower() for each in (*call.args, *values))


def _run(
    app: App,
    module: Module,
    call: ast.Call,
    input_: tuple[int, str],
    agent: tuple[int, str] | None = None,
    *,
    streamed: bool = False,
) -> Run:
    app.budget.spend(_STEPS_OF_A_RUN)
    keywords = keywords_of(app, module, call)
    given, ran = (_given(call, keywords, each) if each else None for each in (input_, agent))
    return Run(module, call, keywords, given, ran, streamed)


def _given(call: ast.Call, keywords: dict[str, ast.expr] | None, place: tuple[int, str]) -> ast.expr | None:
    return argument(call, *place) or (keywords or {}).get(place[1])


def _runner_method(app: App, module: Module, func: ast.expr, dotted: str) -> str | None:
    """Return the method of the Agents SDK's Runner that a call reaches, through the class or an object of it."""
    owner, _, method = dotted.rpartition(".")
    if not owner and isinstance(func, ast.Attribute) and func.attr in runner().methods:
        method = func.attr
        made = [each for each in app.flow.sources(module, func.value) if isinstance(each.expr, ast.Call)]
        owner = (app.names(made[0].module).qualified(_class_of(made[0])) or "") if len(made) == 1 else ""
    return method if is_runner(owner) and method in runner().methods else None


def _memory_parameters() -> frozenset[str]:
    return runner().memory | memory_parameters()


def _class_of(made: PlacedExpr) -> ast.expr | None:
    return made.expr.func if isinstance(made.expr, ast.Call) else None


def _written_path(expr: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(expr, ast.Attribute):
        parts += [expr.attr] if expr.attr not in answer_wrappers() else []
        expr = expr.value
    if isinstance(expr, ast.Name):
        parts.append(expr.id)
    return "." + ".".join(reversed(parts))


def _filters_input(config: ast.expr) -> bool:
    if not isinstance(config, ast.Call):
        return True
    return any(keyword.arg is None or keyword.arg in input_filters() for keyword in config.keywords)
