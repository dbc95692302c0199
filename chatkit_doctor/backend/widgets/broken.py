"""Template files of widgets that cannot be loaded or built, each with what is wrong and where."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.widgets.templates import LoadedTemplate, definition, loaded_templates
from chatkit_doctor.backend.widgets.variables import Variable, variables
from chatkit_doctor.contracts.sdk.literals import allowed_values
from chatkit_doctor.contracts.sdk.sdk_names import BUILD, BUILD_BASIC, TEMPLATE_KEYS, TEMPLATE_ROOT, TEMPLATE_VERSION
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location

_ROOT = regex(r'\s*\{\s*"type"\s*:\s*"(?P<type>\w+)"')
# What people call the second parameter of the function that a loop was made from, which loops of templates lack.
_COUNTERS = frozenset({"index", "idx", "i"})


class Flaw(Enum):
    """What is wrong with a template."""

    UNREADABLE = "no JSON"
    KEY = "a key that is not there"
    VERSION = "a version that there is not"
    ROOT = "a component that cannot be the root"
    UNDEFINED = "a variable that nothing gives it"
    DATA = "data that lacks a key"


@dataclass(frozen=True, slots=True)
class BrokenTemplate:
    """A flaw of a template. text: the wrong word, or the parser's. allowed: what could stand in its place.

    is_bare: of a variable, whether it is written out as it is.
    """

    flaw: Flaw
    path: Path
    at: Location
    text: str
    allowed: tuple[str, ...] = ()
    is_bare: bool = False


def broken_templates(app: App) -> Iterator[BrokenTemplate]:
    """Yield the flaws of the templates that an app loads: of each file the first, and what calls leave out."""
    seen: set[Path] = set()
    for loaded in loaded_templates(app):
        if loaded.path is None:
            continue
        flaw = _first_flaw(app, loaded.module, loaded.path)
        if flaw is None:
            yield from _calls_without(app, loaded, loaded.path)
        elif loaded.path not in seen:
            yield flaw
        seen.add(loaded.path)


@remembered
def _first_flaw(app: App, module: Module, path: Path) -> BrokenTemplate | None:
    return next(_flaws(app, module, path), None)


def _flaws(app: App, module: Module, path: Path) -> Iterator[BrokenTemplate]:
    source = app.read(path)
    if source is None:
        return
    try:
        found = json.loads(source.text)
    except json.JSONDecodeError as error:
        where = source.location(min(error.pos, max(len(source.text) - 1, 0)), min(error.pos + 1, len(source.text)))
        yield BrokenTemplate(Flaw.UNREADABLE, path, where, error.msg)
        return
    except RecursionError:
        return
    if not isinstance(found, dict):
        return
    whole = source.location(0, min(1, len(source.text)))
    for key in TEMPLATE_KEYS:
        if key not in found:
            yield BrokenTemplate(Flaw.KEY, path, whole, key)
    if found.get("version") != TEMPLATE_VERSION:
        at = _after_key(source.text, "version")
        place = source.location(*at) if at is not None else whole
        yield BrokenTemplate(Flaw.VERSION, path, place, str(found.get("version")), (TEMPLATE_VERSION,))
    template = found.get("template")
    if isinstance(template, str):
        yield from _of_root(app, module, path, template)
        yield from _counters(app, path, template, found)


def _of_root(app: App, module: Module, path: Path, template: str) -> Iterator[BrokenTemplate]:
    contract = contract_for(app, module.source.path)
    model = contract.model(TEMPLATE_ROOT)
    field = model.field_for("type") if model is not None else None
    allowed = tuple(allowed_values(contract, field.type)) if field is not None and field.type is not None else ()
    root = _ROOT.match(template)
    if root is not None and allowed and root["type"] not in allowed and not _builds_otherwise(app):
        at = _in_template(app, path, rf"\b{root['type']}\b")
        if at is not None:
            yield BrokenTemplate(Flaw.ROOT, path, at, root["type"], allowed)


def _builds_otherwise(app: App) -> bool:
    """Return whether the app builds widgets by the older method, which takes a root of its own."""
    return any(BUILD_BASIC in module.source.text for module in app.modules())


def _counters(app: App, path: Path, template: str, found: dict[str, object]) -> Iterator[BrokenTemplate]:
    """Yield the counter of a loop that is nothing of the loop's, nor of the data's."""
    described = _properties(found)
    for each in variables(template) if described else ():
        if each.in_loop and each.name in _COUNTERS and each.name not in described:
            at = _in_template(app, path, rf"(?<=[\s({{]){each.name}\b")
            if at is not None:
                yield BrokenTemplate(Flaw.UNDEFINED, path, at, each.name, is_bare=each.is_bare)
                return


def _properties(found: dict[str, object]) -> set[str]:
    schema = found.get("jsonSchema")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return set(properties) if isinstance(properties, dict) else set()


def _calls_without(app: App, loaded: LoadedTemplate, path: Path) -> Iterator[BrokenTemplate]:
    """Yield the calls that build a widget without a key that its schema requires and its template asks for."""
    found = definition(app, path)
    schema = found.get("jsonSchema") if found is not None else None
    required = schema.get("required") if isinstance(schema, dict) else None
    template = found.get("template") if found is not None else None
    if not isinstance(required, list) or not isinstance(template, str):
        return
    asked: dict[str, Variable] = {}
    for each in variables(template):
        asked.setdefault(each.name, each)
    for module, call in app.derive(_builds).get(loaded.call, ()):
        given = _keys(app, module, call)
        lacking = [key for key in required if key in asked and given is not None and key not in given]
        if lacking:
            at = module.location(call.args[0] if call.args else call)
            yield BrokenTemplate(Flaw.DATA, path, at, lacking[0], is_bare=asked[lacking[0]].is_bare)


def _builds(app: App) -> dict[ast.expr, list[tuple[Module, ast.Call]]]:
    """Return the calls that build widgets, by the call that surely loads the template."""
    found: dict[ast.expr, list[tuple[Module, ast.Call]]] = {}
    for module in app.modules():
        if f".{BUILD}" not in module.source.text or app.is_test_file(module.source.path):
            continue
        for call in module.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr == BUILD:
                made = app.flow.all_sources(module, call.func.value)
                if len(made) == 1:
                    found.setdefault(made[0].expr, []).append((module, call))
    return found


def _keys(app: App, module: Module, call: ast.Call) -> set[str] | None:
    """Return the keys of the data that a widget is built from; None where they cannot be told."""
    if call.keywords or len(call.args) > 1:
        return None
    if not call.args or is_none(call.args[0]):
        return set()
    data = call.args[0]
    # What a name holds may have been added to.
    if not isinstance(data, ast.Dict) and not isinstance(data, ast.Call):
        return None
    made = list(app.flow.sources(module, data))
    return _keys_of(made[0]) if len(made) == 1 else None


def _keys_of(value: PlacedExpr) -> set[str] | None:
    if not isinstance(value.expr, ast.Dict):
        return None
    keys = [each.value if isinstance(each, ast.Constant) else None for each in value.expr.keys]
    return {each for each in keys if isinstance(each, str)} if all(isinstance(each, str) for each in keys) else None


def _after_key(text: str, key: str) -> tuple[int, int] | None:
    found = re.search(rf'"{key}"\s*:\s*(?P<value>"[^"\n]*"|[^\s,}}]+)', text)
    return found.span("value") if found is not None else None


def _in_template(app: App, path: Path, pattern: str) -> Location | None:
    """Return where a pattern is first found in the file behind the key of the template."""
    source = app.read(path)
    key = re.search(r'"template"\s*:', source.text) if source is not None else None
    found = re.compile(pattern).search(source.text, key.end()) if source is not None and key is not None else None
    return source.location(*found.span()) if source is not None and found is not None else None
