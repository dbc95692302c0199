"""Ignore comments while other fixes are made: what is hidden stays, and what has become idle goes."""

from __future__ import annotations

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import replace
from chatkit_doctor.scanning.fixer import FixResult, fix
from tests.suppressions.making import Folder, places


def mended(folder: Folder, text: str, build: dict[str, str]) -> tuple[FixResult, str]:
    """Make every fix: of the comments, and of the findings by code, of which each word is replaced."""
    project = folder.open({"app.py": text})

    def scan(candidate: Project) -> list[Finding]:
        return [with_fix(finding) for finding in folder.visible(candidate)]

    def with_fix(finding: Finding) -> Finding:
        if finding.code not in build:
            return finding
        edits = [Edit(finding.at, build[finding.code])]
        return replace(finding, fix=Fix("mend", Applicability.SAFE, lambda: edits))

    result = fix(project, scan, lambda finding: finding.fix is not None, lambda _: True)
    return result, result.texts.get(folder.root / "app.py", text)


def test_what_is_hidden_is_not_mended(folder: Folder) -> None:
    text = "x = ck101  # chatkit-doctor: ignore[CK101]\ny = ck101\n"
    result, after = mended(folder, text, {"CK101": "good"})

    assert after == "x = ck101  # chatkit-doctor: ignore[CK101]\ny = good\n"
    assert (places(result.fixed), result.remaining) == ([("CK101", 2)], [])


def test_a_comment_that_a_fix_made_idle_goes_in_the_next_round(folder: Folder) -> None:
    # One fix takes both words, of which one was hidden.
    text = "x = [ck102_a\n  + ck102, ck101]  # chatkit-doctor: ignore[CK101]\n"
    project = folder.open({"app.py": text})

    def scan(candidate: Project) -> list[Finding]:
        return [with_fix(finding) for finding in folder.visible(candidate)]

    def with_fix(finding: Finding) -> Finding:
        if finding.code != "CK102":
            return finding
        source = finding.at.source
        rest = source.location(finding.at.start, source.text.index("]"))
        return replace(finding, fix=Fix("mend", Applicability.SAFE, lambda: [Edit(rest, "good")]))

    result = fix(project, scan, lambda finding: finding.fix is not None, lambda _: True)

    assert list(result.texts.values()) == ["x = [good]\n"]
    assert (result.remaining, result.held_back) == ([], [])


def test_a_fix_that_would_bring_out_what_is_hidden_is_held_back(folder: Folder) -> None:
    text = "# chatkit-doctor: ignore[CK101]\nx = ck101, ck102\n"
    result, after = mended(folder, text, {"CK102": "1\ny = ck101"})

    assert after == text
    assert [each.title for each in result.held_back] == ["mend"]
