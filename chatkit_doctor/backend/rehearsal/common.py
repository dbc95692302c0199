"""What functions of other packages do, as far as a store's paging and saving hang on them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from chatkit_doctor.backend.rehearsal.columns import plain_json_columns
from chatkit_doctor.backend.rehearsal.idents import Ident, model, row_of
from chatkit_doctor.backend.rehearsal.queries import Column, Query
from chatkit_doctor.contracts.sdk.sdk_names import ITEM
from chatkit_doctor.python.rehearsal.machine import Machine
from chatkit_doctor.python.rehearsal.operators import MissingMade
from chatkit_doctor.python.rehearsal.values import Blank, Built, Class, Instant, Lost, Outer, Thing

KnownFunction = Callable[[Machine, list[object], dict[str, object]], object]

_NOW = 1000


def packed(value: object) -> object:
    """Return a value written down, as JSON or as a dict of its fields: it can be read again, and asked for its id."""
    if isinstance(value, Blank):
        return Blank(value.row, value.column, value.inside)
    made = Blank(row_of(value), "", copied(value))
    if isinstance(value, Thing):
        made.parts.update(value.attributes)
    return made


def unpacked(value: object, kind: str | None = None) -> object:
    """Return what was written down, as an object; of a row of a database, the one that the row holds.

    kind: the class to read; None where a union tells it by what is read.
    """
    if isinstance(value, Blank) and value.inside is not None:
        read = copied(value.inside)
        if isinstance(read, Thing) and kind is not None:
            read.kind = kind
        return read
    if isinstance(value, Blank) and value.row is not None:
        return model(kind or ITEM, value.row)
    if isinstance(value, dict):
        return Thing(kind or ITEM, {str(key): each for key, each in value.items()})
    return value.copy() if isinstance(value, Thing) else Blank(row_of(value))


def copied(value: object) -> object:
    """Return a deep copy."""
    if isinstance(value, Thing):
        return Thing(
            value.kind,
            {name: copied(each) for name, each in value.attributes.items()},
            value.view,
            value.made_at,
            is_open=value.is_open,
        )
    if isinstance(value, list):
        return [copied(each) for each in value]
    if isinstance(value, dict):
        made = copy(value)
        made.update({key: copied(each) for key, each in value.items()})
        return made
    return value


def _loads(_: Machine, arguments: list[object], __: dict[str, object]) -> object:
    value = arguments[0]
    if isinstance(value, Blank) and value.inside is not None and not isinstance(value.inside, Thing):
        return copied(value.inside)
    if not isinstance(value, Blank):
        return Blank()
    read = packed(value)
    assert isinstance(read, Blank)
    read.is_dict = True
    return read


def _default(machine: Machine, _: list[object], named: dict[str, object]) -> object:
    if "default_factory" in named:
        return machine.apply(named["default_factory"], [])
    return named.get("default", _[0] if _ else Blank())


def _defaultdict(machine: Machine, arguments: list[object], _: dict[str, object]) -> object:
    return MissingMade(lambda: machine.apply(arguments[0], [])) if arguments else {}


def _in_thread(machine: Machine, arguments: list[object], named: dict[str, object]) -> object:
    return machine.apply(arguments[0], arguments[1:], named)


def _partial(machine: Machine, arguments: list[object], named: dict[str, object]) -> object:
    first, given = arguments[0], arguments[1:]
    return Built(lambda more, others: machine.apply(first, [*given, *more], named | others))


def _attrgetter(machine: Machine, arguments: list[object], _: dict[str, object]) -> object:
    name = arguments[0]
    if len(arguments) != 1 or not isinstance(name, str) or "." in name:
        raise Lost
    return Built(lambda given, _: machine.attribute(given[0], name))


def _itemgetter(machine: Machine, arguments: list[object], _: dict[str, object]) -> object:
    (key,) = arguments
    return Built(lambda given, _: machine.entry(given[0], key))


def _islice(machine: Machine, arguments: list[object], _: dict[str, object]) -> object:
    bounds = arguments[1:]
    known = [each for each in bounds if isinstance(each, int | None)]
    if len(known) != len(bounds):
        raise Lost
    return machine.items(arguments[0])[slice(*known)]


def _select(_: Machine, arguments: list[object], __: dict[str, object]) -> object:
    mapped = arguments[0] if len(arguments) == 1 else None
    dicts = plain_json_columns(mapped.view.own.node) if isinstance(mapped, Class) else frozenset[str]()
    is_count = any(isinstance(each, Column) and each.name == "count()" for each in arguments)
    return Query(is_count=is_count, dicts=dicts)


def _turned(_: Machine, arguments: list[object], __: dict[str, object]) -> object:
    return Column(name, is_turned=True) if (name := column_name(arguments[0])) else Blank()


def _straight(_: Machine, arguments: list[object], __: dict[str, object]) -> object:
    return Column(name) if (name := column_name(arguments[0])) else Blank()


def column_name(value: object) -> str | None:
    """Return the column that a value stands for, None where it is none: a string is, `-name` too."""
    if isinstance(value, Column):
        return value.name
    if isinstance(value, Outer):
        owner, _, name = value.dotted.rpartition(".")
        return name if owner.rpartition(".")[2][:1].isupper() else None
    return value.lstrip("-+") if isinstance(value, str) and not isinstance(value, Ident) else None


def _first(_: Machine, arguments: list[object], __: dict[str, object]) -> object:
    return arguments[0] if arguments else Blank()


def _now(machine: Machine, _: list[object], __: dict[str, object]) -> object:
    # Time goes on, by so little that no day is over.
    machine.moments += 1
    return Instant(_NOW + 1 - 1 / (1 + machine.moments))


FUNCTIONS: dict[str, KnownFunction] = {
    "copy.copy": lambda _, arguments, __: (
        arguments[0].copy() if isinstance(arguments[0], Thing) else copy(arguments[0])
    ),
    "copy.deepcopy": lambda _, arguments, __: copied(arguments[0]),
    "json.dumps": lambda _, arguments, __: packed(arguments[0]),
    "json.loads": _loads,
    "orjson.dumps": lambda _, arguments, __: packed(arguments[0]),
    "orjson.loads": _loads,
    "collections.defaultdict": _defaultdict,
    "collections.OrderedDict": lambda _, __, ___: {},
    "dataclasses.field": _default,
    "pydantic.Field": _default,
    "asyncio.to_thread": _in_thread,
    "anyio.to_thread.run_sync": _in_thread,
    "starlette.concurrency.run_in_threadpool": _in_thread,
    "fastapi.concurrency.run_in_threadpool": _in_thread,
    "asyncio.shield": _first,
    "asgiref.sync.sync_to_async": _first,
    "channels.db.database_sync_to_async": _first,
    "functools.partial": _partial,
    "itertools.islice": _islice,
    "operator.attrgetter": _attrgetter,
    "operator.itemgetter": _itemgetter,
    "urllib.parse.quote": _first,
    "urllib.parse.unquote": _first,
    "typing.cast": lambda _, arguments, __: arguments[1],
    "sqlalchemy.text": _first,
    "sqlalchemy.sql.text": _first,
    "sqlmodel.text": _first,
    "sqlalchemy.select": _select,
    "sqlalchemy.future.select": _select,
    "sqlmodel.select": _select,
    "sqlalchemy.desc": _turned,
    "sqlmodel.desc": _turned,
    "sqlalchemy.asc": _straight,
    "sqlmodel.asc": _straight,
    "sqlmodel.col": _straight,
    "sqlalchemy.func.count": lambda _, __, ___: Column("count()"),
    "sqlmodel.func.count": lambda _, __, ___: Column("count()"),
    "datetime.datetime.now": _now,
    "datetime.datetime.utcnow": _now,
    "django.utils.timezone.now": _now,
    "datetime.datetime.fromisoformat": _first,
    "datetime.datetime.fromtimestamp": _first,
    "time.time": _now,
}
FUNCTIONS |= dict.fromkeys(("uuid.UUID",), lambda _, arguments, __: arguments[0] if arguments else Blank())
VALUES: dict[str, object] = {
    "datetime.datetime.min": Instant(-1),
    "datetime.datetime.max": Instant(2 * _NOW),
}
