"""The fix of a saving method that inserts by SQL: the row of the same key takes the new values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatkit_doctor.backend.rehearsal.inserts import PlainInsert, plain_insert
from chatkit_doctor.backend.stores.saving import Saved, Saving
from chatkit_doctor.checks.store.method_body import written_here
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

_INSERTING = (Saving.INSERTED, Saving.LEFT, Saving.NOTHING)
_IGNORE = regex(r"INSERT\s+OR\s+IGNORE\s+INTO", re.IGNORECASE)
_NOTHING = regex(r"(?<!\s)\s*+ON\s++CONFLICT\s*+(?:\([\w\s,]*+\)\s*+)?DO\s++NOTHING", re.IGNORECASE)
_END = regex(r"(?<!\s)\s*+(?:;\s*+)?(?P<quotes>\"\"\"|'''|\"|')\Z")


def upsert_fix(app: App, saved: Saved) -> Fix | None:
    """Return the fix of the one INSERT that saves; None where there is another, or the table's key is not told."""
    if saved.outcome not in _INSERTING:
        return None
    edits = written_here(saved, lambda method: _edits(plain_insert(app, method.module, method.function)))
    return Fix("replace the row of the same key", Applicability.UNSAFE, lambda: edits) if edits else None


def _edits(found: PlainInsert | None) -> Sequence[Edit]:
    if found is None:
        return []
    at = found.module.location(found.literal)
    text = _NOTHING.sub("", _IGNORE.sub("INSERT INTO", at.text))
    end = _END.search(text)
    if end is None:
        return []
    kept = ", ".join(f"{each} = excluded.{each}" for each in found.rest)
    clause = f"ON CONFLICT ({', '.join(found.key)}) DO UPDATE SET {kept}"
    return [Edit(at, _with_clause(text, end.start(), clause, found.literal.col_offset))]


def _with_clause(text: str, end: int, clause: str, column: int) -> str:
    """Put a clause at the end of a statement: on a line of its own where the statement has several."""
    quotes = text[end:].strip(" ;\r\n\t")
    if len(quotes) == 3:
        last = text[:end].rpartition("\n")[2]
        indent = last[: len(last) - len(last.lstrip())]
        return f"{text[:end]}\n{indent}{clause}{text[end:]}"
    if "\n" in text[:end]:
        return f"{text[:end]} {quotes}\n{' ' * column}{quotes}{clause}{text[end:]}"
    return f"{text[:end]} {clause}{text[end:]}"
