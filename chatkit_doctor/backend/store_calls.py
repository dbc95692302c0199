"""The project's own calls of the methods of its Store, and what of their arguments the methods do not take."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.contracts.sdk.callables import CallableContract
from chatkit_doctor.contracts.sdk.literals import allowed_values
from chatkit_doctor.contracts.sdk.sdk_names import GENERATE_ITEM_ID, ITEM_KINDS, SERVER, STORE, STORE_ATTRIBUTE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_SELF = "self"
_INIT = "__init__"


@dataclass(frozen=True, slots=True)
class StoreCall:
    """One call of a method of a Store. declared: the method as the SDK has it."""

    module: Module
    call: ast.Call
    declared: CallableContract


@dataclass(frozen=True, slots=True)
class WrongArguments:
    """What is wrong with a call's arguments: those that it lacks, and those that nothing takes."""

    missing: tuple[str, ...]
    unknown: tuple[ast.keyword, ...]
    extra: tuple[ast.expr, ...]


def store_calls(app: App) -> Iterator[StoreCall]:
    """Yield the calls of a Store's methods in the app's own files, tests left out."""
    for module in app.own_modules():
        path = module.source.path
        if app.is_test_file(path) or is_foreign(app, path):
            continue
        store = contract_for(app, path).class_(STORE)
        methods = store.methods if store is not None else {}
        for call in module.nodes(ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name in methods and _is_on_store(app, module, call):
                yield StoreCall(module, call, methods[name])


def mismatch(app: App, found: StoreCall) -> WrongArguments | None:
    """Return what is wrong with a call for the methods that it may reach; None where one of them takes it."""
    call = found.call
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    own = list(_implementations(app, found))
    if any(_mismatch(_parameters(each), call) is None for each in own):
        return None
    declared = [(each.name, each.is_required, each.kind.startswith("var_")) for each in found.declared.params[1:]]
    return _mismatch(declared, call)


def gives_coroutine(app: App, found: StoreCall) -> bool:
    """Return whether a call surely gives a coroutine: by the SDK's method, and all of the project's it may reach."""
    own = _implementations(app, found)
    # A decorator may run it, or have it run.
    return found.declared.is_async and all(
        isinstance(each, ast.AsyncFunctionDef) and not each.decorator_list for each in own
    )


def wrong_kind(app: App, found: StoreCall) -> str | None:
    """Return the kind of item that a call asks an id for and that the SDK's own method does not know."""
    if found.declared.name != GENERATE_ITEM_ID or not found.call.args or list(_implementations(app, found)):
        return None
    first = found.call.args[0]
    contract = contract_for(app, found.module.source.path)
    known = set(allowed_values(contract, ITEM_KINDS))
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and known and first.value not in known:
        return first.value
    return None


def _is_on_store(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a method is called on a Store: an object of the project's, or the `store` of a server."""
    assert isinstance(call.func, ast.Attribute)
    owner = call.func.value
    view = app.flow.class_of(module, owner)
    if view is not None:
        return _derives(app, view, STORE)
    if not isinstance(owner, ast.Attribute) or not (isinstance(owner.value, ast.Name) and owner.value.id == _SELF):
        return False
    class_ = module.enclosing_class(call)
    server = app.hierarchy.view(class_) if class_ is not None else None
    if server is None or not _derives(app, server, SERVER):
        return False
    return owner.attr == STORE_ATTRIBUTE or owner.attr in _names_of_store(server)


def _names_of_store(server: ClassView) -> set[str]:
    """Return the attributes under which a server's classes keep what they hand to the SDK's `__init__` as the store."""
    found: set[str] = set()
    for each in server.classes:
        made = next((node for node in each.node.body if isinstance(node, FunctionNode) and node.name == _INIT), None)
        nodes = list(walk(made)) if made is not None else []
        handed = {name for node in nodes if isinstance(node, ast.Call) for name in _handed_on(node)}
        for node in nodes:
            match node:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id=owner), attr=attribute)], value=ast.Name(id=name)
                ) if owner == _SELF and name in handed:
                    found.add(attribute)
    return found


def _handed_on(call: ast.Call) -> Iterator[str]:
    """Yield the name that `super().__init__(…)` is given first, or for the store."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr) if attr == _INIT:
            given = [*call.args[:1], *(each.value for each in call.keywords if each.arg == STORE_ATTRIBUTE)]
            yield from (each.id for each in given if isinstance(each, ast.Name))


def _derives(app: App, view: ClassView, base: str) -> bool:
    contract = contract_for(app, view.own.module.source.path)
    return any(contract.canonical(each) == base for each in view.externals)


def _implementations(app: App, found: StoreCall) -> Iterator[FunctionNode]:
    """Yield the project's own methods that a call may reach."""
    assert isinstance(found.call.func, ast.Attribute)
    view = app.flow.class_of(found.module, found.call.func.value)
    if view is None:
        yield from _in_stores(app, found.declared.name)
    elif (method := view.method(found.declared.name)) is not None:
        yield method[1]


@remembered
def _in_stores(app: App, name: str) -> tuple[FunctionNode, ...]:
    """Return what the project's stores have as a method."""
    methods = [each.method(name) for each in app.hierarchy.views if _derives(app, each, STORE)]
    return tuple(each[1] for each in methods if each is not None)


def _parameters(function: FunctionNode) -> list[tuple[str, bool, bool]]:
    """Return a method's parameters but the first: name, whether a call must pass it, whether it takes any number."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args][1:]
    required = len(plain) - len(arguments.defaults)
    found = [(each.arg, index < required, False) for index, each in enumerate(plain)]
    keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    found += [(each.arg, default is None, False) for each, default in keyword]
    return found + [("*", False, True)] * (arguments.vararg is not None or arguments.kwarg is not None)


def _mismatch(parameters: Iterable[tuple[str, bool, bool]], call: ast.Call) -> WrongArguments | None:
    parameters = list(parameters)
    if any(is_open for _, _, is_open in parameters):
        return None
    names = [name for name, _, _ in parameters]
    given = {*names[: len(call.args)], *(each.arg for each in call.keywords)}
    missing = tuple(name for name, is_required, _ in parameters if is_required and name not in given)
    unknown = tuple(each for each in call.keywords if each.arg not in names)
    extra = tuple(call.args[len(names) :])
    return WrongArguments(missing, unknown, extra) if missing or unknown or extra else None
