"""What a project's own calls pass for a parameter: of a function, or of the constructor of a class."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.remembered import remembered


def values(app: App, module: Module, expr: ast.expr) -> Iterator[PlacedExpr]:
    """Yield what an expression's value can come from, through the calls where it is a function's parameter.

    A parameter that a function gives back is what the call on the way passes, and not what others pass.
    """
    found = _values(app, module, expr) if app.flow.crowd_of(module, expr) is None else _all_values(app, module, expr)
    yield from found


@same_for_all_uses
def _all_values(app: App, module: Module, expr: ast.expr) -> tuple[PlacedExpr, ...]:
    return tuple(_values(app, module, expr))


def _values(app: App, module: Module, expr: ast.expr) -> Iterator[PlacedExpr]:
    for value in app.flow.sources(module, expr):
        given = list(_passed_on_the_way(app, module, expr, value) or passed(app, value))
        for each in given:
            yield from app.flow.sources(each.module, each.expr)
        if not given:
            yield value


def _passed_on_the_way(app: App, module: Module, expr: ast.expr, value: PlacedExpr) -> list[PlacedExpr]:
    """Return what the calls that an expression comes through pass for a parameter; nothing where it is not behind one.

    Of a call that leaves the parameter out it is its default.
    """
    function = _function_of_parameter(app, value)
    if function is None or not isinstance(value.expr, ast.Name) or _stands_in(module, expr, function):
        return []
    found: list[PlacedExpr] = []
    for call in app.flow.calls_behind(module, expr):
        assert isinstance(call.expr, ast.Call)
        if _called(app, call.module, call.expr) is function:
            given = _argument(function, call.expr, value.expr.id)
            default = _default(function, value.expr.id) if given is None else None
            if given is not None:
                found.append(PlacedExpr(call.module, given))
            elif default is not None:
                found.append(PlacedExpr(value.module, default))
    return found


def _stands_in(module: Module, node: ast.AST | None, function: FunctionNode) -> bool:
    while node is not None and node is not function:
        node = module.parents.get(node)
    return node is function


def _default(function: FunctionNode, name: str) -> ast.expr | None:
    """Return what a parameter is where a call leaves it out, None for one without a default."""
    given = function.args
    by_place = [*given.posonlyargs, *given.args][len(given.posonlyargs) + len(given.args) - len(given.defaults) :]
    parameters = [*by_place, *given.kwonlyargs]
    defaults = [*given.defaults, *given.kw_defaults]
    return next((default for each, default in zip(parameters, defaults, strict=True) if each.arg == name), None)


def passed(app: App, value: PlacedExpr) -> Iterator[PlacedExpr]:
    """Yield the arguments that calls outside the project's tests pass for a parameter; nothing for anything else.

    They are as they are written there: where they come from is not followed.
    """
    function = _function_of_parameter(app, value)
    if function is None or not isinstance(value.expr, ast.Name):
        return
    names = _names_to_call(app, value.module, function)
    for module in dict.fromkeys((value.module, *app.modules())):
        path = module.source.path
        if app.is_test_file(path) or not any(name in module.source.text for name in names):
            continue
        for call in _calls(app, module).get(function, ()):
            given = _argument(function, call, value.expr.id)
            if given is not None:
                yield PlacedExpr(module, given)


@remembered
def _calls(app: App, module: Module) -> dict[FunctionNode, list[ast.Call]]:
    """Return the calls of a file by the project's function that they run."""
    found: dict[FunctionNode, list[ast.Call]] = {}
    for call in module.nodes(ast.Call):
        function = _called(app, module, call)
        if function is not None:
            found.setdefault(function, []).append(call)
    return found


def _function_of_parameter(app: App, value: PlacedExpr) -> FunctionNode | None:
    """Return the function whose parameter a value is, where calls of it can be told: no method but a constructor."""
    if not isinstance(value.expr, ast.Name):
        return None
    bindings = app.names(value.module).lookup(value.expr.id, value.expr)
    scope = bindings[0].scope if [each.kind for each in bindings[:2]] == [BindingKind.PARAMETER] else None
    if not isinstance(scope, FunctionNode):
        return None
    is_method = isinstance(value.module.parents[scope], ast.ClassDef)
    return scope if not is_method or scope.name == "__init__" else None


def _names_to_call(app: App, module: Module, function: FunctionNode) -> list[str]:
    """Return the names of a function, or of the classes that a constructor makes."""
    owner = module.parents[function]
    if not isinstance(owner, ast.ClassDef):
        return [function.name]
    view = app.hierarchy.view(owner)
    return [owner.name, *(each.name for each in app.hierarchy.subclasses(view))] if view else [owner.name]


def _called(app: App, module: Module, call: ast.Call) -> FunctionNode | None:
    """Return the project's function that a call runs; for a class its constructor."""
    for found in app.symbols.definitions(module, call.func):
        if found.class_node is not None:
            view = app.hierarchy.view(found.class_node)
            return _constructor(view) if view else None
        if found.function_node is not None:
            return found.function_node
    return None


def _constructor(view: ClassView) -> FunctionNode | None:
    method = view.method("__init__")
    return method[1] if method else None


def _argument(function: FunctionNode, call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call passes for a parameter, None where it leaves it out or the place cannot be counted."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    position = names.index(name) - (function.name == "__init__") if name in names else len(call.args)
    before = call.args[: position + 1]
    if len(before) <= position or any(isinstance(each, ast.Starred) for each in before):
        return None
    return before[position]
