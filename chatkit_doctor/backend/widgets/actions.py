"""Actions of widgets that the browser sends to the server: as Python makes them, and in template files."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.widgets.blocks import OUTPUT, STATEMENT, replaced
from chatkit_doctor.backend.widgets.templates import definition, loaded_templates
from chatkit_doctor.contracts.sdk.sdk_names import ACTION_CONFIG
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_BY_NAME = 99
# Who handles an action, unless it says that the page does.
_SERVER = "server"
# The keys by which components have actions.
_KEY = regex(r'"on[A-Z]\w*Action"\s*+:\s*+(?:null\s*+)?(?=\{)')
_IS_KEY = regex(r"on[A-Z]\w*Action")


@dataclass(frozen=True, slots=True)
class ServerAction:
    """An action that goes to the server. type: by which it is known. where: the file and, in Python, the line.

    is_streamed: whether it is answered as a turn is, by `action`, or at once, by `sync_action`.
    """

    type: str
    where: str
    is_streamed: bool


def server_actions(app: App) -> tuple[ServerAction, ...]:
    """Return the actions of the app's widgets that surely go to the server."""
    return app.derive(_server_actions)


def _server_actions(app: App) -> tuple[ServerAction, ...]:
    return (*_made(app), *_in_templates(app))


def _made(app: App) -> Iterator[ServerAction]:
    for module in app.modules():
        if app.is_test_file(module.source.path):
            continue
        if last_part(ACTION_CONFIG) in module.source.text:
            for call in module.nodes(ast.Call):
                if sdk_name(app, module, call.func) == ACTION_CONFIG:
                    yield from _of_call(module, call)
        for node in module.nodes(ast.Dict):
            yield from _of_component(module, node)


def _of_call(module: Module, call: ast.Call) -> Iterator[ServerAction]:
    if any(each.arg is None for each in call.keywords):
        return
    fields = {name: argument(call, _BY_NAME, name) for name in ("type", "handler", "streaming")}
    yield from _action(module, call, fields)


def _of_component(module: Module, component: ast.Dict) -> Iterator[ServerAction]:
    """Yield the actions in a dict that is a component: one with a type of its own."""
    keys = [each.value if isinstance(each, ast.Constant) else None for each in component.keys]
    for key, value in zip(keys, component.values, strict=True):
        if "type" in keys and isinstance(key, str) and _IS_KEY.fullmatch(key) and isinstance(value, ast.Dict):
            written = [each.value if isinstance(each, ast.Constant) else None for each in value.keys]
            if None not in written:
                fields = {str(name): each for name, each in zip(written, value.values, strict=True)}
                yield from _action(module, value, fields)


def _action(module: Module, node: ast.expr, fields: Mapping[str, ast.expr | None]) -> Iterator[ServerAction]:
    """Yield the action that goes by such fields, where each of them that counts is written down."""
    values: dict[str, object] = {}
    for name in ("type", "handler", "streaming"):
        given = fields.get(name)
        if given is not None and not isinstance(given, ast.Constant):
            return
        if given is not None:
            values[name] = given.value
    at = module.location(node)
    yield from _read(values, f"{at.path.name}:{at.first.line}")


def _in_templates(app: App) -> Iterator[ServerAction]:
    for loaded in loaded_templates(app):
        found = definition(app, loaded.path) if loaded.path is not None else None
        template = found.get("template") if found is not None else None
        if loaded.path is not None and isinstance(template, str):
            for fields in _actions_of_text(template):
                yield from _read(fields, loaded.path.name)


def _actions_of_text(template: str) -> Iterator[dict[str, object]]:
    """Yield the actions written in a template, those left out that its own language puts together."""
    plain = replaced(replaced(template, OUTPUT, "null"), STATEMENT, "")
    for match in _KEY.finditer(plain):
        try:
            found, _ = json.JSONDecoder().raw_decode(plain, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _read(fields: dict[str, object], where: str) -> Iterator[ServerAction]:
    type_ = fields.get("type")
    if isinstance(type_, str) and fields.get("handler", _SERVER) == _SERVER:
        yield ServerAction(type_, where, fields.get("streaming", True) is not False)
