"""The places where a project streams an agent's answer to ChatKit, and whether it gives the items ids of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.backend.runs.frames import CallFrame, parameters
from chatkit_doctor.backend.runs.runs import Run, run_of
from chatkit_doctor.contracts.sdk.agents import placeholder_id
from chatkit_doctor.contracts.sdk.sdk_names import STREAM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, is_set, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part


@dataclass(frozen=True, slots=True)
class Stream:
    """One call of `stream_agent_response` and the function it stands in."""

    module: Module
    function: FunctionNode
    call: ast.Call


def streams(app: App) -> tuple[Stream, ...]:
    """Return the calls of `stream_agent_response` whose events the function around them passes on unchanged."""
    return app.derive(_streams)


def _streams(app: App) -> tuple[Stream, ...]:
    return tuple(each for each in stream_calls(app) if _passes_on(app, each.module, each.function, each.call))


def stream_calls(app: App) -> tuple[Stream, ...]:
    """Return the calls of `stream_agent_response` that stand in functions."""
    return app.derive(_stream_calls)


def _stream_calls(app: App) -> tuple[Stream, ...]:
    return tuple(_find_stream_calls(app))


def _find_stream_calls(app: App) -> Iterator[Stream]:
    for module in app.modules():
        if last_part(STREAM) not in module.source.text:
            continue
        contract = contract_for(app, module.source.path)
        names = app.names(module)
        for call in module.nodes(ast.Call):
            dotted = names.qualified(call.func)
            function = module.enclosing_function(call)
            if not dotted or not function or contract.canonical(dotted) != STREAM or not is_sdk(app, module, dotted):
                continue
            yield Stream(module, function, call)


def run_behind(app: App, stream: Stream) -> Run | None:
    """Return the agent run whose result is streamed, when it can be told."""
    if len(stream.call.args) < 2:
        return None
    for result in _results(app, stream):
        run = _run_of(app, stream.module, result)
        if run is not None:
            return run
    return None


@same_for_all_uses
def _run_of(app: App, module: Module, result: ast.expr) -> Run | None:
    for source in app.flow.sources(module, result):
        if isinstance(source.expr, ast.Call) and (run := run_of(app, source.module, source.expr)) is not None:
            return run
    return None


def _results(app: App, stream: Stream) -> Iterator[ast.expr]:
    """Yield what a stream is given for its run: where that is a parameter, also what its own file passes for it."""
    given = stream.call.args[1]
    yield given
    if isinstance(given, ast.Name) and given.id in parameters(stream.module, stream.function):
        yield from _passed(app, stream.module, stream.function, given.id)


@remembered
def _passed(app: App, module: Module, function: FunctionNode, parameter: str) -> tuple[ast.expr, ...]:
    """Return what a file passes for a parameter of one of its methods."""
    methods = (each for each in module.nodes(ast.Call) if isinstance(each.func, ast.Attribute))
    calls = (each for each in methods if getattr(each.func, "attr", "") == function.name)
    targets = ((call, app.flow.function(module, call)) for call in calls)
    frames = (CallFrame(module, function, call=call) for call, target in targets if target and target[1] is function)
    return tuple(passed for each in frames if (passed := each.argument(parameter)) is not None)


def gives_own_ids(app: App) -> bool:
    """Return whether the project renames items anywhere: in a loop, a wrapper, its Store or its server."""
    return app.derive(_gives_own_ids)


def _gives_own_ids(app: App) -> bool:
    return any(_names_placeholder(module) or _renames_items(module) for module in app.modules())


def _names_placeholder(module: Module) -> bool:
    """Return whether code names the id that all items have: whoever does has found a way of their own."""
    placeholder = placeholder_id()
    return placeholder in module.source.text and any(
        isinstance(node.value, str) and placeholder in node.value and not isinstance(module.parents[node], ast.Expr)
        for node in module.nodes(ast.Constant)
    )


def _renames_items(module: Module) -> bool:
    nodes = (*module.nodes(ast.Assign), *module.nodes(ast.Call))
    return any(_renames_item(node) for node in nodes)


def _passes_on(app: App, module: Module, function: FunctionNode, call: ast.Call) -> bool:
    parent = module.parents[call]
    if isinstance(parent, ast.Return):
        return True
    if isinstance(parent, ast.AsyncFor) and parent.iter is call:
        return _yields_variable(parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return parent.targets[0].id in _passed_on(app, function)
    return False


@remembered
def _passed_on(_: App, function: FunctionNode) -> frozenset[str]:
    """Return the names of what a function goes through and yields as it comes."""
    loops = (each for each in own_nodes(function) if isinstance(each, ast.AsyncFor))
    return frozenset(each.iter.id for each in loops if isinstance(each.iter, ast.Name) and _yields_variable(each))


def _yields_variable(loop: ast.AsyncFor) -> bool:
    """Return whether a loop yields its own variable, as it came and under its own name."""
    if not isinstance(loop.target, ast.Name):
        return False
    name = loop.target.id
    nodes = [node for statement in loop.body for node in walk(statement)]
    rebound = is_set(name, nodes)
    yielded = any(isinstance(n, ast.Yield) and isinstance(n.value, ast.Name) and n.value.id == name for n in nodes)
    # A call that is handed the event itself may do anything with it.
    handed_on = any(
        isinstance(node, ast.Call)
        and not (isinstance(node.func, ast.Name) and node.func.id in _READERS)
        and any(isinstance(each, ast.Name) and each.id == name for each in node.args)
        and not _only_logs(node)
        for node in nodes
    )
    return yielded and not rebound and not handed_on


_READERS = frozenset({"isinstance", "hasattr", "getattr", "print", "type", "repr", "str", "id", "len"})


def _only_logs(call: ast.Call) -> bool:
    func = call.func
    return isinstance(func, ast.Attribute) and func.attr in {"debug", "info", "warning", "error", "exception", "append"}


def _renames_item(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(_is_item_id(target) for target in node.targets)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return len(node.args) == 3 and isinstance(node.args[1], ast.Constant) and node.args[1].value == "id"
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"model_copy", "copy"}:
        return any(keyword.arg == "update" and _has_key(keyword.value, "id") for keyword in node.keywords)
    return False


def _is_item_id(target: ast.expr) -> bool:
    """Return whether an assignment's target is `….item.id` or `item.id`."""
    if not (isinstance(target, ast.Attribute) and target.attr == "id"):
        return False
    owner = target.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return "item" in name.lower() or "message" in name.lower()


def _has_key(expr: ast.expr, key: str) -> bool:
    return isinstance(expr, ast.Dict) and any(
        isinstance(each, ast.Constant) and each.value == key for each in expr.keys
    )
