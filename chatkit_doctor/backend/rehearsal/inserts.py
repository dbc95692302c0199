"""INSERT statements as stores write them, and the key of the table that they insert into."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass

_INSERT = regex(
    r"\s*INSERT\s+(?:OR\s+IGNORE\s+)?INTO\s+(?P<table>\w+)\s*\((?P<columns>[\w\s,]+)\)\s*VALUES\s*\([^()]*\)"
    r"(?:\s*+ON\s++CONFLICT\s*+(?:\([\w\s,]*+\)\s*+)?DO\s++NOTHING)?\s*+(?:;\s*+)?",
    re.IGNORECASE,
)
_TABLE = r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{}\s*\("
# What tells rows apart: the columns of the table's key, or those of which no two rows have the same.
_TOGETHER = r"{}\s*\((?P<columns>[\w\s,]+)\)"
_ALONE = r"(?:^|[,(])\s*+(?P<column>\w++)\s++(?:[^,()]*+\([^()]*+\))?[^,()]*?\b{}\b(?!\s*+\()"
_PRIMARY, _UNIQUE = r"PRIMARY\s++KEY", "UNIQUE"
# Columns that say when a row was first there, or where it stands: one that is saved again keeps them.
_OF_THE_FIRST = regex(r"created|inserted|position|^pos$|^seq|sequence|ordinal|^idx$|index|sort", re.IGNORECASE)
# Drivers of databases that know ON CONFLICT.
_DRIVERS = frozenset({"sqlite3", "aiosqlite", "asyncpg", "psycopg", "psycopg2", "psycopg_pool"})
_IMPORTS = tuple(f"{word} {each}".encode() for each in sorted(_DRIVERS) for word in ("import", "from"))


@dataclass(frozen=True, slots=True)
class PlainInsert:
    """A literal that inserts and replaces nothing.

    key: the columns of the table's key, or its unique ones. rest: the others, but for those that say when a row was
    first there.
    """

    module: Module
    literal: ast.Constant
    key: tuple[str, ...]
    rest: tuple[str, ...]


def plain_insert(app: App, module: Module, function: FunctionNode) -> PlainInsert | None:
    """Return the one INSERT of a function, where the app's code also says what the key of its table is."""
    texts = [each for each in walk(function) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    found = [(each, match) for each in texts if (match := _INSERT.fullmatch(str(each.value))) is not None]
    if len(found) != 1 or not _has_driver(app):
        return None
    literal, match = found[0]
    columns = _names(match["columns"])
    keys = {key for text in _definitions(app, match["table"]) if (key := _key(text, frozenset(columns)))}
    key = keys.pop() if len(keys) == 1 else ()
    rest = tuple(each for each in columns if each not in key and not is_of_the_first(each))
    if not key or not rest or not set(key) <= set(columns):
        return None
    return PlainInsert(module, literal, key, rest)


def _has_driver(app: App) -> bool:
    """Return whether a file of the app imports a driver; the one that connects need not mention ChatKit."""
    imported = {each.dotted.partition(".")[0] for owner in app.modules() for each in app.names(owner).imports()}
    if not _DRIVERS.isdisjoint(imported):
        return True
    return any(path.suffix == ".py" and app.mentions(path, _IMPORTS) for path in app.files)


def is_of_the_first(column: str) -> bool:
    """Return whether a column says when its row was first there, or where it stands among the others."""
    return _OF_THE_FIRST.search(column) is not None


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


def _key(table: str, columns: frozenset[str]) -> tuple[str, ...]:
    """Return the columns by which a row is known that is inserted with these: of the key, else the unique ones."""
    primary = _marked(table, _PRIMARY)
    if len(primary) == 1 and columns.isdisjoint(primary[0]):
        # The database counts by itself.
        unique = _marked(table, _UNIQUE)
        return unique[0] if len(unique) == 1 else ()
    return primary[0] if len(primary) == 1 else ()


def _marked(table: str, word: str) -> list[tuple[str, ...]]:
    together = regex(_TOGETHER.format(word), re.IGNORECASE).finditer(table)
    alone = regex(_ALONE.format(word), re.IGNORECASE).finditer(table)
    return [*(_names(each["columns"]) for each in together), *((each["column"],) for each in alone)]


def _names(columns: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in columns.split(",") if each.strip())
