from __future__ import annotations

from markdown_it import MarkdownIt

from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.markdown import MOST_BYTES
from chatkit_doctor.reports.model import CheckedAgainst, Failure, HeldBack, ScanReport
from tests.reports.making import CWD, at, fix, report, reported, source


def rendered(made: ScanReport) -> str:
    return FORMATS["markdown"](made)


def as_html(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def test_findings_stand_in_a_table() -> None:
    made = report(
        reported(at(source("x = bad", "backend/store.py"), "bad")),
        targets=(CheckedAgainst("openai-chatkit", "1.4.0", "backend/uv.lock", "backend"),),
    )

    url = made.findings[0].page.url
    assert rendered(made) == (
        "## chatkit-doctor\n\n1 error in 3 files.\n\nChecked against openai-chatkit 1.4.0.\n\n"
        "| Severity | Rule | Place | What is wrong |\n| --- | --- | --- | --- |\n"
        f"| error | [CK903]({url}) unparsable-file | backend/store.py:1 | the thing is bad. Make it good. |\n"
    )


def test_a_clean_project_is_a_line() -> None:
    assert rendered(report()) == "## chatkit-doctor\n\nNothing found in 3 files.\n"


def test_nothing_in_a_name_or_message_is_markdown_or_html() -> None:
    message = "| `__init__` of *a*[b](c) <img src=x> &amp; \\| ~~d~~ $e$ #1 @someone\n\n# f"
    code = source("x", "a|b`c<b>.py")

    html = as_html(rendered(report(reported(at(code, "x"), message=message, help_=""))))

    cell = html.rpartition("<td>")[2].partition("</td>")[0]
    assert cell == "| `__init__` of *a*[b](c) &lt;img src=x&gt; &amp;amp; \\| ~~d~~ $e$ #1 @someone\\n\\n# f"
    assert "<td>a|b`c&lt;b&gt;.py:1</td>" in html


def test_what_was_fixed_and_what_was_not_are_lists() -> None:
    made = report(
        reported(at(source("x"), "x"), fixed=True, with_fix=fix()),
        held_back=(HeldBack(CWD / "b.py", "mend this", "it would not parse"),),
        failures=(Failure("CK101", None, "KeyError: 'x'", "…"),),
    )

    html = as_html(rendered(made))

    assert "<h3>Fixed</h3>" in html
    assert "app.py:1: mend it</li>" in html
    assert "<h3>Not fixed</h3>\n<ul>\n<li>b.py: mend this: it would not parse</li>" in html
    assert "<h3>Internal errors</h3>\n<ul>\n<li>CK101 crashed: KeyError: 'x'</li>" in html
    assert "<table>" not in html


def test_quiet_leaves_the_findings() -> None:
    code = source("x y")
    made = report(reported(at(code, "x")), reported(at(code, "y"), fixed=True, with_fix=fix()), quiet=True)

    assert "### Fixed" not in rendered(made)
    assert "| error |" in rendered(made)


def test_a_long_report_is_cut_between_rows_and_says_so() -> None:
    code = source("x" * 3000, "é" * 100 + ".py")
    made = report(*(reported(code.location(start, start + 1)) for start in range(3000)))

    text = rendered(made)

    assert MOST_BYTES - 8192 < len(text.encode()) <= MOST_BYTES
    shown = text.count("| error |")
    assert text.endswith(f"|\n\n{3000 - shown} more findings left out: the report would be too long.\n")
    assert "3000 errors in 3 files" in text
