"""Where the new message is put beside a history that holds it already: the server stores it before it calls respond."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.history.ingredients import Behind, Ingredient, Ingredients
from chatkit_doctor.backend.history.loads import is_load, model_inputs
from chatkit_doctor.backend.history.new_message import NewMessage, message_name
from chatkit_doctor.backend.history.own_reads import reads_kept_items
from chatkit_doctor.backend.runs.frames import CallFrame, called
from chatkit_doctor.contracts.sdk.model_calls import user_message_classes
from chatkit_doctor.contracts.sdk.sdk_names import CONVERT_MESSAGE
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes, returned
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.remembered import remembered

_ADDS = frozenset({"append", "insert", "extend"})
# How a message says that the user's it is; in a pair, before the text.
_USER = frozenset({"user", "human"})
_PAIR = ("role", "content")
_ASKS = frozenset({"isinstance", "len", "hasattr", "getattr", "bool"})

# What gives each of some items once.
_ONCE = regex(r"(?i)uniq|dedup|distinct")


@dataclass(frozen=True, slots=True)
class SentTwice:
    """The new message as it is put beside the history.

    expr: the message, or what is made of it alone. beside: the history, as it is written there.
    is_remade: whether it comes from a function of the project, which may have put something in.
    """

    frame: CallFrame
    expr: ast.expr
    beside: ast.expr
    is_remade: bool = False


def messages_sent_twice(app: App) -> Iterator[SentTwice]:
    """Yield where a run is given stored items and, put beside them, the message that is the newest of them."""
    ingredients = Ingredients(app)
    message = NewMessage(app, ingredients)
    seen: set[ast.expr] = set()
    # What many runs are given is judged once for all of them.
    is_message: dict[tuple[CallFrame, ast.expr], bool] = {}
    done: set[Behind] = set()
    for asked in model_inputs(app):
        if message_name(asked.frame) is None:
            continue
        given = ingredients.of(asked.frame, asked.expr)
        if not given.has(_is_load, app) or given.has(_leaves_one_out):
            continue
        for each in (found for part in given.new_parts(done) for found in _joined(part)):
            if each.expr in seen:
                continue
            place = (each.frame, each.expr)
            if place not in is_message:
                is_message[place] = _is_message(message, each) or _is_named_message(app, message, each)
            if not is_message[place]:
                continue
            seen.add(each.expr)
            if (
                ingredients.of(each.frame, each.beside).has(_is_load, app)
                and _is_certain(message, each)
                and not _may_leave_out(message, each.frame, each)
                and not _may_leave_out(message, asked.frame, each)
                and not given.has(_is_load_that_leaves_out, message, each.frame)
            ):
                yield replace(each, is_remade=_is_remade(app, message, each))


def _is_load(part: Ingredient, app: App) -> bool:
    """Return whether something asks the store for items, or the app's own code reads the rows that it keeps them in."""
    return is_load(part.expr) or reads_kept_items(app, part.frame.module, part.expr)


def _joined(part: Ingredient) -> Iterator[SentTwice]:
    """Yield each thing that an expression is put together of with what stands beside it."""
    expr, parent = part.expr, part.frame.module.parents[part.expr]
    if isinstance(expr, ast.BinOp | ast.List) and _drops_doubles(part.frame.module, expr):
        return
    match expr:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for one, other in ((left, right), (right, left)):
                yield from (SentTwice(part.frame, each, other) for each in _elements(one))
        case ast.List(elts=elements):
            histories = [each for each in elements if isinstance(each, ast.Starred)]
            for each in elements:
                yield from (SentTwice(part.frame, each, other) for other in histories if other is not each)
    match parent:
        case ast.Call(func=ast.Attribute(value=ast.Name() as history, attr=attr)) if attr in _ADDS:
            yield from (SentTwice(part.frame, each, history) for each in _elements(expr))
        case ast.AugAssign(target=ast.Name() as history, value=value) if value is expr:
            yield from (SentTwice(part.frame, each, history) for each in _elements(expr))


def _drops_doubles(module: Module, expr: ast.expr) -> bool:
    """Return whether what gets a list takes each item once: a dict by ids, or a loop that asks what it has seen."""
    for each in module.ancestors(expr):
        match each:
            case ast.DictComp():
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if _ONCE.search(name):
                return True
            case ast.For(iter=gone_through, body=body) if expr in walk(gone_through):
                return any(_asks_for_seen(node) for statement in body for node in walk(statement))
            case ast.stmt():
                return False
    return False


def _asks_for_seen(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(ctx=ast.Store()) | ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return True
    return False


def _elements(expr: ast.expr) -> list[ast.expr]:
    return expr.elts if isinstance(expr, ast.List) else [expr]


def _is_message(message: NewMessage, each: SentTwice) -> bool:
    """Return whether something is the new message, as an item or in a form that a model reads."""
    expr: ast.expr = each.expr.value if isinstance(each.expr, ast.Starred) else each.expr
    if isinstance(expr, ast.Dict):
        entries = {_text(key): value for key, value in zip(expr.keys, expr.values, strict=True)}
        return _says_user(entries.get("role")) and _is_content(message, each.frame, entries)
    if isinstance(expr, ast.Tuple) and len(expr.elts) == len(_PAIR):
        role, content = expr.elts
        return _says_user(role) and _is_of(message, each.frame, content)
    call = expr.value if isinstance(expr, ast.Await) else expr
    if isinstance(call, ast.Call):
        if _gives_it_back(message, each.frame, call):
            return True
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in user_message_classes():
            fields = {keyword.arg or "": keyword.value for keyword in call.keywords}
            return _is_content(message, each.frame, fields | ({"content": call.args[0]} if call.args else {}))
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        converts = name in {*CONVERTS_ITEMS, CONVERT_MESSAGE} and bool(given)
        return converts and all(message.is_alone(each.frame, part) for part in given)
    return message.is_itself(each.frame, expr)


def _says_user(role: ast.expr | None) -> bool:
    return isinstance(role, ast.Constant) and role.value in _USER


def _is_content(message: NewMessage, frame: CallFrame, given: dict[str, ast.expr]) -> bool:
    """Return whether what a message of the user's says is the new message."""
    content = given.get("content", given.get("parts"))
    return content is not None and _is_of(message, frame, content)


def _is_remade(app: App, message: NewMessage, each: SentTwice) -> bool:
    made = [value.expr for value in app.flow.sources(each.frame.module, each.expr)]
    values = [each.expr, *made, *_assigned(app, each)]
    return any(isinstance(value, ast.Call) and _gives_it_back(message, each.frame, value) for value in values)


def _assigned(app: App, each: SentTwice) -> list[ast.expr]:
    """Return what a name is set to."""
    bindings = app.names(each.frame.module).lookup(each.expr.id, each.expr) if isinstance(each.expr, ast.Name) else []
    return [bound.value for bound in bindings if bound.value is not None]


def _gives_it_back(message: NewMessage, frame: CallFrame, call: ast.Call) -> bool:
    """Return whether a function of the project gives the message that it is given, or a copy with other contents."""
    inner = called(message.app, frame, call)
    results = returned(inner.function) if inner is not None and inner.function is not None else []
    return inner is not None and bool(results) and all(_is_copy(message, inner, each) for each in results)


def _is_copy(message: NewMessage, frame: CallFrame, expr: ast.expr) -> bool:
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr == "model_copy":
        holder = expr.func.value
        if any(each.arg == "update" for each in expr.keywords) and not _is_read_beside(frame, holder):
            return False
        expr = holder
    return message.is_itself(frame, expr)


def _is_read_beside(frame: CallFrame, holder: ast.expr) -> bool:
    """Return whether a function uses what it copies for something else too, as what stands in the copy then."""
    nodes = walk(frame.function) if frame.function is not None else ()
    name = holder.id if isinstance(holder, ast.Name) else None
    return any(isinstance(each, ast.Name) and each.id == name and each is not holder for each in nodes)


def _is_named_message(app: App, message: NewMessage, each: SentTwice) -> bool:
    """Return whether something is a name that is set once: to the new message, or to nothing where there is none."""
    expr = each.expr.value if isinstance(each.expr, ast.Starred) else each.expr
    bindings = app.names(each.frame.module).lookup(expr.id, expr) if isinstance(expr, ast.Name) else []
    if [bound.kind for bound in bindings[:2]] != [BindingKind.ASSIGNMENT] or bindings[0].value is None:
        return False
    value = bindings[0].value
    if isinstance(value, ast.IfExp):
        is_empty = isinstance(value.orelse, ast.List) and not value.orelse.elts
        if not is_empty or not _is_of(message, each.frame, value.test):
            return False
        value = value.body
    return bindings[0].scope is each.frame.function and _is_message(message, replace(each, expr=value))


def _text(key: ast.expr | None) -> str:
    return str(key.value) if isinstance(key, ast.Constant) else ""


def _is_certain(message: NewMessage, each: SentTwice) -> bool:
    """Return whether nothing is asked before the message is added but whether there is one."""
    module = each.frame.module
    below: ast.AST = each.expr
    for parent in module.ancestors(each.expr):
        if parent is each.frame.function:
            return True
        if isinstance(parent, ast.If) and not _asks_for_message(message, each.frame, parent, below):
            return False
        if isinstance(parent, ast.IfExp | ast.BoolOp | ast.ExceptHandler):
            return False
        below = parent
    return False


def _asks_for_message(message: NewMessage, frame: CallFrame, branch: ast.If, below: ast.AST) -> bool:
    names = [each for each in walk(branch.test) if isinstance(each, ast.Name) and each.id not in _ASKS]
    return below in branch.body and all(_is_of(message, frame, each) for each in names if not each.id[:1].isupper())


def _is_of(message: NewMessage, frame: CallFrame, expr: ast.expr) -> bool:
    """Return whether a value is the message, or gathered from it."""
    return message.is_alone(frame, expr) or message.is_gathered(frame, expr)


def _leaves_one_out(part: Ingredient) -> bool:
    """Return whether a slice drops the first or the last of something."""
    expr = part.expr
    if not isinstance(expr, ast.Subscript) or not isinstance(expr.slice, ast.Slice):
        return False
    bounds = (ast.unparse(each) for each in (expr.slice.lower, expr.slice.upper) if each is not None)
    return any(each in {"1", "-1"} for each in bounds)


def _may_leave_out(message: NewMessage, frame: CallFrame, sent: SentTwice) -> bool:
    """Return whether a function may leave the message out, and does so before it is added where that is done there."""
    line = _leaves_out_at(message.app, message, frame)
    return line is not None and (frame is not sent.frame or line <= sent.expr.lineno)


def _is_load_that_leaves_out(part: Ingredient, message: NewMessage, elsewhere: CallFrame) -> bool:
    """Return whether an ingredient loads items in a function that may leave the message out of them."""
    is_load = part.frame is not elsewhere and _is_load(part, message.app)
    return is_load and _leaves_out_at(message.app, message, part.frame) is not None


@remembered
def _leaves_out_at(_: App, message: NewMessage, frame: CallFrame) -> int | None:
    """Return the first line where a function asks for the message's id, compares its text, or takes items away."""
    nodes = own_nodes(frame.function) if frame.function is not None else ()
    return next((getattr(each, "lineno", 0) for each in nodes if _leaves_out(message, frame, each)), None)


def _leaves_out(message: NewMessage, frame: CallFrame, node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="id", value=owner):
            return message.is_itself(frame, owner)
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value="id"), *_]):
            return message.is_itself(frame, owner)
        case ast.Call(func=ast.Attribute(attr="pop" | "remove" | "popleft")) | ast.Delete():
            return True
        case ast.Compare(left=left, comparators=[right]) if not isinstance(right, ast.Constant):
            return any(message.is_alone(frame, each) for each in (left, right))
    return False
