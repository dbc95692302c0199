"""INSERT statements as stores write them, and the key of the table that they insert into."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

_INSERT = regex(
    r"\s*INSERT\s+(?:OR\s+IGNORE\s+)?INTO\s+(?P<table>\w+)\s*\((?P<columns>[\w\s,]+)\)\s*VALUES\s*\([^()]*\)"
    r"(?:\s*+ON\s++CONFLICT\s*+(?:\([\w\s,]*+\)\s*+)?DO\s++NOTHING)?\s*+(?:;\s*+)?",
    re.IGNORECASE,
)
_TABLE = r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{}\s*\("
_KEYS = regex(r"PRIMARY\s+KEY\s*\((?P<columns>[\w\s,]+)\)", re.IGNORECASE)
_KEY = regex(
    r"(?:^|[,(])\s*+(?P<column>\w++)\s++(?:[^,()]*+\([^()]*+\))?[^,()]*?\bPRIMARY\s++KEY\b(?!\s*+\()", re.IGNORECASE
)
# Drivers of databases that know ON CONFLICT.
_DRIVERS = frozenset({"sqlite3", "aiosqlite", "asyncpg", "psycopg", "psycopg2", "psycopg_pool"})


@dataclass(frozen=True, slots=True)
class PlainInsert:
    """A literal that inserts and replaces nothing. key: the columns of the table's primary key; rest: the others."""

    module: Module
    literal: ast.Constant
    key: tuple[str, ...]
    rest: tuple[str, ...]


def plain_insert(app: App, module: Module, function: FunctionNode) -> PlainInsert | None:
    """Return the one INSERT of a function, where the app's code also says what the key of its table is."""
    texts = [each for each in ast.walk(function) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    found = [(each, match) for each in texts if (match := _INSERT.fullmatch(str(each.value))) is not None]
    imported = {each.dotted.partition(".")[0] for owner in app.modules() for each in app.names(owner).imports()}
    if len(found) != 1 or _DRIVERS.isdisjoint(imported):
        return None
    literal, match = found[0]
    columns = _names(match["columns"])
    keys = {key for text in _definitions(app, match["table"]) if (key := _key(text))}
    key = keys.pop() if len(keys) == 1 else ()
    rest = tuple(each for each in columns if each not in key)
    if not key or not rest or not set(key) <= set(columns):
        return None
    return PlainInsert(module, literal, key, rest)


def _definitions(app: App, table: str) -> Iterator[str]:
    """Yield what the app's code says of a table from its first column on."""
    pattern = regex(_TABLE.format(table), re.IGNORECASE)
    for module in app.modules():
        for each in module.nodes(ast.Constant) if "CREATE" in module.source.text.upper() else ():
            begin = pattern.search(each.value) if isinstance(each.value, str) else None
            if begin is not None:
                yield _balanced(str(each.value)[begin.end() - 1 :])


def _balanced(text: str) -> str:
    """Return the beginning of a text up to the parenthesis that closes its first."""
    depth = 0
    for at, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return text[: at + 1]
    return text


def _key(table: str) -> tuple[str, ...]:
    together = _KEYS.search(table)
    if together is not None:
        return _names(together["columns"])
    alone = _KEY.search(table)
    return (alone["column"],) if alone is not None else ()


def _names(columns: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in columns.split(",") if each.strip())
