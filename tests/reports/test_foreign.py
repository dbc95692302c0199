"""Every format with every text that somebody else wrote: it steers no terminal and commands no build."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from chatkit_doctor.finding import Applicability, Edit, Severity
from chatkit_doctor.records import replace
from chatkit_doctor.reports import FORMATS, STATISTICS
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.drawing.paint import paint
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.reports.edge import as_json, printed
from chatkit_doctor.reports.model import CheckedAgainst, Failure, HeldBack, ScanReport
from chatkit_doctor.source import Source
from chatkit_doctor.verify.report import Lines, last_lines
from chatkit_doctor.verify.report import as_json as verified_as_json
from chatkit_doctor.verify.result import Result, Verification, failed, skipped
from tests.reports.making import CWD, at, fix, report, reported
from tests.torture.foreign import HOSTILE, assert_harmless, commands

# A slash would make folders of a name, and no file's name has a NUL.
NAMES = [text.replace("/", "-") for text in HOSTILE]


def with_message(text: str) -> ScanReport:
    return report(*(reported(at(_code(), "x"), message=text, severity=each) for each in Severity))


def with_help(text: str) -> ScanReport:
    return report(reported(at(_code(), "x"), help_=text, label=text))


def with_path(text: str) -> ScanReport:
    code = Source(CWD / text, "x = 1\n")
    mended = fix(Edit(at(code, "1"), "2"))
    found = (reported(at(code, "x"), with_fix=mended), reported(at(code, "1"), with_fix=mended, fixed=True))
    bug = Failure("CK101", CWD / text, "KeyError: x", "Traceback")
    return report(*found, held_back=(HeldBack(CWD / text, "mend it", "it is there"),), failures=(bug,))


def with_folder(text: str) -> ScanReport:
    return with_path(f"{text}/a.py")


def with_code(text: str) -> ScanReport:
    code = Source(CWD / "app.py", f"x = 1\n{text}\ny = 1\n")
    return report(reported(code.location(0, len(code.text) - 1)), reported(at(code, "y"), severity=Severity.INFO))


def with_edit(text: str) -> ScanReport:
    edit = Edit(at(_code(), "1"), f"{text}\n{text}\n")
    return report(reported(at(_code(), "x"), with_fix=fix(edit, title=text, applicability=Applicability.UNSAFE)))


def with_release(text: str) -> ScanReport:
    release = CheckedAgainst("openai-chatkit", text, text, text)
    return report(reported(at(_code(), "x")), targets=(release,), verbose=True)


def with_nothing_but_a_release(text: str) -> ScanReport:
    return report(targets=(CheckedAgainst("openai-chatkit", text, text, text),))


def with_reasons(text: str) -> ScanReport:
    bug = Failure("CK101", None, text, f"Traceback\n{text}")
    held_back = (HeldBack(CWD / "a.py", text, text),)
    return report(held_back=held_back, failures=(bug,), notes=(text,), verbose=True, ignored=with_message(text).open)


def _code() -> Source:
    return Source(CWD / "app.py", "x = 1\n")


FIELDS: dict[str, Callable[[str], ScanReport]] = {
    name.removeprefix("with_"): made for name, made in globals().items() if name.startswith("with_")
}
TERMINALS = [Terminal(), Terminal(color=True), Terminal(width=40), Terminal(unicode=False, encoding="ascii")]
ALL_FORMATS = {**FORMATS, **{f"statistics {name}": render for name, render in STATISTICS.items()}}
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ALL_FORMATS)
def test_nothing_foreign_comes_through(name: str, field: str, terminal: Terminal) -> None:
    for text in NAMES:
        made = replace(FIELDS[field](text), terminal=terminal)
        rendered = ALL_FORMATS[name](made)
        if terminal.color:
            plain = ALL_FORMATS[name](replace(made, terminal=replace(terminal, color=False)))
            # Apart from our colours nothing differs: a foreign one would be gone here and be seen there.
            assert _COLOR.sub("", rendered) == plain
            rendered = plain
        if name == "github":
            ours = commands(rendered)
            assert all(re.match(r"::(?:error|warning|notice) [a-zA-Z]+=", line) for line in ours)
            assert len(ours) == len(made.open) + len(made.failures) + len(made.held_back)
            rendered = re.sub(r"(?m)^::", "", rendered)
        if name == "agent":
            # What marks the end of a name with blanks in a diff.
            rendered = rendered.replace("\t\n", "\n")
        assert_harmless(rendered)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ["json", "jsonl", "sarif", "gitlab", "statistics json"])
def test_documents_hold_what_was_written_exactly(name: str, field: str) -> None:
    for text in NAMES:
        made = FIELDS[field](text)
        rendered = ALL_FORMATS[name](made)
        assert rendered.isascii()
        documents = [json.loads(line) for line in (rendered.splitlines() if name == "jsonl" else [rendered])]
        if field == "message" and name == "json":
            assert documents[0]["findings"][0]["message"] == text
        if field == "path" and name in {"json", "gitlab"}:
            assert text in str(documents) or repr(text)[1:-1] in str(documents)


@pytest.mark.parametrize("field", FIELDS)
def test_the_xml_is_read_again(field: str) -> None:
    for text in NAMES:
        root = ElementTree.fromstring(FORMATS["junit"](FIELDS[field](text)))  # noqa: S314 - our own
        said = [each for case in root.iter() for each in (*case.attrib.values(), case.text or "")]
        if field in {"message", "path"}:
            assert any(visible(text) in each for each in said)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_is_printed_as_one_that_can_be_seen(text: str) -> None:
    line = printed(text)

    assert_harmless(line)
    assert "\n" not in line
    assert printed(line) == line
    assert json.loads(as_json(text)) == text


@pytest.mark.parametrize(
    "text", ["plain", "a: b", "x :: y", "# heading", "## [a link](b)", "é 你 🎉 👨\u200d👩", "#[derive]"]
)
def test_what_does_no_harm_stays_as_it_is(text: str) -> None:
    assert printed(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_server_says_is_shown_and_nothing_more(text: str) -> None:
    run = Verification(f"http://x/{text}", left_behind=[text])
    run.results = [
        Result("health", failed(f"{text} " * 30, help=text), 0.1),
        Result("cors", skipped(text), 0.1),
    ]
    lines = Lines(80)
    shown = [line for result in run.results for line in lines.of(result)] + list(lines.rest())

    assert_harmless(paint([*shown, *last_lines(run)], color=False))
    document = verified_as_json(run)
    assert_harmless(document)
    assert json.loads(document)["left_behind"] == [text]
