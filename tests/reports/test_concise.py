from __future__ import annotations

from chatkit_doctor.finding import Applicability, Fix, Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import Failure, HeldBack
from tests.reports.making import CWD, at, never, report, reported, source

CODE = source("import os\nbad = 1\n")


def test_a_line_for_each_finding_in_the_form_of_compilers() -> None:
    lazy = Fix("mend it", Applicability.UNSAFE, never)
    made = report(
        reported(at(CODE, "bad"), severity=Severity.WARNING, with_fix=lazy),
        reported(at(CODE, "os"), message="os is bad"),
    )

    assert FORMATS["concise"](made).splitlines() == [
        "app.py:1:8: error: os is bad [CK903]",
        "app.py:2:1: warning: the thing is bad [CK903] [fix: unsafe]",
        "1 error, 1 warning in 3 files. 1 of them is fixable with --fix --unsafe-fixes.",
    ]


def test_quiet_leaves_only_the_findings() -> None:
    assert FORMATS["concise"](report(reported(at(CODE, "bad")), quiet=True)) == (
        "app.py:2:1: error: the thing is bad [CK903]\n"
    )
    assert FORMATS["concise"](report(quiet=True)) == ""


def test_what_was_fixed_is_counted_and_not_listed() -> None:
    assert FORMATS["concise"](report(reported(at(CODE, "bad"), fixed=True))) == "Nothing left in 3 files (1 fixed).\n"


def test_what_went_wrong_has_a_line_each() -> None:
    made = report(
        held_back=(HeldBack(CWD / "app.py", "mend it", "it would not parse"),),
        failures=(Failure("CK101", CWD / "app.py", "KeyError: 'x'", "Traceback"),),
    )

    assert FORMATS["concise"](made).splitlines() == [
        "not fixed: app.py: mend it: it would not parse",
        "internal error: CK101 crashed at app.py: KeyError: 'x'",
        "Nothing found in 3 files.",
    ]


def test_names_cannot_steer_the_terminal() -> None:
    made = report(reported(at(CODE, "bad"), message="the key \x1b[31m is bad"), quiet=True)

    assert FORMATS["concise"](made) == "app.py:2:1: error: the key \\x1b[31m is bad [CK903]\n"
