"""Reading a statement of SQL, its placeholders filled: which rows a SELECT asks for, and what a write does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import count

from chatkit_doctor.backend.rehearsal.queries import Condition, Query, is_id
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.rehearsal.values import Lost
from chatkit_doctor.records import dataclass

_PLACEHOLDER = r"\$\d+|%\(\w+\)s|\?\d+|:\w+|@\w+"
_SELECT = regex(r"^\s*(?:WITH\b.*?\)\s*)?SELECT\b", re.IGNORECASE | re.DOTALL)
_COUNT = regex(r"^\s*SELECT\s+(?:VALUE\s+)?COUNT\s*\(", re.IGNORECASE)
_ORDER = regex(r"\bORDER\s+BY\s+(.*?)(?=\bLIMIT\b|\bOFFSET\b|\bFETCH\b|\bFOR\b|$)", re.IGNORECASE | re.DOTALL)
_LIMIT = regex(rf"\bLIMIT\s+({_PLACEHOLDER}|\d+)(?:::\w+)?", re.IGNORECASE)
_OFFSET = regex(rf"\bOFFSET\s+({_PLACEHOLDER}|\d+)(?:::\w+)?", re.IGNORECASE)
_WHERE = regex(r"\bWHERE\b(.*?)(?=\bORDER\s+BY\b|\bGROUP\s+BY\b|\bLIMIT\b|\bOFFSET\b|;|$)", re.IGNORECASE | re.DOTALL)
_COMPARISON = regex(rf"^\(?\s*(?:\w+\.)?(\w+)\s*(<=|>=|<>|!=|=|<|>)\s*({_PLACEHOLDER})(?:::\w+)?\s*\)?$")
# `position > (SELECT position FROM items WHERE id = :after)`: behind the row of a cursor, which may be NULL.
_BEHIND = (
    r"(?:\w+\.)?(\w+)\s*(<=|>=|<|>)\s*(?:COALESCE\(\s*)?\(\s*SELECT\s+(?:\w+\.)?\w+\s+FROM\b[^()]*?"
    rf"\b\w+\s*=\s*({_PLACEHOLDER})\s*\)(?:\s*,\s*[^()]+\))?"
)
_CURSOR = regex(rf"\(\s*(?:{_PLACEHOLDER})\s+IS\s+NULL\s+OR\s+{_BEHIND}\s*\)|{_BEHIND}", re.IGNORECASE)
_HARMLESS = regex(r"^\s*(?:\(\s*)?([\w.\"]+)\s*(?:=|<>|!=|IS\b|LIKE\b|IN\b)", re.IGNORECASE)

# What no statement is longer than that people write, in characters.
_LONGEST = 20_000

Filled = Callable[[str], object]


def is_select(text: str) -> bool:
    """Return whether a statement reads rows."""
    return _SELECT.search(text) is not None


@dataclass(frozen=True, slots=True)
class _Select:
    """A SELECT as it is written: its comparisons with placeholders, each a column, an operator and a placeholder.

    cursors: those that begin behind a row. limit, offset: numbers or placeholders, None for none.
    """

    cursors: tuple[tuple[str, str, str], ...]
    comparisons: tuple[tuple[str, str, str], ...]
    ordering: tuple[tuple[str, bool], ...]
    limit: str | None
    offset: str | None
    is_count: bool
    is_vague: bool


def select(text: str, parameters: object) -> Query:
    """Return what a SELECT asks for. Raises Lost for one that nobody writes by hand."""
    if len(text) > _LONGEST:
        raise Lost
    asked = _read(text)
    filled = _filler(parameters)
    query = Query()
    for column, operator, placeholder in asked.cursors:
        if (value := filled(placeholder)) is not None:
            query = query.having(Condition(column, operator, value))
    for column, operator, placeholder in asked.comparisons:
        query = query.having(Condition(column, "!=" if operator == "<>" else operator, filled(placeholder)))
    return Query(
        query.conditions,
        asked.ordering,
        _bound(asked.limit, filled) if asked.limit else None,
        _bound(asked.offset, filled) if asked.offset else None,
        is_count=asked.is_count,
        is_vague=asked.is_vague,
    )


# Each pass of a rehearsal asks the same statements.
@lru_cache(maxsize=256)
def _read(text: str) -> _Select:
    """Return what a SELECT says, whatever its placeholders stand for."""
    plain = _numbered(" ".join(text.split()))
    is_count = _COUNT.search(plain) is not None
    cursors = tuple((each[1] or each[4], each[2] or each[5], each[3] or each[6]) for each in _CURSOR.finditer(plain))
    plain = _CURSOR.sub("TRUE", plain)
    where = _WHERE.search(plain)
    written = re.split(r" AND ", where[1].strip(), flags=re.IGNORECASE) if where and where[1].strip() else []
    parts = [(each, _COMPARISON.search(each)) for each in written if each != "TRUE"]
    order = _ORDER.search(plain)
    limit, offset = _LIMIT.search(plain), _OFFSET.search(plain)
    return _Select(
        cursors,
        tuple((found[1], found[2], found[3]) for _, found in parts if found is not None),
        tuple(map(_column, _parts(order[1]))) if order else (),
        limit[1] if limit else None,
        offset[1] if offset else None,
        is_count,
        any(found is None and not _is_harmless(each) for each, found in parts)
        or re.search(r"\b(UNION|GROUP BY|HAVING|DISTINCT|OFFSET \()\b", plain, re.IGNORECASE) is not None
        or (re.search(r"\bLIMIT\b", plain, re.IGNORECASE) is not None) is not bool(limit),
    )


def _is_harmless(condition: str) -> bool:
    """Return whether a condition is one of a user or of a status, and holds for every row.

    One that orders rows in a way of its own does not, nor one of several of which one asks for an id.
    """
    if re.search(r"[<>]|\bSELECT\b", condition, re.IGNORECASE):
        return False
    each = [_HARMLESS.search(part) for part in re.split(r"\bOR\b", condition, flags=re.IGNORECASE)]
    return all(each) and (len(each) == 1 or not any(is_id(_name(found[1])) for found in each if found))


def _name(column: str) -> str:
    return column.rpartition(".")[2].strip('"`')


def _column(text: str) -> tuple[str, bool]:
    words = text.strip().split()
    name = words[0].rpartition(".")[2].strip('"`')
    return name, any(each.upper() == "DESC" for each in words[1:])


def _bound(text: str, filled: Filled) -> object:
    return int(text) if text.isdigit() else filled(text)


def _filler(parameters: object) -> Filled:
    """Return what gives the value of a placeholder of a statement. Raises Lost where it has none."""

    def filled(placeholder: str) -> object:
        name = placeholder[2:-2] if placeholder.startswith("%(") else placeholder[1:]
        if name.isdigit():
            return _nth(parameters, int(name) - 1)
        return _called(parameters, name)

    return filled


def _nth(parameters: object, index: int) -> object:
    if isinstance(parameters, list | tuple) and 0 <= index < len(parameters):
        return parameters[index]
    raise Lost


def _called(parameters: object, name: str) -> object:
    if isinstance(parameters, dict) and name in parameters:
        return parameters[name]
    # Cosmos takes a list of {"name": "@after", "value": …}.
    for each in parameters if isinstance(parameters, list | tuple) else ():
        if isinstance(each, dict) and str(each.get("name", "")).lstrip("@:") == name:
            found: object = each.get("value")
            return found
    raise Lost


def _numbered(text: str) -> str:
    """Return a statement with its nameless placeholders numbered in the order of the text."""
    numbers = count(1)
    return re.sub(r"%s|\?(?!\d)", lambda _: f"${next(numbers)}", text)


_SET = regex(r"\bSET\b(.*?)(?=\bWHERE\b|\bRETURNING\b|;|$)", re.IGNORECASE | re.DOTALL)
# Columns that say when something was last done to a row.
_STAMPED = regex(r"^(?:updated|modified|changed|touched|last)\w*$|^timestamp$", re.IGNORECASE)
_UPSERT = regex(
    r"\bON\s+CONFLICT\b(?P<conflict>.*)|\bOR\s+REPLACE\b|\bON\s+DUPLICATE\s+KEY\b|^\s*(?:REPLACE|MERGE)\b",
    re.IGNORECASE | re.DOTALL,
)


def _parts(text: str) -> list[str]:
    """Return what commas separate, those in parentheses aside."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


@lru_cache(maxsize=256)
def write_kind(text: str) -> str:
    """Return what a statement does to rows: `insert`, `ignore` (or insert), `upsert`, `update`, or "" for none.

    `stamp` is an update, also one where a row is there already, that sets nothing but when it was made.
    """
    if len(text) > _LONGEST:
        return ""
    text = text.strip()
    if _only_stamps(text):
        return "stamp"
    if re.search(r"^(?:WITH\b.*\)\s*)?(?:UPDATE|DELETE)\b", text, re.IGNORECASE | re.DOTALL):
        return "update"
    if not re.search(r"^\s*(?:INSERT|REPLACE|MERGE|UPSERT)\b", text, re.IGNORECASE):
        return ""
    if re.search(r"\bOR\s+IGNORE\b|\bDO\s+NOTHING\b|^\s*INSERT\s+IGNORE\b", text, re.IGNORECASE):
        return "ignore"
    if re.search(r"^\s*UPSERT\b", text, re.IGNORECASE) or _UPSERT.search(text):
        return "upsert"
    return "insert"


def _only_stamps(text: str) -> bool:
    """Return whether a statement gives rows that are there nothing but a new time."""
    if not re.search(r"^\s*UPDATE\b|\bDO\s+UPDATE\b|\bON\s+DUPLICATE\s+KEY\s+UPDATE\b", text, re.IGNORECASE):
        return False
    found = _SET.findall(text)
    columns = [each.partition("=")[0].strip() for each in _parts(found[0])] if len(found) == 1 else []
    return bool(columns) and all(_STAMPED.search(_name(each)) for each in columns)
