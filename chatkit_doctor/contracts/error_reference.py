"""The Complete Error Reference: the thirteen errors that findings answer to."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row, counted from 1: the error as people see it, the side it is on, and how it is mended."""

    row: int
    error: str
    module: str
    fix: str


@cache
def error_rows() -> tuple[ErrorRow, ...]:
    """Return all rows in their order."""
    return tuple(
        ErrorRow(number, entry["error"], entry["module"], entry["fix"])
        for number, entry in enumerate(kept("error_reference")["row"], start=1)
    )


def error_reference(row: int) -> ErrorRow:
    """Return one row by its number, from 1. Raises IndexError for a number the table does not have."""
    if row < 1:
        raise IndexError(row)
    return error_rows()[row - 1]
