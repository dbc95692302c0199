"""Whether a store looks at the context that it is given, and whether an endpoint puts a user into it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.process import process_calls
from chatkit_doctor.backend.instances import instantiations
from chatkit_doctor.backend.stores.concrete import ConcreteStore, StoreMethod
from chatkit_doctor.contracts.sdk.sdk_names import (
    ADD_ITEM,
    CONTEXT,
    DELETE_THREAD,
    LOAD_ATTACHMENT,
    LOAD_ITEM,
    LOAD_ITEMS,
    LOAD_THREAD,
    LOAD_THREADS,
    SAVE_ATTACHMENT,
    SAVE_ITEM,
    SAVE_THREAD,
)
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.python.names import BindingKind

_METHODS = (
    LOAD_THREADS,
    LOAD_THREAD,
    LOAD_ITEMS,
    LOAD_ITEM,
    LOAD_ATTACHMENT,
    SAVE_THREAD,
    SAVE_ITEM,
    ADD_ITEM,
    SAVE_ATTACHMENT,
)
# What a request of the page calls by itself, with an id that the page names.
_OPENING = (LOAD_THREAD, LOAD_ITEMS, DELETE_THREAD)
_USER = regex(r"user|owner|account|tenant|customer|(^|_)(uid|sub|email|principal)$", re.IGNORECASE)
# What tells a store who asks without the context.
_ELSEWHERE = regex(r"\b(ContextVar|current_user|get_user|auth\.uid|threading\.local)\b")
_PRINTING = frozenset({"print", "debug", "info", "warning", "error", "exception", "log"})


def never_reads_context(store: ConcreteStore) -> bool:
    """Return whether no method of a store does anything with its context but hand it to another method of its own."""
    found = [method for name in _METHODS if (method := store.method(name)) is not None]
    texts = [each.module.location(each.node).text for each in store.view.classes]
    if len(found) < len(_METHODS) // 2 or any(_ELSEWHERE.search(each) for each in texts):
        return False
    return not any(_reads_context(store.view, each.module, each.function) for each in found)


def _reads_context(view: ClassView, module: Module, function: FunctionNode) -> bool:
    if function.args.vararg or function.args.kwarg:
        return True
    return _reads(view, module, function, _context_of(function), frozenset())


def _reads(view: ClassView, module: Module, function: FunctionNode, name: str, within: frozenset[FunctionNode]) -> bool:
    """Return whether a function does anything with a parameter but print it or hand it to one that does not either."""
    if function in within:
        return False
    uses = [each for each in walk(function) if isinstance(each, ast.Name) and each.id == name]
    return any(
        not _is_printed(module, each) and not _is_handed_on(view, module, each, within | {function}) for each in uses
    )


def _is_printed(module: Module, use: ast.Name) -> bool:
    for each in module.ancestors(use):
        if isinstance(each, ast.Call) and _last(each.func) in _PRINTING:
            return True
        if isinstance(each, ast.stmt):
            return False
    return False


def _is_handed_on(view: ClassView, module: Module, use: ast.Name, within: frozenset[FunctionNode]) -> bool:
    """Return whether a use only passes the context to a method of the store that does not look at it."""
    found = _handed_to(view, module, use)
    return found is not None and not _reads(view, *found, within)


def _handed_to(view: ClassView, module: Module, use: ast.Name) -> tuple[Module, FunctionNode, str] | None:
    """Return the method of the store that a value is handed to, with its file, and the parameter that takes it."""
    around: ast.AST = module.parents[use]
    keyword = around if isinstance(around, ast.keyword) else None
    call = module.parents[around] if keyword else around
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    is_own = isinstance(call.func.value, ast.Name) and call.func.value.id == "self"
    found = view.method(call.func.attr) if is_own else None
    if found is None:
        return None
    owner, function = found
    if keyword is not None:
        taken = keyword.arg
    else:
        places = [each.arg for each in (*function.args.posonlyargs, *function.args.args)][1:]
        index = next((at for at, each in enumerate(call.args) if each is use), len(places))
        taken = places[index] if index < len(places) and not function.decorator_list else None
    return (owner.module, function, taken) if taken is not None else None


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def half_kept_apart(store: ConcreteStore) -> tuple[StoreMethod, ...]:
    """Return the methods that take no notice of who asks, in a store that lists the threads of one user.

    They are those that the server calls without having loaded the thread before.
    """
    listing = store.method(LOAD_THREADS)
    if listing is None or not _takes_user(store.view, listing.module, listing.function, _context_of(listing.function)):
        return ()
    found = [method for name in _OPENING if (method := store.method(name)) is not None and not method.only_raises]
    return tuple(
        each for each in found if each.statements and not _reads_context(store.view, each.module, each.function)
    )


def _takes_user(
    view: ClassView, module: Module, function: FunctionNode, name: str, within: frozenset[FunctionNode] = frozenset()
) -> bool:
    """Return whether a function takes a user out of a parameter, by itself or by a function that it hands it to."""
    uses = [each for each in walk(function) if isinstance(each, ast.Name) and each.id == name]
    for each in uses if function not in within else ():
        if _is_printed(module, each):
            continue
        around = module.parents[each]
        if isinstance(around, ast.Call) and _USER.search(_last(around.func)):
            return True
        if _USER.search(_taken(module, around)):
            return True
        handed = _handed_to(view, module, each)
        if handed is not None and _takes_user(view, handed[0], handed[1], handed[2], within | {function}):
            return True
    return False


def _taken(module: Module, around: ast.AST) -> str:
    """Return what is taken of a value by the expression around it: an attribute, or an entry, "" for neither."""
    match around:
        case ast.Attribute(attr="get"):
            call = module.parents[around]
            key = call.args[0] if isinstance(call, ast.Call) and call.args else None
            return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _context_of(function: FunctionNode) -> str:
    """Return the name of the parameter that the SDK passes the context to: the last, where none is called so."""
    arguments = function.args
    every = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return CONTEXT if CONTEXT in every else every[-1] if len(every) > 1 else ""


def is_made_for_a_user(app: App, view: ClassView) -> bool:
    """Return whether a store is made with the user in its hands: a new one for each request."""
    for _, call in instantiations(app, view):
        names = [each.id for each in walk(call) if isinstance(each, ast.Name) and each is not call.func]
        names += [each.arg or "" for each in call.keywords]
        names += [each.attr for each in walk(call) if isinstance(each, ast.Attribute)]
        if any(map(_USER.search, names)):
            return True
    return False


def user_of_endpoint(app: App) -> str | None:
    """Return the name under which an endpoint puts a user into the context of the server, None where none does."""
    for process in process_calls(app):
        context = process.context
        if context is None:
            continue
        name = next(_users(app, process.module, context), None)
        if name is not None:
            return name
    return None


def _users(app: App, module: Module, context: ast.expr) -> Iterator[str]:
    for found in app.flow.sources(module, context):
        yield from (name for name, value in _entries(found.expr) if _USER.search(name) and _varies(app, module, value))
    if isinstance(context, ast.Name):
        yield from filter(_USER.search, _fields(app, module, context))
    if isinstance(context, ast.Name) and (function := module.enclosing_function(context)) is not None:
        for each in walk(function):
            match each:
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id=holder), slice=ast.Constant(value=str(key)))], value=value
                ) if holder == context.id and _USER.search(key) and _varies(app, module, value):
                    yield key


def _fields(app: App, module: Module, name: ast.Name) -> Iterator[str]:
    """Yield the fields of the project's class that a parameter is of, which the framework makes for each request."""
    for bound in app.names(module).lookup(name.id, name):
        text = bound.annotation.slice if isinstance(bound.annotation, ast.Subscript) else bound.annotation
        parts = text.elts if isinstance(text, ast.Tuple) else [text]
        for each in parts if bound.kind is BindingKind.PARAMETER else ():
            found = app.symbols.definition(module, each) if each is not None else None
            for field in found.class_node.body if found and found.class_node else ():
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    yield field.target.id


def _entries(expr: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(expr, ast.Dict):
        for key, value in zip(expr.keys, expr.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(expr, ast.Call):
        yield from ((each.arg, each.value) for each in expr.keywords if each.arg)


def _varies(app: App, module: Module, value: ast.expr) -> bool:
    """Return whether a value is not the same for everybody."""
    if isinstance(value, ast.Name):
        bound = app.names(module).lookup(value.id, value)
        return any(each.value is None or _varies(app, module, each.value) for each in bound)
    return not isinstance(value, ast.Constant)
