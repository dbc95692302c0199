from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from rich.text import Text

from chatkit_doctor.finding import Applicability, Edit, Fix, Severity
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.reports.model import CheckedAgainst, Failure, HeldBack, ScanReport
from tests.reports.making import CWD, at, fix, never, report, reported, source

STORE = source("import uuid\n\nfrom chatkit.stores import Store\nfrom chatkit.types import Page\n", "backend/store.py")
WHY = page("CK903").why


def shown(made: ScanReport) -> str:
    return FORMATS["text"](made)


def frame(text: str, *, width: int = 60, label: str = "this thing", needle: str = "BAD", unicode: bool = True) -> str:
    """Return the frame of a finding, from the line below its place up to its reasons."""
    code = source(text)
    made = report(reported(at(code, needle), label=label), terminal=Terminal(width=width, unicode=unicode))
    _, _, rest = shown(made).partition("--> ")
    return rest.partition("\n")[2].partition("= why")[0].rstrip(" ")


def test_a_finding_from_top_to_bottom() -> None:
    place = at(STORE, "chatkit.stores")
    mend = fix(Edit(place, "chatkit.store"), title="import from chatkit.store")
    made = report(
        reported(
            place,
            row=1,
            with_fix=mend,
            message="there is no module chatkit.stores",
            label="the module is called chatkit.store",
            help_="import from chatkit.store",
        ),
        terminal=Terminal(width=120),
    )

    assert shown(made) == dedent("""\
        error[CK903] unparsable-file: there is no module chatkit.stores
         --> backend/store.py:3:6
          │
        3 │ from chatkit.stores import Store
          │      ^^^^^^^^^^^^^^ the module is called chatkit.store
        4 │ from chatkit.types import Page
          │
          = why: What the file does cannot be checked, so a clean report would say nothing about it.
          = help: Import from chatkit.store.
          = reference: row 1, Backend: `chatkit.stores` not found. Use `chatkit.store`.
          = page: chatkit-doctor explain CK903
          = fix: import from chatkit.store (safe: --fix applies it)
        2 │
        3 │ - from chatkit.stores import Store
          │ + from chatkit.store import Store
        4 │   from chatkit.types import Page

        1 error in 3 files. It is fixable with --fix.
    """)


def test_a_span_over_several_lines_is_drawn_at_its_side() -> None:
    assert frame("x = [\n  BAD,\n  2,\n]\n", needle="[\n  BAD,\n  2,\n]") == dedent("""\
          │
        1 │   x = [
          │ ╭─────^
        2 │ │   BAD,
        3 │ │   2,
        4 │ │ ]
          │ ╰─^ this thing
          │
          """).rstrip(" ")


def test_of_a_span_over_many_lines_the_middle_is_left_out() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 31))

    numbers = [line.split("│")[0].strip() for line in frame(text, needle=text[:-1]).splitlines()]

    assert [number for number in numbers if number] == ["1", "2", "3", "4", "5", "29", "30"]


def test_a_span_that_ends_with_its_line_is_marked_on_that_line() -> None:
    assert "1 │ BAD\n  │ ^^^ this thing\n" in frame("BAD\nnext\n", needle="BAD\n")


def test_crlf_and_tabs_and_wide_characters_keep_the_mark_in_place() -> None:
    assert frame("if x:\r\n\ts = '你🎉' + BAD\r\nend\r\n") == dedent("""\
          │
        1 │ if x:
        2 │     s = '你🎉' + BAD
          │                  ^^^ this thing
        3 │ end
          │
          """).rstrip(" ")


def test_a_minified_line_is_cut_around_the_span_and_stands_alone() -> None:
    assert frame("a\n" + "x;" * 5000 + "BAD" + ";y" * 5000 + "\nb\n", width=40).splitlines() == [
        "  │",
        "2 │ …x;x;x;x;x;BAD;y;y;y;y;y;y;y;y;y;y;…",
        "  │            ^^^ this thing",
        "  │",
    ]


def test_a_label_that_does_not_fit_behind_the_mark_goes_below() -> None:
    assert frame("x = BAD\n", width=40, label="a label of so many words that it needs lines").splitlines()[2:] == [
        "  │     ^^^",
        "  │     a label of so many words that it",
        "  │     needs lines",
        "  │",
    ]


def test_without_box_characters_the_frame_is_ascii() -> None:
    drawn = frame("x = [\n  BAD,\n]\n", needle="[\n  BAD,\n]", unicode=False)

    assert drawn.isascii()
    assert "  |  _____^\n2 | |   BAD,\n3 | | ]\n  | |_^ this thing\n" in drawn


def test_an_output_encoding_that_lacks_a_character_gets_an_escape() -> None:
    made = report(reported(at(source("BAD = '你'"), "BAD")), terminal=Terminal(unicode=False, encoding="ascii"))

    assert "BAD = '\\u4f60'" in shown(made)


def test_a_file_without_text_has_no_frame() -> None:
    code = source("")

    assert "--> app.py:1:1\n  = why" in shown(report(reported(code.location(0, 0))))


def test_the_end_of_a_file_can_be_marked() -> None:
    code = source("x = 1\n")

    assert "2 │\n  │ ^ this thing\n" in shown(report(reported(code.location(6, 6))))


def test_prose_is_wrapped_under_itself() -> None:
    made = report(reported(at(STORE, "uuid")), terminal=Terminal(width=50))

    assert (
        "  = why: What the file does cannot be checked, so\n"
        "         a clean report would say nothing about\n"
        "         it.\n"
    ) in shown(made)


def test_a_long_fix_is_cut_and_whole_with_verbose() -> None:
    end = STORE.location(len(STORE.text), len(STORE.text))
    mend = fix(Edit(end, "".join(f"line_{number}\n" for number in range(30))), applicability=Applicability.UNSAFE)
    finding = reported(at(STORE, "uuid"), with_fix=mend)

    cut, whole = shown(report(finding)), shown(report(finding, verbose=True))

    assert " │ … 17 more lines; --verbose shows them\n" in cut
    assert "line_29" not in cut
    assert "  │ + line_29\n" in whole
    assert "unsafe: --fix --unsafe-fixes applies it" in cut


def test_a_line_of_a_diff_that_is_too_long_goes_on_below() -> None:
    line = "x = call(first_argument, second_argument, third_argument, bad)"
    mend = fix(Edit(at(source(line), "bad"), "good"))

    text = shown(report(reported(at(source(line), "bad"), with_fix=mend), terminal=Terminal(width=50)))

    assert (
        "1 │ - x = call(first_argument, second_argument, th\n"
        "  │   ird_argument, bad)\n"
        "  │ + x = call(first_argument, second_argument, th\n"
        "  │   ird_argument, good)\n"
    ) in text


def test_of_a_minified_line_a_diff_shows_what_changes() -> None:
    code = source("x;" * 5000 + "BAD" + ";y" * 5000)

    text = shown(report(reported(at(code, "BAD"), with_fix=fix(Edit(at(code, "BAD"), "good")))))

    assert "x;good;y" in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_worst_comes_first_and_advice_last() -> None:
    code = source("".join(f"name_{number}\n" for number in range(6)))
    places = [at(code, f"name_{number}") for number in range(6)]
    severities = [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.INFO]
    made = report(
        *(reported(place, severity=each, message=f"{each}") for place, each in zip(places, severities, strict=False)),
        reported(places[4], message="a fault", of="CK404"),
        reported(places[5], message="a crash at the start", of="CK101"),
    )

    heads = [line.rpartition(": ")[2] for line in shown(made).splitlines() if "[CK" in line]

    assert heads == ["error", "a crash at the start", "a fault", "warning", "info", "info"]


def test_findings_of_one_rule_in_one_file_share_their_reasons() -> None:
    code, other = source("one\ntwo\n"), source("one\n", "other.py")
    made = report(*(reported(place) for place in (at(code, "one"), at(code, "two"), at(other, "one"))))

    text = shown(made)

    assert text.count(f"= why: {WHY}") == text.count("= page: ") == 2
    assert text.count("= help: Make it good.") == 3


def test_many_findings_are_told_in_short() -> None:
    code = source("".join(f"name_{number}\n" for number in range(80)))
    place = [at(code, f"name_{number}\n") for number in range(80)]
    mend = [fix(Edit(each, "good\n"), title="write good") for each in place]

    short = shown(report(*(reported(one, with_fix=each) for one, each in zip(place, mend, strict=True))))

    assert (
        "error[CK903] unparsable-file: the thing is bad\n"
        "  --> app.py:12:1\n"
        "12 │ name_11\n"
        "   │ ^^^^^^^ this thing\n"
        "   = fix: write good (safe: --fix applies it)\n"
        "error[CK903]"
    ) in short
    assert short.count("= why") == 1
    assert len(short.splitlines()) < 80 * 6
    assert short.endswith("--verbose tells each at length, with what its fix changes.\n")
    without_fix = [reported(one) for one in place]
    assert shown(report(*without_fix)).count("= help") == 1
    assert shown(report(*without_fix, verbose=True)).count("= help") == 80


def test_a_fix_in_several_files_names_them() -> None:
    other = source("a\nb\n", "backend/other.py")
    mend = fix(Edit(at(STORE, "uuid"), "os"), Edit(at(other, "b"), "c"))

    text = shown(report(reported(at(STORE, "uuid"), with_fix=mend)))

    assert " --> backend/other.py\n1 │   a\n2 │ - b\n  │ + c\n --> backend/store.py\n1 │ - import uuid\n" in text


def test_a_fix_without_edits_is_not_mentioned() -> None:
    assert "fix:" not in shown(report(reported(at(STORE, "uuid"), with_fix=fix())))


def test_quiet_leaves_only_findings() -> None:
    finding = reported(at(STORE, "uuid"))

    assert shown(report(quiet=True)) == ""
    assert shown(report(finding, quiet=True)) == shown(report(finding)).rsplit("1 error", 1)[0]


def test_fixed_findings_have_a_line_each_and_their_edits_are_not_built() -> None:
    lazy = Fix("import from chatkit.store", Applicability.SAFE, never)

    assert shown(report(reported(at(STORE, "chatkit.stores"), fixed=True, with_fix=lazy))) == dedent("""\
        Fixed:
          CK903 backend/store.py:3: import from chatkit.store

        Nothing left in 3 files (1 fixed).
    """)


def test_fixes_held_back_and_crashes_are_told() -> None:
    held_back = HeldBack(CWD / "a.py", "mend it", "it would not parse")
    failure = Failure("CK101", CWD / "b.py", "KeyError: 'x'", "Traceback:\n  here\n")

    assert shown(report(held_back=(held_back,), failures=(failure,))) == dedent("""\
        not fixed: a.py: mend it: it would not parse
        internal error: CK101 crashed at b.py: KeyError: 'x'
          This is a bug in chatkit-doctor. The other rules were checked; --verbose shows the traceback.
        Nothing found in 3 files.
    """)
    assert "  Traceback:\n    here\n" in shown(report(failures=(failure,), verbose=True))


def test_verbose_says_where_the_releases_come_from() -> None:
    target = CheckedAgainst("openai-chatkit", "1.4.0", "backend/uv.lock", "backend")

    text = shown(report(targets=(target,), verbose=True))

    assert "checked against: openai-chatkit 1.4.0, from backend/uv.lock (backend)\n" in text


def test_names_cannot_steer_the_terminal() -> None:
    code = source("k = '\x1b[31mBAD'\n")
    made = report(reported(at(code, "BAD"), message="the key \x1b[0m is bad", label="\x07"))

    assert "\x1b" not in shown(made)
    assert "\x07" not in shown(made)


def test_colour_changes_nothing_but_colour() -> None:
    finding = reported(at(STORE, "uuid"), row=6, severity=Severity.WARNING, with_fix=fix(Edit(at(STORE, "uuid"), "os")))
    plain, painted = (shown(report(finding, terminal=Terminal(color=color))) for color in (False, True))

    assert "\x1b[" in painted
    assert Text.from_ansi(painted).plain.rstrip("\n") == plain.rstrip("\n")


def test_why_is_the_sentence_of_the_page() -> None:
    assert WHY in shown(report(reported(at(STORE, "uuid")), terminal=Terminal(width=200)))


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_clean_scan_loads_nothing_heavy(name: str) -> None:
    code = (
        "import sys; from pathlib import Path; from chatkit_doctor.reports import FORMATS;"
        "from chatkit_doctor.reports.model import ScanReport;"
        f"print(FORMATS[{name!r}](ScanReport('1', Path('/'), (), 3)), end='');"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('rich', 'yaml', 'libcst', 'pydantic')]"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert result.stdout == FORMATS[name](ScanReport("1", Path("/"), (), 3))
