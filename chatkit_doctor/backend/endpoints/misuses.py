"""What is done with the result of `process` that it cannot bear, and requests that `process` cannot read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.endpoints.answered import answered_by_name
from chatkit_doctor.backend.endpoints.process import ProcessCall
from chatkit_doctor.backend.servers import servers
from chatkit_doctor.contracts.frameworks import RequestClass, json_responses, plain_request, request_class
from chatkit_doctor.contracts.sdk.sdk_names import PLAIN_JSON, PROCESS
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_JSON_METHODS = frozenset({"json", "get_json"})
_DUMPS = frozenset({"json.dumps", "orjson.dumps", "ujson.dumps"})
_LOADS = frozenset({"json.loads", "orjson.loads", "ujson.loads"})
_DICTS = frozenset({"dict", "Dict"})
_AS_DICT = frozenset({"dataclasses.asdict", "vars"})
_MODEL_METHODS = frozenset({"model_dump", "model_dump_json", "dict", "to_response", "to_dict", "body"})


class Misuse(Enum):
    """What is wrong."""

    CALLED = "the bytes are called"
    ENCODED = "the bytes are put into JSON"
    AS_MODEL = "it is taken for a model"
    AS_DATA = "it is taken for a dict or dataclass"
    NAMED = "the object itself is made a text"
    PARSED = "the request is parsed already"
    LOADED = "the body is parsed already"
    READ_AS_DICT = "the framework has parsed the body"
    WHOLE_REQUEST = "the request itself is given"
    CALLED_BODY = "the body is called"
    AWAITED_BODY = "the body is awaited"
    METHOD = "the body is not asked for"


@dataclass(frozen=True, slots=True)
class Misused:
    """One wrong use. node: what to mark. name: the method or function that it is put to, or the result's class."""

    kind: Misuse
    module: Module
    node: ast.expr
    name: str


def misuses(app: App, process: ProcessCall) -> Iterator[Misused]:
    """Yield what is wrong with what goes into one call of `process`, and with what is made of its result."""
    request = _wrong_request(app, process)
    if request is not None:
        yield request
    for value in results(app, process):
        found = _misused(app, process.module, value)
        if found is not None:
            yield found
    for kind, node in answered_by_name(app, process):
        yield Misused(Misuse.NAMED, process.module, node, kind)


def results(app: App, process: ProcessCall) -> Iterator[ast.expr]:
    """Yield the expressions that are the result: the call where nothing names it, or the uses of its name."""
    parent = process.module.parents[process.call]
    if process.result is None:
        if isinstance(parent, ast.Await):
            yield parent
        return
    if process.function is not None:
        yield from _reads_of_what_is_set_once(app, process.module, process.function).get(process.result, ())


# Asked for each call of a function.
@remembered
def _reads_of_what_is_set_once(app: App, module: Module, function: FunctionNode) -> dict[str, list[ast.Name]]:
    names = app.names(module)
    found: dict[str, list[ast.Name]] = {}
    for node in own_nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            bindings = names.lookup(node.id, node)
            if len(bindings) == 1 and bindings[0].kind is BindingKind.ASSIGNMENT:
                found.setdefault(node.id, []).append(node)
    return found


def _misused(app: App, module: Module, value: ast.expr) -> Misused | None:
    parent = module.parents[value]
    if isinstance(parent, ast.Attribute) and parent.value is value:
        outer = module.parents[parent]
        is_called = isinstance(outer, ast.Call) and outer.func is parent
        if parent.attr == PLAIN_JSON and not is_called:
            return _encoded(app, module, parent)
        if is_called and parent.attr == PLAIN_JSON and not _is_asked_first(module, value):
            assert isinstance(outer, ast.Call)
            return Misused(Misuse.CALLED, module, outer, parent.attr)
        if is_called and parent.attr in _MODEL_METHODS and not _is_asked_first(module, value):
            return Misused(Misuse.AS_MODEL, module, parent, parent.attr)
    elif isinstance(parent, ast.Call) and parent.args[:1] == [value]:
        dotted = app.names(module).qualified(parent.func) or getattr(parent.func, "id", "")
        if dotted in _AS_DICT and dotted != "vars":
            return Misused(Misuse.AS_DATA, module, parent, dotted.rpartition(".")[2])
    return None


def _encoded(app: App, module: Module, attribute: ast.Attribute) -> Misused | None:
    call = module.parents[attribute]
    if isinstance(call, ast.keyword):
        call = module.parents[call]
    if not isinstance(call, ast.Call):
        return None
    dotted = app.names(module).qualified(call.func) or ""
    if dotted in json_responses() or dotted in _DUMPS:
        return Misused(Misuse.ENCODED, module, call, dotted.rpartition(".")[2])
    return None


def _is_asked_first(module: Module, value: ast.expr) -> bool:
    """Return whether a test around a use asks what the result has."""
    return any(
        isinstance(test, ast.If | ast.IfExp) and any(name in ast.unparse(test.test) for name in ("callable", "hasattr"))
        for test in module.ancestors(value)
    )


def _reads_itself(app: App, process: ProcessCall) -> bool:
    """Return whether a server of the project's has a `process` of its own, which may read another request."""
    views = [process.server] if process.server is not None else servers(app)
    return any(each.method(PROCESS) is not None for each in views)


def _wrong_request(app: App, process: ProcessCall) -> Misused | None:
    expr, module = process.request, process.module
    if _reads_itself(app, process):
        return None
    if isinstance(expr, ast.Name):
        bindings = app.names(module).lookup(expr.id, expr)
        if len(bindings) != 1:
            return None
        binding = bindings[0]
        if binding.kind is BindingKind.PARAMETER:
            return _of_parameter(app, module, expr, binding)
        expr = binding.value
    inner = expr.value if isinstance(expr, ast.Await) else expr
    if isinstance(inner, ast.Call) and (app.names(module).qualified(inner.func) or "") in _LOADS and inner is expr:
        return Misused(Misuse.LOADED, module, inner, "loads") if len(inner.args) == 1 else None
    misread = _misread(app, module, expr, inner) if expr is not None and inner is not None else None
    if misread is not None:
        return misread
    if expr is None or not (isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute)) or inner.args:
        return None
    is_parsed = inner.func.attr in _JSON_METHODS and _is_request(app, module, inner.func)
    return Misused(Misuse.PARSED, module, expr, inner.func.attr) if is_parsed else None


def _of_parameter(app: App, module: Module, expr: ast.Name, binding: Binding) -> Misused | None:
    """Return what is wrong with a parameter that is given: the request itself, or what the framework made of it."""
    annotation = binding.annotation
    dotted = app.names(module).qualified(annotation) or ""
    if request_class(dotted):
        return Misused(Misuse.WHOLE_REQUEST, module, expr, expr.id)
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    is_dict = isinstance(named, ast.Name) and named.id in _DICTS
    return Misused(Misuse.READ_AS_DICT, module, expr, expr.id) if is_dict else None


def _misread(app: App, module: Module, expr: ast.expr, inner: ast.expr) -> Misused | None:
    """Return what is wrong with the way in which a request is asked for its body, each framework having its own."""
    method = inner.func if isinstance(inner, ast.Call) else inner
    if not isinstance(method, ast.Attribute) or (isinstance(inner, ast.Call) and (inner.args or inner.keywords)):
        return None
    known = request_of(app, module, method.value)
    if known is None or method.attr != known.body:
        return None
    is_awaited, is_called = inner is not expr, inner is not method
    kind = None
    if known.how == "":
        kind = Misuse.CALLED_BODY if is_called else Misuse.AWAITED_BODY if is_awaited else None
    elif known.how == "call":
        kind = None if is_called and not is_awaited else Misuse.AWAITED_BODY if is_awaited else Misuse.METHOD
    elif not is_awaited:
        kind = Misuse.METHOD
    return Misused(kind, module, expr, method.attr) if kind is not None else None


def request_of(app: App, module: Module, expr: ast.expr) -> RequestClass | None:
    """Return the class of the request that an expression is: by its annotation, its import, or as Django gives it."""
    bindings = app.names(module).lookup(expr.id, expr) if isinstance(expr, ast.Name) else []
    for binding in bindings:
        dotted = binding.dotted or app.names(module).qualified(binding.annotation) or ""
        if found := request_class(dotted):
            return found
    is_plain = [each.kind for each in bindings[:2]] == [BindingKind.PARAMETER] and bindings[0].annotation is None
    imported = {each.dotted for each in app.names(module).imports()} if is_plain else set()
    return plain_request(imported) if is_plain and bindings[0].name == "request" else None


def _is_request(app: App, module: Module, method: ast.Attribute) -> bool:
    """Return whether a method is one of the request that a framework hands in, or keeps for the function."""
    return request_of(app, module, method.value) is not None
