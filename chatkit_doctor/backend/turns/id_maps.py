"""Loops that give the items of a run ids of their own, and where they lose one item's id or give two the same."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.runs import Run
from chatkit_doctor.backend.runs.streams import Stream, run_behind, stream_calls
from chatkit_doctor.backend.turns.answers import passes_on
from chatkit_doctor.contracts.sdk.agents import agent_second_messages
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

# Words of the kinds of items that are no messages.
_OTHER_KINDS = ("widget", "client_tool", "clienttool", "task", "workflow", "hidden_context", "hiddencontext")
_EMPTIES = frozenset({"pop", "clear", "popitem"})


@dataclass(frozen=True, slots=True)
class IdMap:
    """A loop over events that renames items.

    table: the name of the dict of new ids. guard: the `if` that fills it once for each old id.
    """

    module: Module
    loop: ast.AsyncFor
    table: str
    guard: ast.If


@dataclass(frozen=True, slots=True)
class Renaming:
    """A loop over events that gives items other ids and leaves their updates with the old. target: what it sets."""

    module: Module
    target: ast.Attribute


@dataclass(frozen=True, slots=True)
class SharedId:
    """A loop over events that gives all items one id. value: its name, where an item gets it. made: what made it.

    of: which items, in a word.
    """

    module: Module
    value: ast.Name
    made: ast.expr
    of: str


def shared_ids(app: App) -> Iterator[SharedId]:
    """Yield the ids that are made before a loop and given to each item in it, where a run may write two messages."""
    for module, function, loop in _event_loops(app):
        for value in (new for each in _nodes(loop) for new in _new_ids(each)):
            made = _made_before(app, module, loop, value)
            if made is None or not isinstance(value, ast.Name) or _is_given_once(module, loop, value):
                continue
            kind = _kind_asked_for(module, loop, value)
            if kind is not None and _has_run(app, function, loop, _may_write_two):
                yield SharedId(module, value, made, kind)
                break


def _kind_asked_for(module: Module, loop: ast.AsyncFor, value: ast.Name) -> str | None:
    """Return which items get an id, in a word; None for kinds of which nobody knows that a run has two."""
    tests: list[str] = []
    below: ast.AST = value
    for parent in module.ancestors(value):
        if parent is loop:
            break
        if isinstance(parent, ast.If) and below not in parent.orelse:
            tests += [ast.unparse(each).lower() for each in _asked_for(parent.test)]
        below = parent
    if any("message" in each for each in tests):
        return "message"
    return None if any(word in each for word in _OTHER_KINDS for each in tests) else "item"


def _asked_for(test: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a test that must hold, without those that say what something is not."""
    for each in test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]:
        match each:
            case ast.UnaryOp(op=ast.Not()) | ast.Compare(ops=[ast.NotEq() | ast.NotIn() | ast.IsNot()]):
                continue
        yield each


def _made_before(app: App, module: Module, loop: ast.AsyncFor, value: ast.expr) -> ast.expr | None:
    """Return the call that made an id, once, in the function of a loop and outside of it."""
    bindings = app.names(module).lookup(value.id, value) if isinstance(value, ast.Name) else []
    if [each.kind for each in bindings[:2]] != [BindingKind.ASSIGNMENT] or not isinstance(bindings[0].value, ast.Call):
        return None
    is_inside = loop in module.ancestors(bindings[0].node)
    return None if is_inside or module.enclosing_function(bindings[0].node) is None else bindings[0].value


def _is_given_once(module: Module, loop: ast.AsyncFor, value: ast.Name) -> bool:
    """Return whether the loop is left where an id is given, or a condition there fails from then on."""
    for parent in module.ancestors(value):
        if parent is loop:
            return False
        if isinstance(parent, ast.If) and _is_done_once(module, parent):
            return True
    return False


@remembered
def _is_done_once(_: Module, branch: ast.If) -> bool:
    """Return whether a branch leaves the loop, or sets what it asks for."""
    asked = {each.id for each in walk(branch.test) if isinstance(each, ast.Name)}
    return any(
        isinstance(each, ast.Break | ast.Return)
        or (isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.id in asked)
        for statement in branch.body
        for each in walk(statement)
    )


def stale_maps(app: App) -> Iterator[IdMap]:
    """Yield the tables that give two messages of one run the same id, where all messages of the model have one."""
    for module, function, loop in _event_loops(app):
        filled = [(guard, table) for guard in _guards(loop) if (table := _filled_once(guard)) is not None]
        kept = _used(loop) - _emptied(loop) if filled else frozenset()
        for guard, table in filled:
            if table in kept and _has_run(app, function, loop, _writes_two):
                yield IdMap(module, loop, table, guard)


def half_renamings(app: App) -> Iterator[Renaming]:
    """Yield the loops that rename an item as it is added, and never an update of it."""
    for module, function, loop in _event_loops(app):
        targets = [
            each
            for each in _nodes(loop)
            if isinstance(each, ast.Attribute) and each.attr == "id" and isinstance(each.ctx, ast.Store)
        ]
        added = [each for each in targets if _is_of_event(loop, each) and is_under(module, each, "added")]
        if added and not _names_item_ids(app, function):
            yield Renaming(module, added[0])


def _event_loops(app: App) -> Iterator[tuple[Module, FunctionNode, ast.AsyncFor]]:
    """Yield the loops over events that yield what they go through, tests left out."""
    for module in app.modules():
        if app.is_test_file(module.source.path):
            continue
        for loop in module.nodes(ast.AsyncFor):
            function = module.enclosing_function(loop)
            if function is not None and passes_on(loop):
                yield module, function, loop


def _nodes(loop: ast.AsyncFor) -> Iterator[ast.AST]:
    for statement in loop.body:
        yield from walk(statement)


def _guards(loop: ast.AsyncFor) -> Iterator[ast.If]:
    yield from (each for each in _nodes(loop) if isinstance(each, ast.If))


def _filled_once(guard: ast.If) -> str | None:
    """Return the table that `if old not in table: … table[old] = …` fills."""
    match guard.test:
        case ast.Compare(left=key, ops=[ast.NotIn()], comparators=[ast.Name(id=table)]):
            old = ast.dump(key)
            fills = any(
                isinstance(each, ast.Subscript)
                and isinstance(each.ctx, ast.Store)
                and isinstance(each.value, ast.Name)
                and each.value.id == table
                and ast.dump(each.slice) == old
                for statement in guard.body
                for each in walk(statement)
            )
            return table if fills and not guard.orelse else None
    return None


def _emptied(loop: ast.AsyncFor) -> frozenset[str]:
    """Return the tables that a loop takes something out of, binds anew or hands on."""
    found: set[str] = set()
    for node in _nodes(loop):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in _EMPTIES:
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Del()):
                found.add(name)
            case ast.Call(args=args):
                found.update(each.id for each in args if isinstance(each, ast.Name))
    return frozenset(found)


def _used(loop: ast.AsyncFor) -> frozenset[str]:
    """Return the tables by which the id of an item, or of a copy of it, is set."""
    return frozenset(
        part.id
        for each in _nodes(loop)
        for value in _new_ids(each)
        for part in walk(value)
        if isinstance(part, ast.Name)
    )


def _new_ids(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets=targets, value=value):
            if any(isinstance(target, ast.Attribute) and target.attr == "id" for target in targets):
                yield value
        case ast.Call(
            func=ast.Attribute(attr="model_copy"), keywords=[ast.keyword(arg="update", value=ast.Dict() as new)]
        ):
            pairs = zip(new.keys, new.values, strict=True)
            yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "id")


def _has_run(app: App, function: FunctionNode, loop: ast.AsyncFor, asks: Callable[[App, Run], bool]) -> bool:
    """Return whether a question is answered with yes for a run whose events a loop goes through.

    They are those of the stream itself, or of one that its function has or is given.
    """
    return (
        _has_run_at(app, loop.iter, asks)
        or _has_run_at(app, function.args, asks)
        or (isinstance(loop.iter, ast.Name) and _has_run_at(app, function, asks))
    )


@remembered
def _has_run_at(app: App, place: ast.AST, asks: Callable[[App, Run], bool]) -> bool:
    runs = (run_behind(app, each) for each in app.derive(_streams_by_place).get(place, ()))
    return any(run is not None and asks(app, run) for run in runs)


def _streams_by_place(app: App) -> dict[ast.AST, list[Stream]]:
    """Return the streams by their calls, by the functions that they stand in, and by the parameters of those given."""
    found: dict[ast.AST, list[Stream]] = {}
    for stream in stream_calls(app):
        parent = stream.module.parents[stream.call]
        passed_to = app.flow.function(stream.module, parent) if isinstance(parent, ast.Call) else None
        for place in (stream.call, stream.function, *((passed_to[1].args,) if passed_to is not None else ())):
            found.setdefault(place, []).append(stream)
    return found


def _writes_two(app: App, run: Run) -> bool:
    """Return whether a run may write two messages, each under the one id that all of its model's have."""
    return api_of(app, run)[0] is Api.CHAT_COMPLETIONS and _may_write_two(app, run)


def _may_write_two(app: App, run: Run) -> bool:
    """Return whether the agent of a run has what makes it write more than one message."""
    return run.agent is not None and _may_write_second(app, run.module, run.agent)


@same_for_all_uses
def _may_write_second(app: App, module: Module, agent: ast.expr) -> bool:
    made = [each.expr for each in values(app, module, agent) if isinstance(each.expr, ast.Call)]
    return any(keyword.arg in agent_second_messages() for call in made for keyword in call.keywords)


def _is_of_event(loop: ast.AsyncFor, target: ast.Attribute) -> bool:
    """Return whether what is set is the id of an event's item."""
    owner = target.value
    if isinstance(owner, ast.Attribute):
        return owner.attr == "item" and isinstance(owner.value, ast.Name) and owner.value.id == _variable(loop)
    return isinstance(owner, ast.Name) and owner.id == "item"


def _variable(loop: ast.AsyncFor) -> str:
    return loop.target.id if isinstance(loop.target, ast.Name) else ""


def is_under(module: Module, node: ast.AST, word: str) -> bool:
    """Return whether a branch around a node asks for a word, as `ThreadItemAddedEvent` and `thread.item.added` have."""
    for parent in module.ancestors(node):
        if isinstance(parent, ast.If) and word in ast.unparse(parent.test).lower():
            return True
        if isinstance(parent, ast.match_case) and word in ast.unparse(parent.pattern).lower():
            return True
        if isinstance(parent, ast.AsyncFor):
            return False
    return False


@remembered
def _names_item_ids(_: App, function: FunctionNode) -> bool:
    """Return whether a function reads or sets the id of the item that an event is about."""
    return any(map(_names_item_id, own_nodes(function)))


def _names_item_id(node: ast.AST) -> bool:
    return (
        (isinstance(node, ast.Attribute) and node.attr == "item_id")
        or (isinstance(node, ast.keyword) and node.arg == "item_id")
        or (isinstance(node, ast.Constant) and node.value == "item_id")
    )
