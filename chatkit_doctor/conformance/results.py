"""What running a property gives: a verdict, in words and with the smallest case that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


class BrokenError(Exception):
    """A property does not hold.

    fact: what is wrong, one line in lower case without a full stop. case: the calls that show it. method: the name of
    the method that the fact is about, where it is one.
    """

    def __init__(self, fact: str, case: str = "", method: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.case = case
        self.method = method


class SubjectError(Exception):
    """What was named cannot be checked: one line for a person."""


class SkippedError(Exception):
    """A property cannot be asked of this subject; the text says why."""


@dataclass
class Outcome:
    """A property's verdict.

    name: the property's. status: "pass", "fail" or "skip". fact, case: see BrokenError; of a skipped one why.
    path, line: where in the code, None where that is not known. seconds: how long it took.
    """

    name: str
    status: str
    fact: str = ""
    case: str = ""
    path: str | None = None
    line: int | None = None
    seconds: float = 0.0

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values, as JSON takes them."""
        return asdict(self)
