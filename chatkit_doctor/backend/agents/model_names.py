"""The names of models that an app runs, where each is written, and whose models they are.

A name is followed through variables, functions, modules, settings and the defaults of environment variables. Its
prefix tells whose it is; a name without one is its maker's where no client of the app speaks to another address.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.reached import reached_modules
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.retired_models import Provider, providers
from chatkit_doctor.contracts.sdk import agents as agents_contract
from chatkit_doctor.contracts.sdk.model_calls import client_classes, model_functions, model_methods
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location

_MODEL = "model"
_MOST_PARTS = 20
_BY_NAME = 99
_MAX_DEPTH = 4
_LEAST = 'effort="minimal"'
# A setting of agents that goes by another name to the Responses API, and not to Chat Completions.
_RENAMED = "max_tokens"
_OLDER_API = regex(r"chat_completions|ChatCompletions|[Ll]itellm|any-llm")
_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get"})
_FIELDS = frozenset({"pydantic.Field", "dataclasses.field"})


@dataclass(frozen=True, slots=True)
class ModelName:
    """A name of a model, as a text of the program.

    provider: whose it is. prefix: what stands before the provider's own name for it. at: the text without its quotes.
    """

    written: str
    provider: Provider
    prefix: str
    at: Location

    @property
    def name(self) -> str:
        """Return the provider's own name for it."""
        return self.written.removeprefix(self.prefix)


def model_names(app: App) -> tuple[ModelName, ...]:
    """Return the names of the models that agents and calls of an app are given, of providers that are known."""
    return app.derive(_model_names)


def model_parameters(app: App) -> frozenset[str]:
    """Return the parameters that a model of the app is given anywhere: in settings of agents and runs, or in a call."""
    return app.derive(_model_parameters)


def _model_parameters(app: App) -> frozenset[str]:
    tails = tuple(f".{each}" for each in model_methods())
    found: set[str] = set()
    modules = list(reached_modules(app))
    is_renamed = not any(_OLDER_API.search(module.source.text) for module in modules)
    for module in modules:
        for call in module.nodes(ast.Call):
            dotted = app.names(module).qualified(plain_class_expression(call.func)) or ""
            is_settings = agents_contract.is_model_settings(dotted)
            if is_settings or dotted in model_functions() or _written(call.func).endswith(tails):
                given = [each for each in _given(app, module, call) if not _is_default(*each)]
                found |= {name for name, _ in given if not (is_settings and is_renamed and name == _RENAMED)}
            found |= {_LEAST for each in call.keywords if each.arg and _asks_for_the_least(each.arg, each.value)}
        for table in module.nodes(ast.Dict):
            found |= {_LEAST for each in _entries(table) if _asks_for_the_least(*each)}
    return frozenset(found)


def _given(app: App, module: Module, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a call is given by name, in a dict that is spread there as well."""
    for each in call.keywords:
        if each.arg is not None:
            yield each.arg, each.value
            continue
        for value in app.flow.sources(module, each.value):
            if isinstance(value.expr, ast.Dict):
                yield from _entries(value.expr)
            elif isinstance(value.expr, ast.Call) and ast.unparse(value.expr.func) == "dict":
                yield from ((one.arg, one.value) for one in value.expr.keywords if one.arg)


def _entries(table: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _asks_for_the_least(name: str, value: ast.expr) -> bool:
    """Return whether a parameter asks for the least that a model of OpenAI's once reasoned."""
    return name in {"effort", "reasoning_effort"} and isinstance(value, ast.Constant) and value.value == "minimal"


def _is_default(name: str, given: ast.expr) -> bool:
    """Return whether a parameter says what is meant without it, which no model refuses."""
    value = given.value if isinstance(given, ast.Constant) else ...
    return value is None or (name == "temperature" and value == 1)


def _model_names(app: App) -> tuple[ModelName, ...]:
    found: dict[tuple[object, int], ModelName] = {}
    modules = reached_modules(app)
    hosts = _hosts(app, modules)
    asked: set[tuple[int | None, bool]] = set()
    for module in modules:
        for expr, by_litellm in _models(app, module):
            # All uses of a variable give the same names.
            question = app.flow.crowd_of(module, expr), by_litellm
            if question in asked:
                continue
            if question[0] is not None:
                asked.add(question)
            for text in _texts(app, module, expr, 0):
                name = _named(app, text, hosts, by_litellm=by_litellm)
                if name is not None:
                    found.setdefault((name.at.path, name.at.start), name)
    return tuple(sorted(found.values(), key=lambda each: each.at.order))


def _written(expr: ast.expr) -> str:
    """Return the last attributes of an expression as they are written, each behind a dot."""
    parts: list[str] = []
    while isinstance(expr, ast.Attribute) and len(parts) < _MOST_PARTS:
        parts.append(expr.attr)
        expr = expr.value
    if isinstance(expr, ast.Name):
        parts.append(expr.id)
    return "".join(f".{each}" for each in reversed(parts))


def _models(app: App, module: Module) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what calls are given as the model, and whether it is LiteLLM that reads the name."""
    tails = tuple(f".{each}" for each in model_methods())
    for call in module.nodes(ast.Call):
        dotted = app.names(module).qualified(plain_class_expression(call.func)) or ""
        known = agents_contract.meant(dotted)
        if agents_contract.is_agent(known):
            given = argument(call, _BY_NAME, agents_contract.agent_model())
        elif agents_contract.is_model_class(known) or dotted in model_functions():
            given = argument(call, 0, _MODEL)
        elif _written(call.func).endswith(tails):
            given = argument(call, _BY_NAME, _MODEL)
        else:
            given = None
        if given is not None and argument(call, _BY_NAME, "base_url") is None:
            yield given, dotted in model_functions() or agents_contract.is_litellm_class(known)


def _texts(app: App, module: Module, expr: ast.expr, depth: int) -> Iterator[PlacedExpr]:
    """Yield the texts that an expression can be, as far as the program says."""
    for value in values(app, module, expr) if depth < _MAX_DEPTH else ():
        node = value.expr
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield value
        elif isinstance(node, ast.Call):
            dotted = app.names(value.module).qualified(node.func) or ""
            default = None
            if dotted in _ENVIRONMENT:
                default = argument(node, 1, "default")
            elif dotted in _FIELDS:
                default = argument(node, 0, "default")
            if default is not None:
                yield from _texts(app, value.module, default, depth + 1)
        elif isinstance(node, ast.Attribute) and (view := app.flow.class_of(value.module, node.value)) is not None:
            for owner, statement in view.members(node.attr):
                if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                    yield from _texts(app, owner.module, statement.value, depth + 1)


def _hosts(app: App, modules: Iterable[Module]) -> frozenset[str | None]:
    """Return the hosts that the app's clients are made for; None for one that cannot be told, none for OpenAI's own."""
    found: set[str | None] = set()
    for module in modules:
        names = app.names(module)
        for call in module.nodes(ast.Call):
            if argument(call, _BY_NAME, "model_provider") is not None:
                found.add(None)
            kind = client_classes().get(names.qualified(call.func) or "")
            address = argument(call, _BY_NAME, "base_url") if kind else None
            if kind == "azure":
                found.add(None)
            elif address is not None:
                texts = [each.expr for each in _texts(app, module, address, 0)]
                found |= {_host(str(each.value)) for each in texts if isinstance(each, ast.Constant)} or {None}
    return frozenset(found)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _named(app: App, text: PlacedExpr, hosts: frozenset[str | None], *, by_litellm: bool) -> ModelName | None:
    assert isinstance(text.expr, ast.Constant)
    written = str(text.expr.value)
    at = _inside(text.module, text.expr, written)
    if at is None or not app.owns(at.path):
        return None
    outer = next((each for each in agents_contract.model_prefixes() if written.startswith(each)), "")
    inner = written.removeprefix(outer)
    for provider in providers():
        prefix = next((each for each in provider.prefixes if inner.startswith(each)), "")
        if prefix or inner.startswith(provider.plain):
            read_by_litellm = by_litellm or bool(outer)
            is_its_own = bool(prefix) or provider.litellm_plain if read_by_litellm else _speaks_to(provider, hosts)
            return ModelName(written, provider, outer + prefix, at) if is_its_own else None
    return None


def _speaks_to(provider: Provider, hosts: frozenset[str | None]) -> bool:
    """Return whether the app's clients speak to a provider, and to nobody else that could have a model of that name."""
    if not hosts:
        return provider.key == "openai"
    return hosts <= frozenset(provider.hosts)


def _inside(module: Module, node: ast.Constant, written: str) -> Location | None:
    """Return where a text stands without its quotes; None where it is written in pieces or with escapes."""
    whole = module.location(node)
    start = whole.text.find(written)
    if not written or start < 0:
        return None
    return module.source.location(whole.start + start, whole.start + start + len(written))
