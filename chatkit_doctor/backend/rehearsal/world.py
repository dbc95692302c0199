"""The world around a store's code: the SDK's classes, common libraries, and databases with five rows in each table."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.rehearsal.common import FUNCTIONS, VALUES, column_name, copied, packed, unpacked
from chatkit_doctor.backend.rehearsal.idents import IDS, Ident
from chatkit_doctor.backend.rehearsal.queries import Column, Condition, Query, is_id
from chatkit_doctor.backend.rehearsal.redis.client import client_of, commanded, is_client
from chatkit_doctor.backend.rehearsal.redis.keys import RedisKeys
from chatkit_doctor.backend.rehearsal.tables import FoundRows, Trace, asked, cut
from chatkit_doctor.project.app import App
from chatkit_doctor.python.rehearsal.machine import Machine
from chatkit_doctor.python.rehearsal.values import Blank, Built, Class, Lost, Outer, Thing

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
_READERS = frozenset(
    {
        "model_validate",
        "model_validate_json",
        "validate_python",
        "validate_json",
        "parse_obj",
        "parse_raw",
        "from_dict",
        "model_construct",
    }
)
# What makes of a text that something was packed into another one that holds it.
_SAME_TEXT = frozenset({"decode", "encode", "strip"})
_WRITERS = frozenset({"model_dump", "model_dump_json", "dict", "json", "to_dict", "dump_python", "dump_json"})
_AS_DICT = frozenset({"model_dump", "dict"})
# What hands over a function to be called elsewhere.
_RUNNERS = {"run_in_executor": 1, "submit": 0, "run_sync": 0, "to_thread": 0}


class World:
    """What other packages do in one pass; `trace` keeps what it did to databases."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.trace = Trace()
        self._redis = RedisKeys()

    def canonical(self, dotted: str) -> str:
        """Return a name of the SDK by the module that defines it."""
        return contract_for(self._app, self._app.folder).canonical(dotted) or dotted

    def call(
        self, machine: Machine, dotted: str, arguments: list[object], named: dict[str, object], node: ast.Call
    ) -> object:
        """Return what calling a value gives."""
        handler = FUNCTIONS.get(dotted)
        if handler is not None:
            return handler(machine, arguments, named)
        if (client := client_of(dotted)) is not None:
            return client
        owner, _, name = dotted.rpartition(".")
        if name in {"desc", "asc"} and (column := column_name(Outer(owner))):
            return Column(column, is_turned=name == "desc")
        if name in _READERS:
            return unpacked(arguments[0] if arguments else Blank(), self.canonical(owner))
        if name in _LOGGING or dotted.startswith(("logging.", "structlog.", "loguru.")):
            return Blank()
        if name[:1].isupper():
            return self._made(machine, self.canonical(dotted), arguments, named, node)
        # A model of Django's whose module is not at hand.
        is_manager = owner.endswith(".objects") and owner.split(".")[-2][:1].isupper()
        return asked(Query() if is_manager else Blank(), name, arguments, named, self.trace)

    def _made(
        self, machine: Machine, kind: str, arguments: list[object], named: dict[str, object], node: ast.Call
    ) -> object:
        whole = named.pop("**", None)
        made = Thing(kind, dict(named), made_at=(machine.at, node) if machine.at else None)
        if isinstance(whole, Blank):
            read = unpacked(whole, kind)
            if isinstance(read, Thing):
                # What was stored whole is read whole.
                made.made_at = None
                made.attributes = read.attributes | made.attributes
        made.attributes.update({f"argument {index}": each for index, each in enumerate(arguments)})
        return made

    def method(
        self, machine: Machine, holder: object, name: str, arguments: list[object], named: dict[str, object]
    ) -> object:
        """Return what a method of a value that is not the project's own gives."""
        if isinstance(holder, Thing) and is_client(holder):
            return NotImplemented if name == "__iter__" else commanded(self._redis, holder, name, arguments, named)
        if name in _LOGGING and isinstance(holder, Blank | Thing):
            return Blank()
        if name in _RUNNERS and len(arguments) > _RUNNERS[name] and isinstance(holder, Blank | Thing):
            return machine.apply(arguments[_RUNNERS[name]], arguments[_RUNNERS[name] + 1 :], named)
        if isinstance(holder, Blank) and name in {"get", "pop"} and arguments and _is_column(arguments[0]):
            return self._column(holder, f"{arguments[0]}")
        if name in _SAME_TEXT and isinstance(holder, Blank) and holder.inside is not None:
            return holder
        if name in _READERS and isinstance(holder, Blank | Thing):
            return unpacked(arguments[0] if arguments else Blank())
        if isinstance(holder, Thing | Blank) and name in _WRITERS:
            made = packed(arguments[0] if name.startswith("dump_") and arguments else holder)
            if isinstance(made, Blank):
                made.is_dict = name in _AS_DICT
            return made
        return asked(holder, name, arguments, named, self.trace)

    def given(self, dotted: str) -> object:
        """Return what stands in for an argument whose type is a class of another package."""
        return client_of(dotted) or NotImplemented

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value."""
        if isinstance(holder, Class):
            return self._of_class(holder, name)
        if isinstance(holder, Outer):
            return VALUES.get(f"{holder.dotted}.{name}", NotImplemented)
        if isinstance(holder, FoundRows | Query) and name == "data":
            return asked(holder, "all", [], {}, self.trace)
        if isinstance(holder, Thing):
            return self._of_thing(holder, name)
        if isinstance(holder, Blank) and holder.row is not None and holder.column in {None, ""} and is_id(name):
            return IDS[holder.row]
        if isinstance(holder, Blank) and name in holder.parts:
            return holder.parts[name]
        return NotImplemented

    def _of_thing(self, holder: Thing, name: str) -> object:
        if holder.view is not None and not holder.view.externals:
            return NotImplemented
        if name in {"model_copy", "copy"}:
            return Built(lambda _, named: _updated(holder, named.get("update")))
        return NotImplemented

    def _of_class(self, holder: Class, name: str) -> object:
        if name == "objects":
            return Query()
        if name == "DoesNotExist":
            return Outer(f"django.core.exceptions.Object{name}")
        found = next(holder.view.members(name), None)
        value = getattr(found[1], "value", None) if found else None
        if any(each.rpartition(".")[2].endswith("Enum") for each in holder.view.externals):
            return NotImplemented
        if name in _READERS:
            return NotImplemented
        return Column(name) if found is None or isinstance(value, ast.Call) else NotImplemented

    def entry(self, holder: object, key: object) -> object:
        """Return `holder[key]`."""
        if isinstance(holder, Query):
            return cut(holder, key)
        if isinstance(holder, Blank) and isinstance(key, str):
            return self._column(holder, key)
        if isinstance(holder, Blank) and isinstance(key, int) and holder.row is not None:
            # A row without names: the first of its columns is its id as often as not.
            return holder.part(key)
        return NotImplemented

    def _column(self, holder: Blank, name: str) -> object:
        if name in holder.parts:
            return holder.parts[name]
        if holder.row is not None and holder.column in {None, ""} and is_id(name):
            return IDS[holder.row]
        return holder.part(name)

    def compared(self, op: ast.cmpop, left: object, right: object) -> object:
        """Return what one comparison gives."""
        operator = _OPERATORS.get(type(op))
        if operator is None:
            return NotImplemented
        for one, other, sign in ((left, right, operator), (right, left, _TURNED[operator])):
            if isinstance(one, Column) or (isinstance(one, Outer) and column_name(one)):
                name = column_name(one)
                assert name is not None
                return Condition(name, sign, other)
        if isinstance(op, ast.Lt | ast.Gt) and isinstance(left, Ident) and isinstance(right, Ident):
            self.trace.has_compared_ids = True
        return NotImplemented


def _is_column(key: object) -> bool:
    """Return whether a key is the name of a column and no id."""
    return isinstance(key, str) and not isinstance(key, Ident)


def _updated(holder: Thing, update: object) -> Thing:
    """Return a copy of an object with other attributes. Raises Lost where it is not told which."""
    made = copied(holder)
    assert isinstance(made, Thing)
    if isinstance(update, dict):
        made.attributes.update({str(name): value for name, value in update.items()})
    elif update is not None:
        raise Lost
    return made
