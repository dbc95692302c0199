"""A database query as far as paging is concerned, and the rows that it finds."""

from __future__ import annotations

from chatkit_doctor.backend.rehearsal.idents import IDS, ROWS, Ident
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.rehearsal.values import Blank, Instant, Lost
from chatkit_doctor.records import dataclass, replace

# Columns that hold a row's own id, and those whose values grow from row to row.
_ID_COLUMN = regex(r"^_?(id|pk|uuid|item_id|message_id|row_id|attachment_id|public_id|external_id)$")
_GROWING = regex(
    r"created|updated|timestamp|^ts$|^time|_at$|date|seq|position|^pos$|^idx$|index|ordinal|rowid|order|number|version"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a column with a value."""

    column: str
    operator: str
    value: object


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a table.

    ordering: the columns, and whether each is turned round. is_vague: whether it says more than was understood.
    dicts: the columns that hold JSON, which a row gives as it was read.
    """

    conditions: tuple[Condition, ...] = ()
    ordering: tuple[tuple[str, bool], ...] = ()
    limit: object = None
    offset: object = None
    is_count: bool = False
    is_vague: bool = False
    dicts: frozenset[str] = frozenset()

    def row(self, number: int | None) -> Blank:
        """Return a row that it finds."""
        made = Blank(number)
        for name in self.dicts:
            held = made.parts[name] = Blank(number, name)
            held.is_dict = True
        return made

    def having(self, *conditions: Condition) -> Query:
        """Return the query with conditions added."""
        return replace(self, conditions=(*self.conditions, *conditions))


@dataclass(slots=True)
class Column:
    """A column of a table as a value, perhaps turned round."""

    name: str
    is_turned: bool = False


def is_id(column: str) -> bool:
    """Return whether a column holds the id of its row."""
    return _ID_COLUMN.search(column.lower()) is not None


def rows(query: Query) -> list[object]:
    """Return the rows that a query finds. Raises Lost where that cannot be told."""
    if query.is_vague:
        raise Lost
    found = list(range(ROWS))
    for condition in query.conditions:
        found = [row for row in found if _holds(condition, row)]
    for column, is_turned in reversed(query.ordering):
        found.sort(key=lambda row: _key(column, row), reverse=is_turned)
    start = _number(query.offset) or 0
    limit = _number(query.limit)
    found = found[start:] if limit is None else found[start : start + limit]
    return [query.row(row) for row in found]


def _number(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise Lost


def _key(column: str, row: int) -> tuple[int, str]:
    if is_id(column):
        return 0, IDS[row]
    if _GROWING.search(column.lower()):
        return row, ""
    raise Lost


def _holds(condition: Condition, row: int) -> bool:
    column, operator, value = condition.column.lower(), condition.operator, condition.value
    if operator in {"=", "!="}:
        if not is_id(column) or not isinstance(value, Ident) or value.row is None:
            # Of a thread, of a user: each row is.
            return True
        return (IDS[row] == value) == (operator == "=")
    if is_id(column) and isinstance(value, Ident):
        return _ordered(IDS[row], operator, value)
    at = value.row if isinstance(value, Blank | Ident) else None
    if isinstance(value, Instant):
        at = int(value.position)
    # An id that was made a number grows with the rows.
    if at is None or not (is_id(column) or _GROWING.search(column)):
        raise Lost
    return _ordered(row, operator, at)


def _ordered(one: int | str, operator: str, other: int | str) -> bool:
    later, same = one > other, one == other  # type: ignore[operator]
    return {"<": not later and not same, "<=": not later, ">": later, ">=": later or same}[operator]


def matching(query: Query) -> Ident | None:
    """Return the id of the one row that a query asks for, None where it asks for more or for another."""
    for condition in query.conditions:
        if condition.operator == "=" and isinstance(condition.value, Ident) and condition.value.row is not None:
            return condition.value
    return None
