"""Reads and writes of databases, in the ways in which Python code makes them."""

from __future__ import annotations

from collections.abc import Callable

from chatkit_doctor.backend.rehearsal.columns import plain_json_columns
from chatkit_doctor.backend.rehearsal.common import column_name
from chatkit_doctor.backend.rehearsal.idents import ABSENT, ROWS, Ident, row_of
from chatkit_doctor.backend.rehearsal.queries import Column, Condition, Query, is_id, matching, rows
from chatkit_doctor.backend.rehearsal.sql import is_select, select, write_kind
from chatkit_doctor.python.rehearsal.raised import NOT_STORED
from chatkit_doctor.python.rehearsal.values import Blank, Class, Lost, Outer, Raised, Thing
from chatkit_doctor.records import dataclass, replace

_ALL = frozenset(
    {"fetchall", "all", "fetch_all", "to_list", "fetch", "query_items", "fetchmany", "__iter__", "values_list"}
)
_ONE = frozenset(
    {"first", "fetchone", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "fetchrow", "fetchval"}
    | {"fetch_one", "fetch_val", "find_one", "afirst", "maybe_single", "single", "get", "aget"}
)
# Those of them that raise where there is no such row.
_RAISING = frozenset({"one", "scalar_one", "single", "get", "aget"})
_SAME = frozenset(
    {"scalars", "unique", "mappings", "partitions", "options", "execution_options", "select_from", "with_for_update"}
    | {"select_related", "prefetch_related", "only", "defer", "using", "distinct", "execute", "join", "outerjoin"}
    | {"yield_per", "tuples", "columns", "batch_size", "stream", "alias", "enable_eagerloads", "populate_existing"}
)
_COMPARED = {"eq": "=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "ne": "!="}
_WRITES = {
    **dict.fromkeys(("add", "insert", "insert_one", "create", "acreate", "create_item"), "insert"),
    **dict.fromkeys(("merge", "upsert", "upsert_item", "put_item", "update_or_create", "aupdate_or_create"), "upsert"),
    **dict.fromkeys(("update", "update_one", "replace_one", "find_one_and_update", "replace_item"), "update"),
    **dict.fromkeys(("delete", "delete_one", "save", "asave", "bulk_write", "set", "hset"), "update"),
}
# What of MongoDB's inserts what is not there, where it is asked to.
_UPSERTING = frozenset({"update_one", "replace_one", "find_one_and_update"})
# What Django's managers write.
_MANAGED = {
    **dict.fromkeys(("create", "acreate"), "insert"),
    **dict.fromkeys(("update_or_create", "aupdate_or_create"), "upsert"),
    **dict.fromkeys(("update", "aupdate", "delete", "adelete"), "update"),
}


@dataclass(slots=True)
class FoundRows:
    """The rows of a query on their way: `all()` and its like give them."""

    query: Query


@dataclass(frozen=True, slots=True)
class Stored:
    """A write: `insert`, `ignore`, `upsert`, `update` or `stamp` (of a time alone), and what was given to it.

    text: the statement, where it is one of SQL.
    """

    kind: str
    given: tuple[object, ...]
    text: str = ""


class Trace:
    """What a pass did to databases.

    stored: the writes, in order. has_compared_ids: whether `<` or `>` stood between ids while the order was another.
    is_empty: whether no table has a row yet.
    """

    def __init__(self) -> None:
        self.stored: list[Stored] = []
        self.has_compared_ids = False
        self.is_empty = False

    def rows(self, query: Query) -> list[object]:
        """Return the rows that a query finds."""
        if any(
            is_id(each.column) and each.operator in "<=>=" and isinstance(each.value, Ident) and each.operator != "="
            for each in query.conditions
        ) and not (query.ordering and is_id(query.ordering[0][0])):
            self.has_compared_ids = True
        found = rows(query)
        return [] if self.is_empty else found


def asked(holder: object, name: str, arguments: list[object], named: dict[str, object], trace: Trace) -> object:
    """Return what a method of a connection, a session, a table or a query gives; NotImplemented where it is none."""
    if isinstance(holder, FoundRows | Query):
        return _of_query(holder.query if isinstance(holder, FoundRows) else holder, name, arguments, named, trace)
    if isinstance(holder, Column):
        return _of_column(holder, name, arguments)
    if not isinstance(holder, Blank | Thing):
        return NotImplemented
    statement = _statement(arguments, named)
    if isinstance(statement, str):
        return _executed(holder, name, statement, arguments, named, trace)
    if isinstance(statement, Query):
        return _given(name, statement, trace)
    if isinstance(holder, Blank) and (known := holder.parts.get("query")) is not None and name in _ALL | _ONE:
        assert isinstance(known, Query)
        return _given(name, known, trace)
    started = _read([*arguments, *named.values()]) if name == "read_item" else _started(name, arguments)
    if started is not NotImplemented:
        return started
    if name in _WRITES and (arguments or named):
        kind = "upsert" if named.get("upsert") is True and name in _UPSERTING else _WRITES[name]
        trace.stored.append(Stored(kind, (*arguments, *named.values())))
        return Blank()
    return NotImplemented


def _statement(arguments: list[object], named: dict[str, object]) -> str | Query | None:
    first = next((named[each] for each in ("query", "sql", "statement") if each in named), None) or (
        arguments[0] if arguments else None
    )
    if isinstance(first, Query):
        return first
    is_sql = isinstance(first, str) and not isinstance(first, Ident) and " " in first.strip()
    return first if is_sql and (is_select(str(first)) or write_kind(str(first))) else None  # type: ignore[return-value]


def _executed(
    holder: Blank | Thing, name: str, text: str, arguments: list[object], named: dict[str, object], trace: Trace
) -> object:
    given = named.get("parameters", named.get("params", named.get("values")))
    if given is None:
        rest = arguments[1:]
        given = rest[0] if len(rest) == 1 and isinstance(rest[0], list | tuple | dict) else rest
    if not is_select(text):
        values = tuple(given) if isinstance(given, list | tuple) else (given,)
        trace.stored.append(Stored(write_kind(text), values, text))
        return Blank()
    query = select(text, given)
    if isinstance(holder, Blank):
        holder.parts["query"] = query
    return _given(name, query, trace)


def _given(name: str, query: Query, trace: Trace) -> object:
    if name in _ONE:
        return _one(query, trace)
    return trace.rows(query) if name in _ALL else FoundRows(query)


def _one(query: Query, trace: Trace) -> object:
    if trace.is_empty:
        return 0 if query.is_count else None
    if query.is_count:
        return ROWS
    found = matching(query)
    if found is not None:
        return query.row(found.row)
    # The newest or the oldest of several: which one is told by the order.
    return rows(query)[0] if query.ordering and query.limit is not None and rows(query) else Blank()


def _started(name: str, arguments: list[object]) -> object:
    """Return the query that a call begins: `session.query(Model)`, `collection.find({…})`, `table.select("*")`."""
    first = arguments[0] if arguments else None
    if name == "query" and isinstance(first, Class | Outer | Column):
        return Query(is_count=isinstance(first, Column) and first.name == "count()", dicts=dicts_of(first))
    if name == "find" and isinstance(first, dict):
        return Query(_of_mongo(first))
    if name == "select" and (first is None or isinstance(first, str)):
        return Query()
    if name in {"get", "find_one", "get_item"} and isinstance(first, Class | Outer | dict):
        wanted = {row for each in _flat(arguments) if (row := row_of(each)) is not None}
        return Query(dicts=dicts_of(first)).row(wanted.pop()) if len(wanted) == 1 else Blank()
    return NotImplemented


def dicts_of(mapped: object) -> frozenset[str]:
    """Return the columns of a mapped class that hold JSON; none for anything else."""
    return plain_json_columns(mapped.view.own.node) if isinstance(mapped, Class) else frozenset()


def _read(keys: list[object]) -> Blank:
    """Return the item of Cosmos that has one of some keys as its id. Raises Raised where none is stored under it."""
    if ABSENT in keys:
        raise Raised(Thing(NOT_STORED, {}))
    wanted = {row for each in keys if (row := row_of(each)) is not None}
    return Blank(wanted.pop()) if len(wanted) == 1 else Blank()


def _flat(values: list[object]) -> list[object]:
    return [part for each in values for part in (each.values() if isinstance(each, dict) else [each])]


def _of_mongo(wanted: dict[object, object]) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for column, value in wanted.items():
        if str(column).startswith("$"):
            raise Lost
        if isinstance(value, dict):
            found += [
                Condition(f"{column}", _COMPARED[str(op)[1:]], each)
                for op, each in value.items()
                if str(op)[1:] in _COMPARED
            ]
        else:
            found.append(Condition(f"{column}", "=", value))
    return tuple(found)


def _of_query(query: Query, name: str, arguments: list[object], named: dict[str, object], trace: Trace) -> object:
    if name in _ONE and not (name == "get" and not arguments and not named):
        asked_for = query.having(*_by_name(named))
        if name in _RAISING and any(each.operator == "=" and each.value == ABSENT for each in asked_for.conditions):
            raise Raised(Thing(NOT_STORED, {}))
        return _one(asked_for, trace)
    if name in _ALL:
        return query if name in {"all", "values_list"} and query.is_vague else trace.rows(query)
    if name in {"count", "acount"}:
        return 0 if trace.is_empty else ROWS
    if name in _MANAGED:
        trace.stored.append(Stored(_MANAGED[name], (*arguments, *named.values())))
        return Blank()
    if name in _SAME:
        return query
    if name in _COMPARED and len(arguments) == 2:
        return query.having(Condition(f"{arguments[0]}", _COMPARED[name], arguments[1]))
    change = _CHANGES.get(name)
    return change(query, arguments, named) if change else replace(query, is_vague=True)


def _filtered(query: Query, arguments: list[object], named: dict[str, object]) -> Query:
    known = [each for each in arguments if isinstance(each, Condition)]
    # What is no comparison of a column holds for all rows or is not understood.
    vague = any(not isinstance(each, Condition | bool) for each in arguments)
    made = query.having(*known, *_by_name(named))
    return replace(made, is_vague=made.is_vague or vague)


def _by_name(named: dict[str, object]) -> list[Condition]:
    """Return conditions as Django and `filter_by` write them: `created_at__lt=…`."""
    found = []
    for name, value in named.items():
        column, _, kind = name.partition("__")
        found.append(Condition(column, _COMPARED.get(kind, "="), value))
    return found


def _sorted(query: Query, arguments: list[object], named: dict[str, object]) -> Query:
    ordering = list(query.ordering)
    given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else None
    if given is None and len(arguments) == 2 and not isinstance(arguments[1], str | Column | Outer):
        given = [tuple(arguments)]
    if given is None and len(arguments) == 2 and isinstance(arguments[1], Outer) and "SCENDING" in arguments[1].dotted:
        given = [tuple(arguments)]
    for each in given if given is not None else arguments:
        name, turned = (each[0], each[1]) if isinstance(each, tuple) else (each, None)
        column = column_name(name)
        if column is None:
            return replace(query, is_vague=True)
        is_turned = (isinstance(name, Column) and name.is_turned) or (isinstance(name, str) and name.startswith("-"))
        if turned is not None:
            is_turned = _is_down(turned)
        if "desc" in named or "ascending" in named:
            is_turned = _flag(named["desc"]) if "desc" in named else not _flag(named["ascending"])
        ordering.append((column, is_turned))
    return replace(query, ordering=tuple(ordering))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Lost
    return value


def _is_down(value: object) -> bool:
    if isinstance(value, int):
        return value < 0
    if isinstance(value, Outer):
        return value.dotted.endswith("DESCENDING")
    raise Lost


def _ranged(query: Query, arguments: list[object], _: dict[str, object]) -> Query:
    start, end = [*arguments, None, None][:2]
    if not isinstance(start, int) or not isinstance(end, int):
        raise Lost
    return replace(query, offset=start, limit=end - start + 1)


_CHANGES: dict[str, Callable[[Query, list[object], dict[str, object]], Query]] = {
    "where": _filtered,
    "filter": _filtered,
    "filter_by": _filtered,
    "order_by": _sorted,
    "sort": _sorted,
    "order": _sorted,
    "limit": lambda query, arguments, _: replace(query, limit=arguments[0]),
    "offset": lambda query, arguments, _: replace(query, offset=arguments[0]),
    "skip": lambda query, arguments, _: replace(query, offset=arguments[0]),
    "range": _ranged,
    "reverse": lambda query, _, __: replace(
        query, ordering=tuple((name, not is_turned) for name, is_turned in query.ordering)
    ),
}


def cut(query: Query, key: object) -> object:
    """Return a slice of a query, or one of its rows."""
    if isinstance(key, int):
        found = rows(query)
        return found[key] if -len(found) <= key < len(found) else Blank()
    if not isinstance(key, slice) or key.step is not None or query.limit is not None:
        raise Lost
    start, stop = key.start or 0, key.stop
    if not isinstance(start, int) or not isinstance(stop, int | None):
        raise Lost
    return replace(query, offset=start or None, limit=None if stop is None else max(stop - start, 0))


def _of_column(column: Column, name: str, arguments: list[object]) -> object:
    if name in {"desc", "asc"}:
        return replace(column, is_turned=name == "desc")
    if name in {"nulls_last", "nulls_first", "nullslast", "nullsfirst"}:
        return column
    if name in {"is_", "is_not", "isnot", "in_", "notin_", "not_in", "like", "ilike"}:
        return Condition(column.name, "=", None)
    return Blank() if arguments is not None else NotImplemented
