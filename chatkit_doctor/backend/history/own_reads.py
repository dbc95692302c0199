"""Where an app reads, past its store, the rows in which that store keeps the items of a thread.

What the store adds is there before `respond()` is called, so such a read holds the new message as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from math import inf

from chatkit_doctor.backend.runs.frames import CallFrame, own_calls, reached
from chatkit_doctor.backend.stores.concrete import stores
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_INSERT = regex(r"^\s*(?:INSERT|REPLACE)\b[\w\s]*?\bINTO\s+[\"`]?([\w.]+)", re.IGNORECASE)
_SELECT = regex(r"^\s*SELECT\b.*?\bFROM\s+[\"`]?([\w.]+)", re.IGNORECASE | re.DOTALL)
# What may leave rows out: an offset, another id than one, a part of the rows, what one of the two said.
_PICKS = regex(
    r"\bOFFSET\b|<>|!=|\bNOT\b|\bCOUNT\s*\(|<|>|\b\w*(?:role|type|sender|author|kind)\s*(?:=|IN\b)", re.IGNORECASE
)
_WHO_SAID_IT = regex(r"role|type|sender|author|kind", re.IGNORECASE)
_ASKS_KIND = regex(r"isinstance|role|type|sender|author|kind", re.IGNORECASE)
_WRITES = frozenset({"insert", "insert_one", "upsert", "upsert_item", "create_item", "replace_one", "put_item"})
_READS = frozenset({"select", "find", "query_items", "query"})
_ADDS = frozenset({"add", "merge"})


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a store adds items. tables: by their names. classes: of mapped rows."""

    tables: frozenset[str]
    classes: frozenset[ast.ClassDef]


def reads_kept_items(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether a call reads rows to which the app's store adds items, and none is left out that can be told."""
    kept = app.derive(_kept)
    if not isinstance(expr, ast.Call) or not (kept.tables or kept.classes):
        return False
    for text in _texts(app, module, expr):
        found = _SELECT.search(text)
        if found is not None:
            return found[1].lower() in kept.tables and _PICKS.search(text) is None
    name = expr.func.attr if isinstance(expr.func, ast.Attribute) else getattr(expr.func, "id", "")
    if name not in _READS or _is_picking(module, expr):
        return False
    if any(_class_of(app, module, each) in kept.classes for each in expr.args):
        return True
    return isinstance(expr.func, ast.Attribute) and _table(expr.func.value) in kept.tables


def _kept(app: App) -> _Kept:
    tables: set[str] = set()
    classes: set[ast.ClassDef] = set()
    for store in stores(app):
        method = store.method(ADD_ITEM)
        if method is None:
            continue
        for frame in reached(app, CallFrame(method.module, method.function)):
            for call in own_calls(frame):
                if _is_for_some(app, frame, call):
                    continue
                tables |= {
                    found[1].lower() for text in _texts(app, frame.module, call) if (found := _INSERT.search(text))
                }
                classes |= set(_added(app, frame.module, call))
                if (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr in _WRITES
                    and (name := _table(call.func.value))
                ):
                    tables.add(name)
    return _Kept(frozenset(tables), frozenset(classes))


def _is_for_some(app: App, frame: CallFrame, call: ast.Call) -> bool:
    """Return whether a call is made for items of some kinds alone, which the new message may not be of."""
    current: CallFrame | None = frame
    at: ast.Call | None = call
    while current is not None and current.function is not None and at is not None:
        asking, left_at = _asks_for_kind(app, current.function)
        if left_at < at.lineno or any(each in asking for each in current.module.ancestors(at)):
            return True
        at, current = current.call, current.parent
    return False


@remembered
def _asks_for_kind(_: App, function: FunctionNode) -> tuple[frozenset[ast.AST], float]:
    """Return the branches of a function that ask of which kind an item is, and the line where one first leaves it."""
    branches = [each for each in own_nodes(function) if isinstance(each, ast.If)]
    asking = [each for each in branches if _ASKS_KIND.search(ast.unparse(each.test))]
    leaving = (each.end_lineno or 0 for each in asking if isinstance(each.body[-1], ast.Return | ast.Raise))
    return frozenset(asking), min(leaving, default=inf)


def _added(app: App, module: Module, call: ast.Call) -> Iterator[ast.ClassDef]:
    """Yield the class of a row that a call adds to a session."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDS and len(call.args) == 1:
        for each in app.flow.sources(module, call.args[0]):
            made = each.expr.func if isinstance(each.expr, ast.Call) else None
            if made is not None and (class_ := _class_of(app, each.module, made)) is not None:
                yield class_


def _class_of(app: App, module: Module, expr: ast.expr) -> ast.ClassDef | None:
    """Return the mapped class that an expression names: one that has columns."""
    meant = app.symbols.definition(module, expr) if isinstance(expr, ast.Name | ast.Attribute) else None
    node = meant.class_node if meant is not None else None
    if node is None or not any(isinstance(each, ast.Assign | ast.AnnAssign) for each in node.body):
        return None
    return node


def _texts(app: App, module: Module, call: ast.Call) -> Iterator[str]:
    """Yield the texts that a call is given first, or that what it is given first is made of, as `text("…")` is."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and first.args:
        first = first.args[0]
    if first is None:
        return
    for each in app.flow.sources(module, first):
        parts = [each.expr] if isinstance(each.expr, ast.Constant) else getattr(each.expr, "values", [])
        text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        if isinstance(each.expr, ast.Constant | ast.JoinedStr) and text:
            yield text


def _table(owner: ast.expr) -> str:
    """Return the table or the collection that a method is called on: `client.table("items")`, `database.items`."""
    match owner:
        case ast.Call(
            func=ast.Attribute(attr="table" | "from_" | "collection"), args=[ast.Constant(value=str(name)), *_]
        ):
            return name.lower()
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name.lower()
        case ast.Attribute(attr=name) if not isinstance(owner.value, ast.Name) or owner.value.id != "self":
            return name.lower()
    return ""


def _is_picking(module: Module, expr: ast.Call) -> bool:
    """Return whether a query, as it is written around its beginning, may leave rows out."""
    whole: ast.AST = expr
    for parent in module.ancestors(expr):
        if isinstance(parent, ast.stmt):
            break
        whole = parent
    for each in walk(whole):
        if isinstance(each, ast.Compare) and (
            not all(isinstance(op, ast.Eq) for op in each.ops) or _WHO_SAID_IT.search(ast.unparse(each.left))
        ):
            return True
        if isinstance(each, ast.Attribute) and each.attr in {"offset", "skip", "neq", "not_", "notin_", "not_in", "ne"}:
            return True
        if isinstance(each, ast.Constant) and (str(each.value).startswith("$") or str(each.value) in {"role", "type"}):
            return True
    return False
