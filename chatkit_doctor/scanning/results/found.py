"""What the rules find in one app: the rules are run over it, and a bug in one of them hides nothing of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.budget import MOST_STEPS, Clock, OutOfBudgetError
from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule

# Of one rule in one app. What a machine wrote wrongly that often is mended by its generator, not by reading on.
MOST_FINDINGS = 2_000


# What means the same in the texts of any language.
_PLAIN = regex(r"[\w:/.-]*")
# Of what goes, the half of an escape or of a variable may stay behind.
_OF_CODE = frozenset("\\$")

Tell = Callable[[str], None]
"""Takes what is done from now on, for a person who waits."""


@dataclass(frozen=True, slots=True)
class InternalError:
    """A bug of ours in one check: its code, the file it was given last, and the traceback."""

    code: str
    path: Path | None
    error: str
    traceback: str


@dataclass(slots=True)
class Found:
    """What the rules found in one app, those of other apps' files included, and the bugs they ran into.

    cut: the codes of the rules that were stopped, having found or done more than any app that people write asks for.
    is_late: whether one of them was stopped by the clock, so that another run may find more.
    """

    findings: list[Finding] = field(default_factory=list)
    errors: list[InternalError] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    is_late: bool = False


def check_app(app: App, rules: Sequence[Rule], tell: Tell, clock: Clock) -> Found:
    """Run the rules that an app has files for. tell: takes which rule is checked, at its start.

    clock: has the time that is left for all the rules that are run.
    """
    found = Found()
    kinds = _kinds(app)
    for number, rule in enumerate(rules, 1):
        if kinds.isdisjoint(rule.reads):
            continue
        tell(f"checking {rule.code} ({number} of {len(rules)} rules)")
        found.findings += _run_rule(rule, app, found, clock)
    return found


class Anew:
    """The fixes of an app's findings, found once more where nothing but their titles was kept."""

    def __init__(self, app: App, rules: Iterable[Rule]) -> None:
        self._app = app
        self._rules = {rule.code: rule for rule in rules}
        self._found: dict[str, list[Finding]] = {}

    def edits(self, wanted: Finding, title: str) -> Sequence[Edit]:
        """Return the edits of a finding's fix. Whatever its rule raises is raised."""
        code = wanted.code
        if code not in self._found:
            self._found[code] = list(islice(self._rules[code].check(self._app), MOST_FINDINGS))
        for finding in self._found[code]:
            if finding.fix is not None and finding.fix.title == title and identity(finding) == identity(wanted):
                return finding.fix.edits
        return ()


def identity(finding: Finding) -> tuple[object, ...]:
    """Return what a finding is told from others by, for a file that belongs to no app is seen from several."""
    return finding.code, finding.at.path, finding.at.start, finding.at.end, finding.message


def note(errors: list[InternalError], error: InternalError) -> None:
    """Add an error unless it is known, by whatever way it was come upon."""
    if all((each.code, each.path, each.error) != (error.code, error.path, error.error) for each in errors):
        errors.append(error)


def internal_error(code: str, path: Path | None, error: Exception) -> InternalError:
    """Return what is known of a bug: the rule it is in, the file it was about, the error and its traceback."""
    import traceback

    return InternalError(code, path, f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def _kinds(app: App) -> frozenset[str]:
    """Return which kinds of files that matter an app has, or gets at."""
    web = next(app.documents(), None)
    kinds = {"python": next(app.modules(), None), "web": web, "own web": web if app.has_web_files else None}
    return frozenset(kind for kind, first in kinds.items() if first is not None)


def _kept_out_of_code(app: App, finding: Finding) -> Finding:
    """Return a finding without its fix where that would write into the texts of a program that prints the page."""
    document = app.document(finding.at.path) if finding.fix is not None and finding.at.path.suffix == ".php" else None
    if document is not None and finding.fix is not None:
        edits = [each for each in finding.fix.edits if each.at.path == document.path]
        if any(not _is_the_same_as_code(each) and document.is_written_as_code(each.at) for each in edits):
            finding.fix = None
    return finding


def _is_the_same_as_code(edit: Edit) -> bool:
    """Return whether an edit of a page is right where a program prints it: nothing in it is written in another way."""
    return _PLAIN.fullmatch(edit.text) is not None and _OF_CODE.isdisjoint(edit.at.text)


def _run_rule(rule: Rule, app: App, found: Found, clock: Clock) -> list[Finding]:
    """Return what a rule finds in an app, up to a bound; what it found before that or a crash is kept."""
    app.last_looked_at = None
    told: list[Finding] = []
    try:
        clock.start()
        app.budget.renew(min(MOST_STEPS, app.budget.of_a_rule), clock)
        for finding in islice(rule.check(app), MOST_FINDINGS):
            told.append(_kept_out_of_code(app, finding))  # noqa: PERF401 - what was found before a crash is kept
    except OutOfBudgetError:
        found.cut.add(rule.code)
        found.is_late = found.is_late or app.budget.left >= 0
    except Exception as error:  # noqa: BLE001 - one rule's bug must not hide what the others find
        note(found.errors, internal_error(rule.code, app.last_looked_at, error))
    finally:
        clock.stop()
        app.budget.lift()
    if len(told) == MOST_FINDINGS:
        found.cut.add(rule.code)
    return told
