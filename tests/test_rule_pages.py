"""Every rule page is a test: its bad blocks are found, its fixed blocks come out, its good blocks stay quiet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from chatkit_doctor.checks.loading import rules
from chatkit_doctor.contracts.value_sets import value_sets
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.pages.front_matter import HEADINGS, FrontMatter
from chatkit_doctor.pages.templates import BLANK
from chatkit_doctor.reports.model import Reported
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from tests.commands import ROOT
from tests.page_cases import Case, Expected, cases, headings
from tests.projects import write_exactly

Scanned = Callable[[Case], tuple[Path, list[Finding]]]

# The doctor's own rules are not checks that look at a project.
_NO_CHECK = {code for code, page in pages().items() if page.meta["area"] == "doctor"}
_PAGES = list(pages().values())
_CASES = [case for page in _PAGES for case in cases(page)]
_BY_NAME = {str(case): case for case in _CASES}
_BAD = [case for case in _CASES if case.is_bad]
_GOOD = [case for case in _CASES if not case.is_bad]


def scan(case: Case, root: Path, *, fix: bool = False) -> ScanResult:
    """Scan a case's files with the page's rule alone. The doctor's own rules need the others to read files."""
    write_exactly(root, case.files)
    select = () if case.page.code in _NO_CHECK else (case.page.code,)
    options = Options(select=select, fix=fix, unsafe_fixes=fix, targets=case.targets)
    result = run([root], options)
    assert not result.internal_errors, result.internal_errors[0].traceback
    return result


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Return what scans a case as it stands: once, whichever tests ask for it."""

    @cache
    def scanned_once(name: str) -> tuple[Path, list[Finding]]:
        case = _BY_NAME[name]
        root = tmp_path_factory.mktemp("case")
        return root, own(case, scan(case, root))

    return lambda case: scanned_once(str(case))


def own(case: Case, result: ScanResult) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == case.page.code]


def as_expected(finding: Finding, root: Path) -> Expected:
    path = finding.at.path.relative_to(root).as_posix()
    return Expected(path, finding.at.first.line, finding.code, finding.at.text.split("\n", 1)[0].rstrip("\r"))


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_bad_blocks_yield_exactly_the_marked_findings(case: Case, scanned: Scanned) -> None:
    root, found = scanned(case)

    assert case.expected, "a bad case marks no finding"
    assert sorted(as_expected(finding, root) for finding in found) == sorted(case.expected)


@pytest.mark.parametrize("case", _GOOD, ids=str)
def test_good_blocks_yield_nothing(case: Case, scanned: Scanned) -> None:
    root, found = scanned(case)

    assert [as_expected(finding, root) for finding in found] == []


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_fixed_blocks_are_what_the_fix_makes_of_the_bad_ones(case: Case, tmp_path: Path) -> None:
    result = scan(case, tmp_path, fix=True)

    changed = result.fix_result.texts if result.fix_result else {}
    files = {path.relative_to(tmp_path).as_posix(): text for path, text in changed.items()}
    assert files == case.fixed
    assert not any(finding.fix for finding in own(case, result)), "something fixable is left"


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_findings_are_worded_as_facts_labels_and_advice(case: Case, scanned: Scanned) -> None:
    for finding in scanned(case)[1]:
        for words in (finding.message, finding.label, finding.help):
            assert words == words.strip()
            assert "\n" not in words
        assert finding.label
        assert finding.help
        assert not finding.message.endswith((".", "?", "!"))
        assert "did you mean" not in finding.message.lower()
        assert _starts_low(finding.message, finding), finding.message
        if finding.fix is not None:
            assert finding.fix.title[0].islower()
            assert not finding.fix.title.endswith(".")


def _starts_low(message: str, finding: Finding) -> bool:
    """Tell whether a message starts with a small letter, or with a name out of the user's file."""
    first = message.split(maxsplit=1)[0].strip("`'\"(),:")
    return not first[:1].isupper() or first.split(".")[0] in finding.at.source.text


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_what_a_finding_is_seen_as_has_no_blanks_left(case: Case, scanned: Scanned) -> None:
    for finding in scanned(case)[1]:
        reported = Reported(finding, case.page, Severity.ERROR)
        assert not BLANK.search(reported.seen_as)
        assert finding.row is None or finding.row in case.page.rows
        assert not finding.why or (finding.why[0] not in " \n" and finding.why.endswith("."))


@pytest.mark.parametrize("page", [page for page in _PAGES if page.seen_as or page.rows], ids=lambda page: page.code)
def test_every_row_and_every_line_of_what_is_seen_belongs_to_some_finding(page: Page, scanned: Scanned) -> None:
    rows, lines = set(), set()
    for case in cases(page):
        for finding in scanned(case)[1] if case.is_bad else []:
            rows.add(finding.row)
            lines.add(finding.seen_as.line if finding.seen_as is not None else None)

    assert rows - {None} == set(page.rows)
    assert lines - {None} == set(page.seen_as)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_the_lists_of_values_exist_and_are_named_in_help_where_they_are(page: Page, scanned: Scanned) -> None:
    assert all(value_sets(name) for name in page.values)
    for case in cases(page):
        for finding in scanned(case)[1] if case.is_bad else []:
            if "--values" in finding.help:
                assert f"`chatkit-doctor explain {page.code} --values`" in finding.help
                assert page.values


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_fixes_are_of_the_kinds_that_the_page_says(page: Page, scanned: Scanned) -> None:
    found = (finding for case in cases(page) if case.is_bad for finding in scanned(case)[1])
    kinds = {finding.fix.applicability for finding in found if finding.fix is not None}

    assert kinds == set(page.fixes)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_front_matter_is_complete_and_agrees_with_the_file_name(page: Page) -> None:
    front = FrontMatter.model_validate(page.meta)

    assert (front.code, front.name) == (page.code, page.name)
    assert len(set(front.symptoms)) == len(front.symptoms)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_headings_are_the_fixed_ones_in_their_order(page: Page) -> None:
    title = ("h1", f"{page.name} ({page.code})")

    assert [each for each in headings(page) if each[0] in {"h1", "h2"}] == [title, *(("h2", text) for text in HEADINGS)]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_near_misses_are_at_least_as_many_as_bad_cases(page: Page) -> None:
    bad = sum(case.is_bad for case in cases(page))

    assert 1 <= bad <= len(cases(page)) - bad


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_cases_expect_the_rule_of_their_page(page: Page) -> None:
    assert {each.code for case in cases(page) for each in case.expected} == {page.code}


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.code)
def test_every_page_has_a_module_of_its_name_in_a_family(page: Page) -> None:
    (module,) = (ROOT / "chatkit_doctor" / "checks").glob(f"*/{page.name.replace('-', '_')}.py")

    assert (page.code in rules()) == (page.code not in _NO_CHECK)
    assert f'"{page.code}"' in module.read_text(encoding="utf-8")
    assert (module.parent.parent / page.meta["area"]).is_dir()


def test_every_rule_has_a_page() -> None:
    assert set(rules()) == set(pages()) - _NO_CHECK
