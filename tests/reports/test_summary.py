from __future__ import annotations

import pytest

from chatkit_doctor.finding import Applicability, Fix, Severity
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.model import CheckedAgainst, HeldBack, Reported
from tests.reports.making import at, never, report, reported, source

CODE = source("x")


def one(
    applicability: Applicability | None = None, *, fixed: bool = False, severity: Severity = Severity.ERROR
) -> Reported:
    lazy = Fix("mend it", applicability, never) if applicability else None
    return reported(at(CODE, "x"), with_fix=lazy, fixed=fixed, severity=severity)


SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([one()], "1 error in 3 files."),
        ([one(SAFE)], "1 error in 3 files. It is fixable with --fix."),
        ([one(SAFE), one(SAFE)], "2 errors in 3 files. All 2 are fixable with --fix."),
        ([one(UNSAFE), one()], "2 errors in 3 files. 1 of them is fixable with --fix --unsafe-fixes."),
        (
            [one(SAFE), one(UNSAFE), one()],
            "3 errors in 3 files. 1 of them is fixable with --fix, 2 with --fix --unsafe-fixes.",
        ),
        (
            [one(SAFE), one(UNSAFE)],
            "2 errors in 3 files. 1 of them is fixable with --fix, all 2 with --fix --unsafe-fixes.",
        ),
        (
            [one(SAFE, fixed=True), one(UNSAFE)],
            "1 error in 3 files (1 fixed). It is fixable with --fix --unsafe-fixes.",
        ),
        ([one(SAFE, fixed=True)], "Nothing left in 3 files (1 fixed)."),
        ([one(severity=Severity.WARNING), one(severity=Severity.INFO)], "1 warning, 1 info in 3 files."),
    ],
)
def test_counts_and_flags(findings: list[Reported], expected: str) -> None:
    assert summary(report(*findings)) == expected


def test_a_clean_scan_says_what_was_looked_at() -> None:
    made = report(
        files_scanned=1,
        targets=(
            CheckedAgainst("openai-chatkit", "1.4.0", "uv.lock", "api"),
            CheckedAgainst("openai-chatkit", "1.4.0", "uv.lock", "jobs"),
            CheckedAgainst("openai-chatkit", "1.6.0", "uv.lock", "new"),
            CheckedAgainst("openai-agents", "0.6.2", "uv.lock", "api"),
        ),
    )

    assert (
        summary(made) == "Nothing found in 1 file, checked against openai-chatkit 1.4.0 and 1.6.0, openai-agents 0.6.2."
    )


def test_of_many_releases_the_oldest_and_the_newest_are_told() -> None:
    versions = ["1.6.5", "1.4.0", "1.10.0", "1.5.3"]
    made = report(targets=tuple(CheckedAgainst("openai-chatkit", each, "uv.lock", each) for each in versions))

    assert summary(made) == "Nothing found in 3 files, checked against openai-chatkit 1.4.0 to 1.10.0."


def test_what_is_hidden_is_counted_by_what_hides_it() -> None:
    made = report(ignored=(one(),), suppressed=2, known=3)

    assert summary(made) == "Nothing found in 3 files (1 ignored now, 2 suppressed, 3 in the baseline)."


def test_suppressed_findings_are_counted_even_when_nothing_is_left() -> None:
    assert summary(report(suppressed=2)) == "Nothing found in 3 files (2 suppressed)."
    assert summary(report(one(), suppressed=1)) == "1 error in 3 files (1 suppressed)."


def test_nothing_to_scan_is_not_called_clean() -> None:
    assert summary(report(files_scanned=0)) == "Nothing to scan: there is no Python or web file here."


def test_a_fix_that_was_held_back_is_not_promised_again() -> None:
    held_back = HeldBack(CODE.path, "mend it", "it would not parse")

    assert summary(report(one(SAFE), held_back=(held_back,))) == "1 error in 3 files."
