"""What a check says: passed, failed or skipped, why, and which rule would explain it; and the exit code of them all."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from chatkit_doctor.commands.exits import EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS, EXIT_NOTHING_TO_SCAN
from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.verify.explained import ExplainedBy

REACHABLE = "reachable"

# The names, which scripts rely on, with the titles that people read, in the order of a run.
TITLES = {
    REACHABLE: "the server answers",
    "health": "GET /health returns 200",
    "threads-list": "threads are listed",
    "cors": "the page's origin may ask",
    "page-loads": "the page loads",
    "page-script": "the page loads ChatKit's script",
    "page-policy": "the page's policy lets ChatKit in",
    "page-embedding": "the page may embed ChatKit's frame",
    "streamed-turn": "a turn is streamed",
    "event-stream": "the stream is well formed",
    "in-pieces": "the stream comes in pieces",
    "no-errors": "no turn ends in an error",
    "memory": "the second turn remembers the first",
    "unique-ids": "every message has an id of its own",
    "reload": "everything is there on reload",
    "separate-messages": "messages stay separate",
    "debug-threads": "/debug/threads shows unique ids",
    "deletion": "a deleted thread is gone",
}
PAGE_CHECKS = tuple(name for name in TITLES if name.startswith("page-"))
WRITING_CHECKS = tuple(list(TITLES)[list(TITLES).index("streamed-turn") :])


class Status(StrEnum):
    """What came of a check."""

    PASSED = "pass"
    FAILED = "fail"
    SKIPPED = "skip"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    reason: one line; "" where there is nothing to add. rule: the code of the rule that would explain a failure.
    help: what to do, in the imperative.
    """

    status: Status
    reason: str = ""
    rule: ExplainedBy | None = None
    help: str = ""


def passed(reason: str = "") -> Verdict:
    """Return that all is well."""
    return Verdict(Status.PASSED, reason)


def failed(reason: str, rule: ExplainedBy | None = None, help: str = "") -> Verdict:  # noqa: A002 - the word of findings
    """Return that something is wrong."""
    return Verdict(Status.FAILED, reason, rule, help)


def skipped(reason: str) -> Verdict:
    """Return that it could not be told."""
    return Verdict(Status.SKIPPED, reason)


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict of a named check. seconds: how long it took, its requests included."""

    name: str
    verdict: Verdict
    seconds: float

    @property
    def rule(self) -> Page | None:
        """Return the page of the rule that would explain a failure; not every rule has one yet."""
        return pages().get(self.verdict.rule or "")


@dataclass(slots=True)
class Verification:
    """All results of a run, in their order. left_behind: ids of threads that it made and could not delete."""

    url: str
    results: list[Result] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)

    def count(self, status: Status) -> int:
        """Return how many checks came out so."""
        return Counter(result.verdict.status for result in self.results)[status]

    @property
    def is_reachable(self) -> bool:
        """Return whether the server answered at all."""
        return any(each.name == REACHABLE and each.verdict.status is Status.PASSED for each in self.results)

    @property
    def exit_code(self) -> int:
        """Return the code for the shell, as for a scan: a failed check is a finding."""
        if not self.is_reachable:
            return EXIT_FAILED
        if self.count(Status.FAILED):
            return EXIT_FINDINGS
        checked = [each for each in self.results if each.name != REACHABLE]
        if all(each.verdict.status is Status.SKIPPED for each in checked):
            return EXIT_NOTHING_TO_SCAN
        return EXIT_CLEAN
