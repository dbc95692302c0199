from __future__ import annotations

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import Failure, HeldBack, ScanReport
from tests.reports.making import CWD, at, report, reported, source


def rendered(made: ScanReport) -> list[str]:
    return FORMATS["github"](made).splitlines()


def test_a_finding_is_an_annotation_of_its_place() -> None:
    code = source("import os\nx = bad\n", "backend/store.py")
    made = report(reported(at(code, "bad")))

    command, counts = rendered(made)

    properties, _, text = command.partition("::backend")
    assert properties == "::error file=backend/store.py,line=2,endLine=2,col=5,endColumn=8,title=CK903 unparsable-file"
    assert text == f"/store.py:2:5: the thing is bad. Make it good.%0A{made.findings[0].page.url}"
    assert counts == "1 error in 3 files."


def test_severities_have_their_commands() -> None:
    code = source("abc")
    made = report(*(reported(at(code, letter), severity=each) for letter, each in zip("abc", Severity, strict=True)))

    assert [line.split(" ")[0] for line in rendered(made)[:-1]] == ["::error", "::warning", "::notice"]


def test_columns_are_left_out_over_several_lines() -> None:
    code = source("class A:\n    pass\n")

    line = rendered(report(reported(at(code, "A:\n    pass"))))[0]

    assert line.startswith("::error file=app.py,line=1,endLine=2,title=")


def test_nothing_in_a_name_or_message_ends_the_command_or_starts_another() -> None:
    code = source("x", "a,b:c%\n::stop-commands::.py")

    lines = rendered(report(reported(at(code, "x"), message="100%\r\n::add-mask::x")))

    assert len(lines) == 2
    assert "file=a%2Cb%3Ac%25\\n%3A%3Astop-commands%3A%3A.py," in lines[0]
    assert "100%25\\r\\n::add-mask::x" in lines[0]


def test_bugs_of_ours_and_fixes_held_back_are_annotations() -> None:
    made = report(
        failures=(Failure("CK101", CWD / "a.py", "KeyError: 'x'", "…"),),
        held_back=(HeldBack(CWD / "b.py", "mend it", "it would not parse"),),
    )

    assert rendered(made)[:2] == [
        "::error title=chatkit-doctor::internal error: CK101 crashed at a.py: KeyError: 'x'",
        "::warning file=b.py,title=chatkit-doctor::not fixed: b.py: mend it: it would not parse",
    ]


def test_quiet_leaves_the_findings() -> None:
    made = report(reported(at(source("x"), "x")), reported(at(source("y"), "y"), fixed=True), quiet=True)

    assert [line.split(" ")[0] for line in rendered(made)] == ["::error"]
