"""The order of an ORM's or a client's query, as it was asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from chatkit_doctor.backend.stores.paging import PagingPlace
from chatkit_doctor.finding import Edit
from chatkit_doctor.python.module import Module, walk

_WAYS = frozenset({"asc", "desc"})
_TURNED: dict[type[ast.cmpop], str] = {ast.Lt: ">", ast.LtE: ">=", ast.Gt: "<", ast.GtE: "<="}
_GROWING = frozenset({ast.Gt, ast.GtE})
_BEHIND = frozenset({"gt", "gte"})
_OTHER = {"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}


def query_edits(place: PagingPlace, order: str) -> Sequence[Edit]:
    """Return the edits of the one call that orders rows; none where there is another, or its cursor is not plain.

    order: the name of the method's parameter.
    """
    calls = [each for each in walk(place.function) if isinstance(each, ast.Call) and _name(each) in _ORDERING]
    if len(calls) != 1:
        return []
    (call,) = calls
    test = f'{order} == "desc"'
    found = _ORDERING[_name(call)](place.module, call, test)
    if found is None:
        return []
    edits, is_down = found
    asked = (_cursor(place.module, each, test) for each in walk(place.function))
    cursors = [each for each in asked if each is not None]
    if len(cursors) > 1 or any(is_growing is is_down for is_growing, _ in cursors):
        return []
    return [*edits, *(edit for _, edit in cursors)]


def _cursor(module: Module, node: ast.AST, test: str) -> tuple[bool, Edit] | None:
    """Return whether a node asks for rows behind a value, not before it, and the edit that turns that with the order.

    None where it asks for neither.
    """
    match node:
        case ast.Compare() if _is_of_column(node):
            is_growing = type(node.ops[0]) in _GROWING
            return is_growing, _turned(module, node, test)
        case ast.Dict(keys=[ast.Constant(value=str(name)) as key]) if name[:1] == "$" and name[1:] in _OTHER:
            # `{"created_at": {"$lt": …}}` of MongoDB's drivers
            return name[1:] in _BEHIND, Edit(module.location(key), _chosen('"${}"', name[1:], test))
        case ast.keyword(arg=str(name), value=value) if name.rpartition("__")[2] in _OTHER and "__" in name:
            # `filter(created_at__lt=…)` of Django
            column, _, operator = name.rpartition("__")
            chosen = _chosen(f'"{column}__{{}}"', operator, test)
            return operator in _BEHIND, Edit(module.location(node), f"**{{{chosen}: {module.location(value).text}}}")
        case ast.Call(func=ast.Attribute(attr=operator) as func, args=[ast.Constant(value=str()) as column, value]):
            # `lt("created_at", …)` of Supabase's client
            if operator not in _OTHER or node.keywords:
                return None
            start = module.location(func).end - len(operator)
            given = (module.location(column).text, _chosen('"{}"', operator, test), module.location(value).text)
            at = module.source.location(start, module.location(node).end)
            return operator in _BEHIND, Edit(at, f"filter({', '.join(given)})")
    return None


def _chosen(written: str, operator: str, test: str) -> str:
    """Return the code that chooses between an operator and its other, as they are written there."""
    other = _OTHER[operator]
    down, up = (other, operator) if operator in _BEHIND else (operator, other)
    return f"{written.format(down)} if {test} else {written.format(up)}"


# The edits of a call, and whether it gives the newest first as it is written.
_Found = tuple[list[Edit], bool] | None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _by_columns(module: Module, call: ast.Call, test: str) -> _Found:
    """`order_by(Model.created_at.asc())` of SQLAlchemy, `order_by("-created_at")` of Django."""
    ways: set[bool] = set()
    edits: list[Edit] = []
    for each in call.args:
        match each:
            case ast.Constant(value=str(name)) if name.isidentifier() or name.removeprefix("-").isidentifier():
                plain = name.removeprefix("-")
                ways.add(name.startswith("-"))
                text = f'"-{plain}" if {test} else "{plain}"'
            case ast.Call(func=ast.Attribute(value=column, attr=way), args=[], keywords=[]) if way in _WAYS:
                ways.add(way == "desc")
                text = _either(module.location(column).text, test)
            case ast.Call(func=ast.Name(id=way), args=[column], keywords=[]) if way in _WAYS:
                ways.add(way == "desc")
                text = _either(module.location(column).text, test)
            case ast.Attribute(value=ast.Name(id=owner)) if owner[:1].isupper():
                ways.add(False)
                text = _either(module.location(each).text, test)
            case _:
                return None
        edits.append(Edit(module.location(each), text))
    return (edits, ways.pop()) if len(ways) == 1 and not call.keywords else None


def _either(column: str, test: str) -> str:
    return f"{column}.desc() if {test} else {column}.asc()"


def _by_keyword(module: Module, call: ast.Call, test: str) -> _Found:
    """`order("created_at", desc=True)` of Supabase's client."""
    if len(call.args) != 1 or any(each.arg != "desc" for each in call.keywords):
        return None
    if not call.keywords:
        end = module.location(call.args[0]).end
        return [Edit(module.source.location(end, end), f", desc={test}")], False
    value = call.keywords[0].value
    if not isinstance(value, ast.Constant):
        return None
    return [Edit(module.location(value), test)], bool(value.value)


def _by_number(module: Module, call: ast.Call, test: str) -> _Found:
    """`sort("created_at", -1)` and `sort([("created_at", -1)])` of MongoDB's drivers."""
    match call:
        case ast.Call(args=[ast.Constant(value=str()), way], keywords=[]):
            pass
        case ast.Call(args=[ast.List(elts=[ast.Tuple(elts=[ast.Constant(value=str()), way])])], keywords=[]):
            pass
        case _:
            return None
    match way:
        case ast.Constant(value=1):
            is_down = False
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            is_down = True
        case ast.Attribute(attr="ASCENDING" | "DESCENDING" as name) | ast.Name(id="ASCENDING" | "DESCENDING" as name):
            is_down = name == "DESCENDING"
        case _:
            return None
    return [Edit(module.location(way), f"-1 if {test} else 1")], is_down


_ORDERING: dict[str, Callable[[Module, ast.Call, str], _Found]] = {
    "order_by": _by_columns,
    "order": _by_keyword,
    "sort": _by_number,
}


def _is_of_column(compared: ast.Compare) -> bool:
    """Return whether rows behind or before a value of a model's column are asked for: `Model.created_at > …`."""
    left = compared.left
    is_ordered = len(compared.ops) == 1 and type(compared.ops[0]) in _TURNED
    return (
        is_ordered
        and isinstance(left, ast.Attribute)
        and isinstance(left.value, ast.Name)
        and left.value.id[:1].isupper()
    )


def _turned(module: Module, compared: ast.Compare, test: str) -> Edit:
    """Return the edit that compares the other way where the order is the other one."""
    text, left = module.location(compared).text, module.location(compared.left).text
    right = module.location(compared.comparators[0]).text
    other = f"{left} {_TURNED[type(compared.ops[0])]} {right}"
    down, up = (other, text) if type(compared.ops[0]) in _GROWING else (text, other)
    written = f"{down} if {test} else {up}"
    parent = module.parents[compared]
    is_alone = isinstance(parent, ast.Call | ast.keyword | ast.stmt)
    return Edit(module.location(compared), written if is_alone else f"({written})")
