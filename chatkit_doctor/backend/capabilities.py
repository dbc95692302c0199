"""What a backend's server can do: the methods that it overrides, the store and the files that it is made with."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.endpoints.process import Endpoint, process_calls
from chatkit_doctor.backend.instances import instantiations
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.servers import servers
from chatkit_doctor.contracts.sdk.sdk_names import (
    ATTACHMENT_STORE,
    ATTACHMENT_STORE_ATTRIBUTE,
    CONVERT,
    CONVERT_ATTACHMENT,
    CONVERTER,
    CREATE_ATTACHMENT,
    SERVER,
    STORE,
    STORE_ATTRIBUTE,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, is_none, walk


def used_servers(app: App, asked: Sequence[Endpoint] = ()) -> tuple[ClassView, ...]:
    """Return the classes whose objects answer requests; all servers of the app where that cannot be told.

    asked: the routes whose servers are meant; all where there are none.
    """
    calls = [each.process for each in asked] or process_calls(app)
    called = {each.server.own.node: each.server for each in calls if each.server is not None}
    if called and not _is_unknown(asked):
        return tuple(called.values())
    found = [view for view in servers(app) if not app.is_test_file(view.own.module.source.path)]
    bases = {id(each.node) for view in found for each in view.classes[1:]}
    return tuple(view for view in found if id(view.own.node) not in bases)


def _is_unknown(asked: Sequence[Endpoint]) -> bool:
    """Return whether one of some routes has a server that cannot be told."""
    return any(each.process.server is None for each in asked)


def surely_lacks(app: App, method: str, asked: Sequence[Endpoint] = ()) -> ClassView | None:
    """Return a server of the app where none overrides a method; None where one does, or may.

    asked: the routes whose servers are meant; all where there are none.
    """
    found = used_servers(app, asked)
    if _is_unknown(asked) and len(found) > 1:
        return None
    for view in found:
        if view.defines(method) or not view.is_complete or _foreign_bases(app, view, SERVER):
            return None
    return found[0] if found else None


def used_stores(app: App, asked: Sequence[Endpoint] = ()) -> tuple[ClassView, ...]:
    """Return the classes of the Stores that servers are made with; none where that cannot be told.

    asked: the routes whose servers are meant; all where there are none.
    """
    used = used_servers(app, asked)
    if _is_unknown(asked) and len(used) > 1:
        return _only_store(app)
    found: dict[ast.ClassDef, ClassView] = {}
    for given in _given(app, used, 0, STORE_ATTRIBUTE):
        view = app.flow.class_of(given.module, given.expr) if given is not None else None
        if view is None:
            return _only_store(app)
        found[view.own.node] = view
    return tuple(found.values()) or _only_store(app)


def given_stores(app: App) -> Iterator[ClassView]:
    """Yield the classes of what servers are surely made with for their Store, whatever these derive from."""
    for given in _given(app, used_servers(app), 0, STORE_ATTRIBUTE):
        view = app.flow.class_of(given.module, given.expr) if given is not None else None
        if view is not None:
            yield view


def has_attachment_store(app: App, asked: Sequence[Endpoint] = ()) -> bool | None:
    """Return whether servers are made with an attachment store; None where that cannot be told.

    asked: the routes whose servers are meant; all where there are none.
    """
    given = list(_given(app, used_servers(app, asked), 1, ATTACHMENT_STORE_ATTRIBUTE))
    if any(each is None or not is_none(each.expr) for each in given):
        return True if all(each is not None for each in given) else None
    if any(_derives(app, view, ATTACHMENT_STORE) for view in app.hierarchy.views):
        return None
    return False if given else None


def unmade_attachments(app: App, asked: Sequence[Endpoint] = ()) -> Iterator[ClassView]:
    """Yield the classes of the servers' attachment stores that leave `create_attachment` to the SDK, which raises.

    asked: the routes whose servers are meant; all where there are none.
    """
    for given in _given(app, used_servers(app, asked), 1, ATTACHMENT_STORE_ATTRIBUTE):
        view = app.flow.class_of(given.module, given.expr) if given is not None else None
        if view is None or not view.is_complete or not _derives(app, view, ATTACHMENT_STORE):
            continue
        contract = contract_for(app, view.own.module.source.path)
        foreign = {contract.canonical(each) for each in view.unknown_externals(())} - {ATTACHMENT_STORE, STORE}
        is_inherited = not view.defines(CREATE_ATTACHMENT) and not foreign
        if is_inherited or only_raises(view, CREATE_ATTACHMENT):
            yield view


def lacks_attachment_hook(app: App) -> bool:
    """Return whether items are turned into input by the SDK's converter, which refuses files."""
    views = app.hierarchy.views
    if any(view.defines(CONVERT_ATTACHMENT) for view in views):
        return False
    for module in app.modules():
        if app.is_test_file(module.source.path):
            continue
        contract = contract_for(app, module.source.path)
        for call in module.nodes(ast.Call):
            dotted = app.names(module).qualified(call.func) or ""
            if contract.canonical(dotted) in {CONVERT, CONVERTER}:
                return True
    return False


def only_raises(view: ClassView, method: str) -> bool:
    """Return whether a class's own method does nothing but raise."""
    found = view.method(method)
    if found is None:
        return False
    body = [each for each in found[1].body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def _given(app: App, used: Sequence[ClassView], position: int, name: str) -> Iterator[PlacedExpr | None]:
    """Yield what some servers are made with for an argument of the SDK's constructor; None for what is unknown."""
    seen: set[tuple[FunctionNode | None, ast.expr]] = set()
    for view, made in _made(app, used):
        # Of a name that several classes have, each call may make an object of any of them.
        init = view.method("__init__")
        asked = init[1] if init is not None else None, made.expr
        if asked not in seen:
            seen.add(asked)
            yield from _passed(view, made, position, name)


def _made(app: App, views: Sequence[ClassView]) -> list[tuple[ClassView, PlacedExpr]]:
    """Return where objects of some classes are made, in the order of the files, tests left out."""
    found = [
        (view, PlacedExpr(module, call))
        for view in dict.fromkeys(views)
        for module, call in instantiations(app, view)
        if not app.is_test_file(module.source.path)
    ]
    if len(found) > 1:
        places = {module: place for place, module in enumerate(app.modules())}
        found.sort(key=lambda each: (places[each[1].module], _place(each[1].expr)))
    return found


def _place(expr: ast.expr) -> tuple[int, int]:
    return expr.lineno, expr.col_offset


def _passed(view: ClassView, made: PlacedExpr, position: int, name: str) -> Iterator[PlacedExpr | None]:
    """Yield what the SDK's constructor is given where an object is made, through the class's own constructor."""
    assert isinstance(made.expr, ast.Call)
    init = view.method("__init__")
    if init is None:
        yield _argument(made.module, made.expr, position, name)
        return
    owner, function = init
    for node in walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            given = _argument(owner.module, node, position, name)
            yield _outer(function, made, given) if given is not None else None


def _argument(module: Module, call: ast.Call, position: int, name: str) -> PlacedExpr | None:
    """Return an argument, None itself where the second one is left out; None where it cannot be told."""
    given = argument(call, position, name)
    if given is not None:
        return PlacedExpr(module, given)
    is_unpacked = any(isinstance(each, ast.Starred) for each in call.args)
    is_open = is_unpacked or any(each.arg is None for each in call.keywords)
    return None if position == 0 or is_open else PlacedExpr(module, ast.Constant(value=None))


def _outer(function: FunctionNode, made: PlacedExpr, given: PlacedExpr) -> PlacedExpr | None:
    """Return what a constructor's parameter is given where the object is made."""
    names = [each.arg for each in function.args.args]
    if isinstance(given.expr, ast.Name) and given.expr.id in names:
        assert isinstance(made.expr, ast.Call)
        position = names.index(given.expr.id) - 1
        passed = argument(made.expr, position, given.expr.id)
        if passed is not None:
            return PlacedExpr(made.module, passed)
        defaults = function.args.defaults
        index = position + 1 - (len(names) - len(defaults))
        return PlacedExpr(given.module, defaults[index]) if 0 <= index < len(defaults) else None
    return given


def _only_store(app: App) -> tuple[ClassView, ...]:
    """Return the app's one Store that is no base of another; none where there are several."""
    found = [
        view
        for view in app.hierarchy.views
        if _derives(app, view, STORE) and not app.is_test_file(view.own.module.source.path)
    ]
    leaves = [view for view in found if not app.hierarchy.subclasses(view)]
    return (leaves[0],) if len(leaves) == 1 else ()


def _derives(app: App, view: ClassView, base: str) -> bool:
    contract = contract_for(app, view.own.module.source.path)
    return any(contract.canonical(each) == base for each in view.externals)


def _foreign_bases(app: App, view: ClassView, base: str) -> bool:
    contract = contract_for(app, view.own.module.source.path)
    return any(contract.canonical(each) != base for each in view.unknown_externals(()))
