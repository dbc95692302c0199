"""Parts of messages, written out for a model, of a type that its API does not take from who says it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from chatkit_doctor.backend.history.ingredients import Behind, Ingredient, Ingredients
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.frames import FramedRun, called, framed_runs
from chatkit_doctor.contracts.sdk.agents import AGENTS, rejects_assistant_history
from chatkit_doctor.contracts.sdk.model_calls import message_modules, refused_parts
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_RESPONSES = ".responses."
# What puts a message among others.
_PUTS = frozenset({"append", "extend", "insert", "list", "dict", "tuple", "appendleft"})
# A client of OpenAI's protocol for another address, whose API may take more.
_OWN_ADDRESS = (b"base_url", b"OpenAI(")
# An item of the Responses API that openai-agents reads as it is, and what a message of such is known by.
_ITEM_KEYS = frozenset({"type", "id"})
_REMADE = frozenset({"role", "content", "type"})
# A file without one of these writes no part out.
_TYPES = regex(r"[\"'](?:input_text|output_text|text)[\"']")


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A part that is refused.

    type: as it is written. role: who says it. api: which refuses it. meant: the type that it takes, or None.
    is_only_role: whether nobody else may be the one who says it.
    """

    module: Module
    type: ast.Constant
    role: str
    api: str
    meant: str | None
    is_only_role: bool


def refused_message_parts(app: App) -> Iterator[MessagePart]:
    """Yield the parts that runs and calls of models are given, each once."""
    if not any(_TYPES.search(module.source.text) for module in app.modules()):
        return
    ingredients = Ingredients(app)
    seen: set[ast.expr] = set()
    done: dict[str, set[Behind]] = {}
    for framed in framed_runs(app):
        api = _api(app, framed)
        if api is None or framed.run.input is None or framed.run.filters_input:
            continue
        made = ingredients.of(framed.frame, framed.run.input)
        if made.has(_is_changed, app):
            continue
        # Of a message that is made of others these are not judged, nor by another run's input: they may be there.
        here = _remade(made.own, app)
        remade = here | made.behind.told(_remade, app)
        for each in made.own if here else made.new_parts(done.setdefault(api, set())):
            if remade - {each.expr}:
                continue
            is_message = _fields(app, each.frame.module, each.expr) and _is_put_in(app, each, framed.run.call)
            for found in _parts(app, each.frame.module, each.expr, api) if is_message else ():
                if found.type not in seen:
                    seen.add(found.type)
                    yield found


def _is_changed(part: Ingredient, app: App) -> bool:
    """Return whether an ingredient stands in a function that changes messages in place."""
    return any(_changes_parts(app, each) for each in part.frame.functions if each is not None)


@remembered
def _changes_parts(_: App, function: FunctionNode) -> bool:
    """Return whether a function sets a field of a message or a part in place."""
    return any(
        isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store) and _key(each.slice) in _REMADE
        for each in own_nodes(function)
    )


def _remade(parts: Iterable[Ingredient], app: App) -> frozenset[ast.expr]:
    return frozenset(each.expr for each in parts if _is_remade(app, each))


def _is_remade(app: App, part: Ingredient) -> bool:
    """Return whether an ingredient is a message that is made of another one, which no model is given."""
    is_message = {"role", "content"} <= _fields(app, part.frame.module, part.expr).keys()
    return is_message and any(map(_reads_message, walk(part.expr)))


def _reads_message(node: ast.AST) -> bool:
    """Return whether a node reads a field of another message: `message["content"]`, `message.get("role")`."""
    match node:
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return _key(key) in _REMADE
    return False


def _key(expr: ast.expr) -> object:
    return expr.value if isinstance(expr, ast.Constant) else None


def _is_put_in(app: App, message: Ingredient, run: ast.Call) -> bool:
    """Return whether a message is put among others or given to the run, not to a call that makes something of it."""
    module = message.frame.module
    for parent in module.ancestors(message.expr):
        if isinstance(parent, ast.stmt):
            return True
        if not isinstance(parent, ast.Call) or parent is run:
            continue
        func = parent.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name not in _PUTS and called(app, message.frame, parent) is None:
            return False
    return True


def _api(app: App, framed: FramedRun) -> str | None:
    """Return which API a run's input goes to, None where that cannot be told."""
    run = framed.run
    if run.agent is None:
        is_responses = _RESPONSES in f".{ast.unparse(run.call.func)}."
        return Api.RESPONSES.value if is_responses and not app.derive(_asks_elsewhere) else None
    api = api_of(app, run)[0]
    if api is not Api.CHAT_COMPLETIONS:
        return Api.RESPONSES.value if api is Api.RESPONSES and not app.derive(_asks_elsewhere) else None
    target = app.target(run.module.source.path, AGENTS)
    if target is not None and (target.is_foreign or not rejects_assistant_history(target.version)):
        return None
    return Api.CHAT_COMPLETIONS.value


def _asks_elsewhere(app: App) -> bool:
    """Return whether a file of the app makes a client for another address than OpenAI's own."""
    return any(path.suffix == ".py" and all(app.mentions(path, (word,)) for word in _OWN_ADDRESS) for path in app.files)


def _parts(app: App, module: Module, message: ast.expr, api: str) -> Iterator[MessagePart]:
    fields = _fields(app, module, message)
    role, content = fields.get("role"), fields.get("content")
    roles = _texts(app, module, role) if role is not None else None
    if not roles or not isinstance(content, ast.List):
        return
    if api == Api.CHAT_COMPLETIONS.value and fields.keys() >= _ITEM_KEYS:
        return
    for part in content.elts:
        kind = _fields(app, module, part).get("type")
        if not isinstance(kind, ast.Constant):
            continue
        for refused in refused_parts():
            bad = refused.roles & roles
            if refused.api == api and kind.value in refused.types and bad:
                yield MessagePart(module, kind, min(bad), api, refused.meant, is_only_role=len(roles) == 1)
                break


def _fields(app: App, module: Module, expr: ast.expr) -> dict[str, ast.expr]:
    """Return the fields of a message or a part: of a dict, or of one of the packages' own."""
    if isinstance(expr, ast.Dict):
        return {str(getattr(key, "value", "")): value for key, value in zip(expr.keys, expr.values, strict=True)}
    if isinstance(expr, ast.Call) and (
        (isinstance(expr.func, ast.Name) and expr.func.id == "dict")
        or (app.names(module).qualified(expr.func) or "").startswith(message_modules())
    ):
        return {each.arg: each.value for each in expr.keywords if each.arg}
    return {}


def _texts(app: App, module: Module, expr: ast.expr) -> frozenset[str] | None:
    """Return all texts that an expression can be, None where it may be something else."""
    found = [each.expr for each in app.flow.sources(module, expr)]
    if not all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in found):
        return None
    return frozenset(str(each.value) for each in found if isinstance(each, ast.Constant))
