"""The template files of widgets that a backend loads, and where each of them is."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_TEMPLATE, TEMPLATE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class LoadedTemplate:
    """A call that loads a widget's template. path: None where the file cannot be told, or is not one of the app's."""

    module: Module
    call: ast.Call
    given: ast.expr
    path: Path | None


def loaded_templates(app: App) -> tuple[LoadedTemplate, ...]:
    """Return the calls that load templates of widgets, tests left out."""
    return app.derive(_loaded_templates)


def _loaded_templates(app: App) -> tuple[LoadedTemplate, ...]:
    found: list[LoadedTemplate] = []
    for module in app.modules():
        if LOAD_TEMPLATE not in module.source.text or app.is_test_file(module.source.path):
            continue
        for call in module.nodes(ast.Call):
            given = argument(call, 0, "file_path")
            if given is not None and _loads(app, module, call.func):
                path = _path(app, PlacedExpr(module, given))
                # What is no whole path is looked for beside the file that asks.
                whole = Path(os.path.normpath(module.source.path.parent / path)) if path is not None else None
                found.append(LoadedTemplate(module, call, given, whole if whole and app.exists(whole) else None))
    return tuple(found)


def _loads(app: App, module: Module, func: ast.expr) -> bool:
    is_method = isinstance(func, ast.Attribute) and func.attr == LOAD_TEMPLATE
    return is_method and isinstance(func, ast.Attribute) and sdk_name(app, module, func.value) == TEMPLATE


def definition(app: App, path: Path) -> dict[str, object] | None:
    """Return what a template file holds; None where it is no JSON object."""
    source = app.read(path)
    if source is None:
        return None
    try:
        found = json.loads(source.text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _path(app: App, value: PlacedExpr) -> Path | None:
    """Return the path that an expression gives, by the place of its file; None where it cannot be told."""
    made = list(app.flow.sources(value.module, value.expr))
    if len(made) != 1:
        return None
    module, expr = made[0].module, made[0].expr
    match expr:
        case ast.Constant(value=str(text)):
            return Path(text)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _joined(app, module, [left, right])
        case ast.Attribute(value=inner, attr="parent"):
            below = _path(app, PlacedExpr(module, inner))
            return below.parent if below is not None else None
        case ast.Call(func=ast.Attribute(value=inner, attr="with_name"), args=[name]):
            return _joined(app, module, [ast.Attribute(value=inner, attr="parent", ctx=ast.Load()), name])
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute" | "as_posix")):
            return _path(app, PlacedExpr(module, inner))
        case ast.Call(func=func, args=[first, *others]):
            return _of_call(app, module, app.names(module).qualified(func) or _written(func), [first, *others])
        case ast.Name(id="__file__"):
            return module.source.path
    return None


def _of_call(app: App, module: Module, dotted: str, given: list[ast.expr]) -> Path | None:
    if dotted in {"str", "pathlib.Path", "os.path.join", "os.fspath", "os.path.abspath", "os.path.realpath"}:
        return _joined(app, module, given)
    if dotted == "os.path.dirname":
        below = _path(app, PlacedExpr(module, given[0]))
        return below.parent if below is not None else None
    return None


def _joined(app: App, module: Module, parts: list[ast.expr]) -> Path | None:
    found = Path()
    for each in parts:
        part = _path(app, PlacedExpr(module, each))
        if part is None:
            return None
        found /= part
    return found


def _written(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else ""
