"""The imaginary rows of a store: their ids are in another order than their times, as random ones are."""

from __future__ import annotations

from chatkit_doctor.contracts.sdk.sdk_names import THREAD, WHOLE_THREAD
from chatkit_doctor.python.rehearsal.values import Blank, Instant, Thing

# How many rows a thread or a list of threads has: enough for three pages of two.
ROWS = 5
PAGE_SIZE = 2
_LETTERS = "cxamp"
_THREADS = frozenset({THREAD, WHOLE_THREAD})


class Ident(str):
    """An id of one of the rows; what is made of it knows the row."""

    __slots__ = ("row",)

    def __new__(cls, text: str, row: int | None = None) -> Ident:
        """Return an id with the number of its row."""
        made = super().__new__(cls, text)
        made.row = row
        return made

    row: int | None


THREAD_ID = Ident("thr_one")
IDS = tuple(Ident(f"id_{letter}", row) for row, letter in enumerate(_LETTERS))
ABSENT = Ident("id_absent")


def model(kind: str, row: int, thread: str = THREAD_ID) -> Thing:
    """Return a row as an object of the SDK: a thread, an item or an attachment of this number."""
    # Of the later rows' times nobody knows more than that they are later. A new thread's metadata is an empty dict.
    more: dict[str, object] = {"metadata": {}} if kind in _THREADS else {}
    return Thing(kind, {"id": IDS[row], "created_at": Instant(row), "thread_id": thread, **more}, is_open=True)


def row_of(value: object) -> int | None:
    """Return which row a value is of, None where that is not known."""
    if isinstance(value, Blank):
        return row_of(value.inside) if value.inside is not None else value.row
    if isinstance(value, Thing):
        ident = value.attributes.get("id")
        return ident.row if isinstance(ident, Ident) else row_of(ident) if isinstance(ident, Blank) else None
    return value.row if isinstance(value, Ident) else None


def row_named_in(text: object) -> int | None:
    """Return the one row whose id a text was made of, such as `msg_` with the id behind it; None for any other."""
    if not isinstance(text, str) or isinstance(text, Ident) or ABSENT in text:
        return None
    found = [row for row, each in enumerate(IDS) if each in text]
    return found[0] if len(found) == 1 else None
