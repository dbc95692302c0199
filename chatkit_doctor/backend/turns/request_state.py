"""What one turn keeps on the server object, which all turns share, and reads again after others may have run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.servers import servers
from chatkit_doctor.backend.turns.lifetime import is_shared
from chatkit_doctor.contracts.sdk.sdk_names import ACTION, RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass

# Attributes that a method of a real server sets are a few.
_MOST_SET = 50
_GROWS = frozenset({"append", "extend", "add", "update", "insert"})
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RequestState:
    """An attribute of a server that a turn sets for itself. target: where it is set."""

    view: ClassView
    module: Module
    target: ast.Attribute


def request_states(app: App) -> Iterator[RequestState]:
    """Yield the attributes that turns set on a server which lives longer than they do, each once."""
    for view in servers(app):
        if app.is_test_file(view.own.module.source.path):
            continue
        found = [each for name in (RESPOND, ACTION) for each in _of_method(view, name)]
        if found and is_shared(app, view):
            seen: set[str] = set()
            for each in found:
                if each.target.attr not in seen:
                    seen.add(each.target.attr)
                    yield each


def _of_method(view: ClassView, name: str) -> Iterator[RequestState]:
    found = view.method(name)
    if found is None:
        return
    owner, function = found
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    given = _given(function, names[1:])
    if _takes_turns(function, names[:1]):
        return
    assigned = [each for statement in own_nodes(function) for each in _assigned(statement)]
    # Each is held against the whole turn.
    if len(assigned) > _MOST_SET:
        return
    for target, value in assigned:
        if not _is_of(target, names[:1]) or _is_made_by_class(view, target.attr) or _keeps(value, target):
            continue
        is_own = _mentions(value, given) or (_is_empty(value) and _is_filled(view, target.attr))
        if is_own and not _is_guarded(owner.module, target) and _is_read_later(view, owner.module, target):
            yield RequestState(view, owner.module, target)


def _takes_turns(function: FunctionNode, receivers: list[str]) -> bool:
    """Return whether turns wait for each other by hand, are refused by a flag, or have an object of their own."""
    assigned = (target for each in own_nodes(function) for target, _ in _assigned(each))
    flags = [target for target in assigned if _is_of(target, receivers)]
    for each in own_nodes(function):
        match each:
            case ast.Call(func=ast.Attribute(attr="acquire")):
                return True
            case ast.Assign(targets=[ast.Name(id=name)]) if name in receivers:
                return True
            case ast.If(test=test, body=body) if _leaves(body) and any(_asks(test, one) for one in flags):
                return True
    return False


def _is_made_by_class(view: ClassView, attribute: str) -> bool:
    """Return whether the class says how an attribute is set: by a property, or by an object such as a descriptor."""
    if view.method(attribute) is not None:
        return True
    return any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and any(isinstance(target, ast.Name) and target.id == attribute for target in each.targets)
        for each in view.own.node.body
    )


def _asks(test: ast.expr, target: ast.Attribute) -> bool:
    return any(isinstance(each, ast.Attribute) and _same(each, target) for each in walk(test))


def _keeps(value: ast.expr, target: ast.Attribute) -> bool:
    """Return whether what an attribute is set to is first of all what it has: `self.x = self.x or made`."""
    match value:
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first):
            return _asks(first, target) or f"getattr({_receiver(target)}, '{target.attr}'" in ast.unparse(first)
    return False


def _leaves(block: list[ast.stmt]) -> bool:
    return isinstance(block[-1], ast.Return | ast.Raise)


def _assigned(statement: ast.AST) -> list[tuple[ast.Attribute, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            return [(target, value)]
        case ast.AnnAssign(target=ast.Attribute() as target, value=ast.expr() as value):
            return [(target, value)]
    return []


def _given(function: FunctionNode, parameters: list[str]) -> set[str]:
    """Return the names of a turn that come from what it is given."""
    found = set(parameters)
    for each in own_nodes(function):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _mentions(value, found):
                found.add(name)
    return found


def _mentions(value: ast.expr, names: set[str]) -> bool:
    """Return whether a value is made of some names; what it has of the application is the same for all turns."""
    if any(isinstance(each, ast.Attribute) and each.attr == "app" for each in walk(value)):
        return False
    return any(isinstance(each, ast.Name) and each.id in names for each in walk(value))


def _is_of(node: ast.Attribute, receivers: list[str]) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in receivers


def _is_empty(value: ast.expr) -> bool:
    """Return whether a value is the beginning of something that a turn fills."""
    match value:
        case ast.Constant(value="" | 0 | None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[], keywords=[]):
            return True
    return False


def _is_filled(view: ClassView, attribute: str) -> bool:
    """Return whether the class adds to an attribute."""
    for each in walk(view.own.node):
        match each:
            case ast.AugAssign(target=ast.Attribute(attr=name)) if name == attribute:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name), attr=method)) if name == attribute:
                if method in _GROWS:
                    return True
    return False


def _is_guarded(module: Module, target: ast.Attribute) -> bool:
    """Return whether something is set where it was not there, or by one turn at a time."""
    known = _known(module, target)
    for each in module.ancestors(target):
        if isinstance(each, FunctionNode):
            return False
        if isinstance(each, ast.ExceptHandler):
            return True
        if isinstance(each, ast.If | ast.While) and _mentions(each.test, known):
            return True
        if isinstance(each, ast.With | ast.AsyncWith) and any(map(_is_lock, each.items)):
            return True
    return False


def _known(module: Module, target: ast.Attribute) -> set[str]:
    """Return the names by which a turn knows what the server has: of itself, and of what was read of the attribute."""
    function = module.enclosing_function(target)
    known = {_receiver(target)}
    for each in own_nodes(function) if function is not None else ():
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _asks(value, target):
                known.add(name)
    return known


def _is_lock(item: ast.withitem) -> bool:
    """Return whether a block is entered by one turn at a time: with what was there before, and is given no name."""
    held = item.context_expr
    is_there = not isinstance(held, ast.Call) and item.optional_vars is None
    return is_there or "lock" in ast.unparse(held).lower()


def _is_read_later(view: ClassView, module: Module, target: ast.Attribute) -> bool:
    """Return whether a turn reads what it has set after it waited, in itself or in a method that it calls then."""
    function = module.enclosing_function(target)
    if function is None:
        return False
    behind = [each for each in own_nodes(function) if _is_on_way(module, target, each)]
    waits = [end for each in behind if (end := _waited_at(each)) > _end(target)]
    if not waits:
        return False
    writes = [
        _place(each) for statement in own_nodes(function) for each, _ in _assigned(statement) if _same(each, target)
    ]
    readers = {each.name for each in _methods(view) if each is not function and _reads(each, target)}
    for each in behind:
        if not isinstance(each, ast.Attribute) or not isinstance(each.ctx, ast.Load) or not _is_after(each, target):
            continue
        if not _same(each, target) and not (_is_of(each, [_receiver(target)]) and each.attr in readers):
            continue
        wait = max((place for place in waits if place <= _place(each)), default=None)
        if wait is not None and not any(wait <= write < _place(each) for write in writes):
            return True
    return False


def _is_on_way(module: Module, target: ast.Attribute, node: ast.AST) -> bool:
    """Return whether a turn that sets something may come to a node below it: not where its branch leaves before."""
    if not isinstance(node, ast.expr | ast.stmt):
        return False
    inner: ast.AST = target
    for each in module.ancestors(target):
        if isinstance(each, FunctionNode):
            break
        if isinstance(each, ast.If):
            branch = each.body if inner in each.body else each.orelse
            is_in_branch = _place(branch[0]) <= _place(node) <= _end(branch[-1]) if inner in branch else True
            if not is_in_branch and (_leaves(branch) or _place(node) <= _end(each)):
                return False
        inner = each
    return True


def _methods(view: ClassView) -> list[FunctionNode]:
    return [each for each in view.own.node.body if isinstance(each, FunctionNode) and each.name != "__init__"]


def _reads(function: FunctionNode, target: ast.Attribute) -> bool:
    """Return whether a method reads an attribute, or adds to it."""
    return any(
        (isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load) and _same(each, target))
        or (isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Attribute) and _same(each.target, target))
        for each in walk(function)
    )


def _same(one: ast.Attribute, other: ast.Attribute) -> bool:
    return one.attr == other.attr and _is_of(one, [_receiver(other)])


def _receiver(target: ast.Attribute) -> str:
    return target.value.id if isinstance(target.value, ast.Name) else ""


def _waited_at(node: ast.AST) -> _Place:
    """Return where a turn has waited, so that another may have begun or gone on: behind what is waited for."""
    match node:
        case ast.Await() | ast.Yield() | ast.YieldFrom():
            return _end(node)
        case ast.AsyncFor(iter=waited) | ast.AsyncWith(items=[*_, ast.withitem(context_expr=waited)]):
            return _end(waited)
    return (0, 0)


def _place(node: ast.expr | ast.stmt) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Place:
    return node.end_lineno or 0, node.end_col_offset or 0


def _is_after(node: ast.expr, target: ast.Attribute) -> bool:
    return _place(node) > _end(target)
