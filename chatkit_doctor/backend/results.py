"""Whether what a plain `def` gives can be awaited: a value cannot, what an async function gives can."""

from __future__ import annotations

import ast
import builtins
import re
from enum import Enum

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import BindingKind

_MAX_DEPTH = 6
_VALUES = (
    ast.Constant
    | ast.Dict
    | ast.List
    | ast.Tuple
    | ast.Set
    | ast.DictComp
    | ast.ListComp
    | ast.SetComp
    | ast.JoinedStr
    | ast.Compare
    | ast.BinOp
    | ast.UnaryOp
    | ast.Lambda
    | ast.GeneratorExp
)
_TABLES = frozenset({"dict", "list", "set", "collections.defaultdict", "collections.OrderedDict", "collections.deque"})
# Methods of models and texts, which nobody defines async.
_VALUE_METHODS = frozenset(
    {
        "model_copy",
        "model_validate",
        "model_validate_json",
        "model_dump",
        "model_dump_json",
        "parse_obj",
        "dict",
        "json",
    }
    | {"format", "join", "strip", "isoformat", "hex", "validate_python", "validate_json"}
)
_AWAITABLE_NAME = regex(r"task|future|coro|await|promise", re.IGNORECASE)
_RUNS = frozenset({"asyncio.run", "anyio.run", "asgiref.sync.async_to_sync"})


class CallResult(Enum):
    """What a function, or an expression, gives."""

    VALUE = "something that cannot be awaited"
    AWAITABLE = "something to await"
    UNKNOWN = "either"
    NOTHING = "nothing: it only raises"


def results_of(app: App, module: Module, function: FunctionNode, depth: int = 0) -> dict[ast.expr | None, CallResult]:
    """Return what each `return` of a plain function gives; under None what it gives without one, if it can end so."""
    found: dict[ast.expr | None, CallResult] = {}
    for node in own_nodes(function):
        if isinstance(node, ast.Return):
            found[node.value] = result_of(app, module, node.value, depth) if node.value else CallResult.VALUE
    if not found:
        found[None] = CallResult.VALUE if can_end(function.body) else CallResult.NOTHING
    return found


def result_of(app: App, module: Module, expr: ast.expr, depth: int = 0) -> CallResult:
    """Return what an expression gives, as far as the project's own code tells."""
    if isinstance(expr, _VALUES):
        return CallResult.VALUE
    if depth > _MAX_DEPTH:
        return CallResult.UNKNOWN
    if isinstance(expr, ast.IfExp):
        return _either([result_of(app, module, each, depth + 1) for each in (expr.body, expr.orelse)])
    if isinstance(expr, ast.BoolOp):
        return _either([result_of(app, module, each, depth + 1) for each in expr.values])
    if isinstance(expr, ast.Attribute | ast.Subscript):
        return CallResult.UNKNOWN if _AWAITABLE_NAME.search(ast.unparse(expr)) else CallResult.VALUE
    if isinstance(expr, ast.Name):
        return _of_name(app, module, expr, depth)
    return _of_call(app, module, expr, depth) if isinstance(expr, ast.Call) else CallResult.UNKNOWN


def can_end(body: list[ast.stmt]) -> bool:
    """Return whether a body's last statement may be passed, so that the function returns None."""
    last = body[-1]
    if isinstance(last, ast.If):
        return not last.orelse or can_end(last.body) or can_end(last.orelse)
    return not isinstance(last, ast.Raise | ast.While | ast.Try | ast.With | ast.Match)


def _either(results: list[CallResult]) -> CallResult:
    """Return what an expression gives that gives one of several: a value where it may be one."""
    if CallResult.VALUE in results:
        return CallResult.VALUE
    return results[0] if len(set(results)) == 1 else CallResult.UNKNOWN


def _of_name(app: App, module: Module, name: ast.Name, depth: int) -> CallResult:
    bindings = app.names(module).lookup(name.id, name)
    assigned = [each.value for each in bindings if each.kind is BindingKind.ASSIGNMENT and each.value is not None]
    if not bindings or _AWAITABLE_NAME.search(name.id) or any(each.kind is BindingKind.IMPORT for each in bindings):
        return CallResult.UNKNOWN
    if len(assigned) < len(bindings):
        # A parameter, which ChatKit gives a value, or what a loop runs over.
        return CallResult.VALUE if not assigned else CallResult.UNKNOWN
    found = {result_of(app, module, each, depth + 1) for each in assigned}
    return found.pop() if len(found) == 1 else CallResult.UNKNOWN


def _of_call(app: App, module: Module, call: ast.Call, depth: int) -> CallResult:
    func = call.func
    target = app.flow.function(module, call)
    if target is not None:
        return _of_own_function(app, *target, depth)
    dotted = app.names(module).qualified(func) or (func.id if isinstance(func, ast.Name) else "")
    if dotted in _RUNS or hasattr(builtins, dotted):
        return CallResult.VALUE
    if dotted.startswith(("asyncio.", "anyio.")):
        return CallResult.AWAITABLE
    if _is_class(app, module, func) or (isinstance(func, ast.Attribute) and func.attr in _VALUE_METHODS):
        return CallResult.VALUE
    if isinstance(func, ast.Attribute) and _is_table(app, module, func.value):
        return CallResult.VALUE
    return CallResult.UNKNOWN


def _of_own_function(app: App, module: Module, function: FunctionNode, depth: int) -> CallResult:
    if function.decorator_list:
        return CallResult.UNKNOWN
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(function)):
        return CallResult.VALUE
    if isinstance(function, ast.AsyncFunctionDef):
        return CallResult.AWAITABLE
    found = set(results_of(app, module, function, depth + 1).values())
    return found.pop() if len(found) == 1 else CallResult.UNKNOWN


def _is_class(app: App, module: Module, func: ast.expr) -> bool:
    found = list(app.symbols.definitions(module, func))
    return bool(found) and all(
        each.class_node is not None
        or (each.external.startswith("chatkit.") and each.external.rpartition(".")[2][:1].isupper())
        for each in found
    )


def _is_table(app: App, module: Module, expr: ast.expr) -> bool:
    made = list(app.flow.sources(module, expr))
    return bool(made) and all(
        isinstance(each.expr, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.JoinedStr)
        or (isinstance(each.expr, ast.Constant) and each.expr.value is not None)
        or (isinstance(each.expr, ast.Call) and _makes_table(app, each.module, each.expr.func))
        for each in made
    )


def _makes_table(app: App, module: Module, func: ast.expr) -> bool:
    return (app.names(module).qualified(func) or getattr(func, "id", "")) in _TABLES
