"""Items stamped with the time of UTC that does not say so, in stores that put them in order with ChatKit's own.

ChatKit stamps the user's messages with `datetime.now()`, the time of the machine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import used_stores
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.frames import CallFrame, own_calls, parameters, reached
from chatkit_doctor.backend.stores.timezones import evens_out, order_in_memory
from chatkit_doctor.backend.turns.stored_items import StoredItem, stored_items
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, LOAD_ITEMS, MADE_AT
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, own_nodes
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.records import dataclass

_BY_NAME = 99
_UTCNOW = "datetime.datetime.utcnow"
_NOW = "datetime.datetime.now"
_ORDER_BY = regex(rf"(?i)\border\s+by\s+(?:\w+\.)?{MADE_AT}\b")
_INSERTS = regex(rf"(?is)\b(?:insert|replace)\b.{{0,40}}\binto\b.{{0,400}}\b{MADE_AT}\b")
# By what a store may bring all times to one kind.
_EVENS_OUT = ("tzinfo", "astimezone", "utcoffset", "timedelta", "timezone")
# By what a machine is told to go by UTC.
_ZONE_SET = regex(r"\bENV\s+TZ\b|\bTZ\b[\"']?\s*[\]=:,]|\bname:\s*[\"']?TZ\b|tzset|/etc/localtime")
_SETTINGS = regex(
    r"\.env.*|Dockerfile.*|Containerfile|(?:docker-)?compose.*\.ya?ml|Procfile|.*\.(?:sh|service|toml|ya?ml)"
)
_COPIES = frozenset({"model_copy", "copy"})
_ZONE_WORDS = (b"TZ", b"tzset", b"localtime")


@dataclass(frozen=True, slots=True)
class UtcTime:
    """An item and the time of UTC that it is stamped with. store, order: what puts it in order, and where."""

    item: StoredItem
    value: PlacedExpr
    store: ClassView
    order: PlacedExpr


def utc_times(app: App) -> Iterator[UtcTime]:
    """Yield the items of answers that are stamped with UTC, where a store orders them by that time."""
    items = [(item, value) for item in stored_items(app) if (value := _utc_time(app, item)) is not None]
    found = _order(app) if items else None
    if found is None or _sets_its_zone(app) or any(map(_stamps_anew, app.modules())):
        return
    seen: set[ast.expr] = set()
    for item, value in items:
        if value.expr not in seen:
            seen.add(value.expr)
            yield UtcTime(item, value, *found)


def _utc_time(app: App, item: StoredItem) -> PlacedExpr | None:
    """Return the time of UTC that an item is made with, where it is made with nothing else."""
    given = item.given(MADE_AT)
    values = list(app.flow.sources(item.made.module, given)) if given is not None else []
    return values[0] if len(values) == 1 and _is_utc(app, values[0]) else None


def _is_utc(app: App, value: PlacedExpr) -> bool:
    match value.expr:
        case ast.Call(func=ast.Attribute(attr="replace", value=ast.Call() as zoned), args=[]):
            zone = argument(value.expr, _BY_NAME, "tzinfo")
            is_naive = zone is not None and is_none(zone)
            return is_naive and _is_now_of_utc(app, PlacedExpr(value.module, zoned))
        case ast.Call(func=func):
            return app.names(value.module).qualified(func) == _UTCNOW
    return False


def _is_now_of_utc(app: App, value: PlacedExpr) -> bool:
    assert isinstance(value.expr, ast.Call)
    names = app.names(value.module)
    zone = argument(value.expr, 0, "tz")
    known = {"datetime.timezone.utc", "datetime.UTC"}
    return names.qualified(value.expr.func) == _NOW and zone is not None and names.qualified(zone) in known


def _order(app: App) -> tuple[ClassView, PlacedExpr] | None:
    """Return the store that loads items in the order of the time that they came with, and where it does."""
    in_memory = order_in_memory(app, LOAD_ITEMS)
    if in_memory is not None:
        return None if evens_out(app, in_memory[0], LOAD_ITEMS, _EVENS_OUT) else in_memory
    for view in used_stores(app):
        if not _keeps_the_time(app, view) or evens_out(app, view, LOAD_ITEMS, _EVENS_OUT):
            continue
        for frame in _frames(app, view, LOAD_ITEMS):
            for call in own_calls(frame):
                if _orders_rows(call):
                    return view, PlacedExpr(frame.module, call)
    return None


def _frames(app: App, view: ClassView, name: str) -> Iterator[CallFrame]:
    method = view.method(name)
    yield from reached(app, CallFrame(method[0].module, method[1])) if method is not None else ()


def _orders_rows(call: ast.Call) -> bool:
    """Return whether a call orders rows of a database by the time: of a query, or by a statement of SQL."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "order_by":
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Call):
            # `Message.created_at.desc()`, `desc(Message.created_at)`
            first = first.args[0] if first.args else getattr(first.func, "value", None)
        return isinstance(first, ast.Attribute) and first.attr == MADE_AT
    texts = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(_ORDER_BY.search(each) for each in texts)


def _keeps_the_time(app: App, view: ClassView) -> bool:
    """Return whether a store writes the time that an item came with, under that name."""
    return any(_writes_the_time(frame) for frame in _frames(app, view, ADD_ITEM))


def _writes_the_time(frame: CallFrame) -> bool:
    function = frame.function
    if function is None:
        return False
    nodes = list(own_nodes(function))
    own = frozenset(parameters(frame.module, function))
    by_statement = any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and _INSERTS.search(each.value) is not None
        for each in nodes
    )
    for node in nodes:
        given: list[ast.expr | None] = []
        if isinstance(node, ast.keyword) and node.arg == MADE_AT:
            given = [node.value]
        elif isinstance(node, ast.Dict):
            named = [isinstance(key, ast.Constant) and key.value == MADE_AT for key in node.keys]
            given = [each for each, is_named in zip(node.values, named, strict=True) if is_named or by_statement]
        elif isinstance(node, ast.Tuple | ast.List) and by_statement:
            given = [*node.elts]
        if any(_is_time_of(each, own) for each in given):
            return True
    return False


def _is_time_of(value: ast.expr | None, names: frozenset[str]) -> bool:
    """Return whether a value is the time of a parameter: itself, with something to fall back on, or as a text."""
    match value:
        case ast.BoolOp(values=[first, *_]):
            return _is_time_of(first, names)
        case ast.Call(func=ast.Attribute(attr="isoformat", value=inner)):
            return _is_time_of(inner, names)
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=name), ast.Constant(value=attribute), *_]):
            return attribute == MADE_AT and name in names
        case ast.Attribute(attr=attribute, value=ast.Name(id=name)):
            return attribute == MADE_AT and name in names
    return False


def _stamps_anew(module: Module) -> bool:
    """Return whether a file gives something a time of its own, as a store may give each item that it is to keep."""
    for each in module.nodes(ast.Assign):
        is_time = any(isinstance(target, ast.Attribute) and target.attr == MADE_AT for target in each.targets)
        if is_time and MADE_AT not in ast.unparse(each.value):
            return True
    return any(
        isinstance(each.func, ast.Attribute)
        and each.func.attr in _COPIES
        and any(isinstance(part, ast.Constant) and part.value == MADE_AT for part in ast.walk(each))
        for each in module.nodes(ast.Call)
    )


def _sets_its_zone(app: App) -> bool:
    """Return whether a file of the app tells the machine, or the process, by which zone to go."""
    for path in app.files:
        is_code = path.suffix == ".py"
        if (is_code or _SETTINGS.fullmatch(path.name)) and app.mentions(path, _ZONE_WORDS):
            source = app.read(path)
            if source is not None and _ZONE_SET.search(source.text):
                return True
    return False
