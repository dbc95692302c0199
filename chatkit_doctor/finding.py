"""What a scan says: a finding, where it is, how bad it is, and the edits that would mend it.

Everything above this module (checks, fixer, reports) speaks in these types. They hold no policy: which
findings count, are suppressed or are fixed is decided in scan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from chatkit_doctor.records import dataclass, field
from chatkit_doctor.source import Location


class Severity(StrEnum):
    """How bad a finding is: error fails when run, warning fails for some, info is advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 2 for error, 1 for warning, 0 for info, so that severities can be compared."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]


class Applicability(StrEnum):
    """When a fix may be applied: safe with `--fix`, unsafe only with `--unsafe-fixes` as well."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text at a location; an empty location inserts. Offsets belong to `at.source` as read."""

    at: Location
    text: str


@dataclass(eq=False, slots=True)
class Fix:
    """One way to mend a finding: a title in the imperative, an applicability, and edits made on demand.

    `build` is called at most once and only when somebody needs the edits, so that what is needed to write
    (LibCST) is not loaded to look. It may return no edits: the fix then turned out not to be possible.
    """

    title: str
    applicability: Applicability
    build: Callable[[], Sequence[Edit]]
    _edits: tuple[Edit, ...] | None = field(default=None, init=False, repr=False)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Return the edits, in no particular order; they never overlap each other."""
        if self._edits is None:
            self._edits = tuple(self.build())
            # What it was built from is large, and is not to be held by what was mended.
            self.build = tuple
        return self._edits

    @property
    def built(self) -> tuple[Edit, ...] | None:
        """Return the edits where somebody has needed them before, None where nobody has."""
        return self._edits


@dataclass(frozen=True, slots=True)
class SeenAs:
    """How people meet a finding: a line of its page's `seen_as`, by the line's name, and the names that fill it."""

    line: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A second place that has to do with a finding, and a few words on what is there."""

    at: Location
    label: str


@dataclass(eq=False, slots=True)
class Finding:
    """One defect at one place. All that it says is true of this defect, or it does not say it.

    message: a fact in lower case without a full stop, in the user's own names; it never suggests.
    label: what the marked span shows, a few words.
    help: what to do, in the imperative.
    severity: None for the severity on the rule's page.
    row: the row of the Complete Error Reference (1 to 13) whose error and fix are those of this defect; None for none.
    seen_as: what the user sees of it; None where nothing can be foretold.
    why: why this defect is bad, a sentence with its full stop; empty where the one on the rule's page is true of it.
    fix: None where no edit can be right.
    elsewhere: where the other half of what does not fit together stands.
    """

    code: str
    at: Location
    message: str
    label: str = ""
    help: str = ""
    severity: Severity | None = None
    row: int | None = None
    seen_as: SeenAs | None = None
    why: str = ""
    fix: Fix | None = None
    elsewhere: Elsewhere | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Return what findings are sorted by: their place, then code and message."""
        return *self.at.order, self.code, self.message
