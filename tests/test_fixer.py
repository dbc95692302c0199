"""Fix runs with made-up rules: what is made, in which rounds, and what the gates keep out."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.files import discover
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.fixer import MAX_ROUNDS, FixResult, HeldBack, fix
from chatkit_doctor.project import Needles, Project
from chatkit_doctor.source import Location

Scan = Callable[[Project], list[Finding]]
Build = Callable[[Project, Location], Sequence[Edit]]
OnDisk = dict[str, str | bytes]


def rule(pattern: str, build: Build | str, *, message: str = "{} is bad", code: str = "CK001") -> Scan:
    """Return a scan that finds a pattern in every file; a string in the place of `build` replaces what is found."""

    def scan(project: Project) -> list[Finding]:
        sources = [source for path in project.listing.files if (source := project.read(path))]
        return [
            finding(project, source.location(*match.span()))
            for source in sources
            for match in re.finditer(pattern, source.text)
        ]

    def finding(project: Project, at: Location) -> Finding:
        mend = build if callable(build) else lambda _, at: [Edit(at, build)]
        return Finding(code, at, message.format(at.text), fix=Fix(f"mend {at.text}", Applicability.SAFE, lambda: mend(project, at)))

    return scan


def rules(*scans: Scan) -> Scan:
    return lambda project: [finding for scan in scans for finding in scan(project)]


def opened(root: Path, files: OnDisk) -> Project:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Project(discover(root), Needles((), ()))


def run(project: Project, scan: Scan, may_write: Callable[[Path], bool] = lambda _: True) -> FixResult:
    return fix(project, scan, lambda finding: finding.fix is not None, may_write)


def texts(project: Project, result: FixResult) -> dict[str, str]:
    return {path.relative_to(project.root).as_posix(): text for path, text in result.texts.items()}


def reasons(result: FixResult) -> list[tuple[str, str, str]]:
    return [(each.path.name, each.title, each.reason) for each in result.held_back]


def words(findings: Iterable[Finding]) -> list[str]:
    return [finding.message for finding in findings]


def elsewhere(project: Project, name: str, text: str) -> Edit:
    """Put a text at the start of another file."""
    source = project.read(project.root / name)
    assert source is not None
    return Edit(source.location(0, 0), text)


# What is made


def test_every_fix_is_made_and_its_finding_counts_as_fixed(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "x = bad\ny = bad\n", "b.py": "fine\n", "c.py": "bad\n"})

    result = run(project, rule("bad", "good"))

    assert texts(project, result) == {"a.py": "x = good\ny = good\n", "c.py": "good\n"}
    assert [(each.at.path.name, each.at.start) for each in result.fixed] == [("a.py", 4), ("a.py", 12), ("c.py", 0)]
    assert (result.remaining, result.held_back, result.errors) == ([], [], [])
    assert (tmp_path / "a.py").read_text() == "x = bad\ny = bad\n", "nothing is written"


def test_only_allowed_fixes_are_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad, worse\n"})
    scan = rules(rule("bad", "good"), rule("worse", "better", code="CK002"))

    result = fix(project, scan, lambda finding: finding.code == "CK002", lambda _: True)

    assert texts(project, result) == {"a.py": "bad, better\n"}
    assert (words(result.fixed), words(result.remaining)) == (["worse is bad"], ["bad is bad"])
    assert result.held_back == []


def test_what_a_fix_uncovers_is_fixed_in_the_next_round(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "f(g(h(1)))\n"})

    result = run(project, rule(r"\w\((\d)\)", lambda _, at: [Edit(at, at.text[2])], message="a call too much"))

    assert texts(project, result) == {"a.py": "1\n"}
    assert words(result.fixed) == ["a call too much"]


def test_fixes_that_overlap_are_made_one_after_the_other(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "aXb\n"})
    scan = rules(rule("aX", "X"), rule("Xb", "X", code="CK002"))

    result = run(project, scan)

    assert texts(project, result) == {"a.py": "X\n"}
    assert words(result.fixed) == ["aX is bad", "Xb is bad"]


def test_the_same_insertion_of_several_fixes_is_made_once(tmp_path: Path) -> None:
    page = "<html><head></head></html>"
    project = opened(tmp_path, {"a.js": "mount()", "b.js": "mount()", "index.html": page})

    def add_script(project: Project, _: Location) -> list[Edit]:
        source = project.read(tmp_path / "index.html")
        assert source is not None
        return [Edit(source.location(12, 12), "<script></script>")]

    def scan(project: Project) -> list[Finding]:
        source = project.read(tmp_path / "index.html")
        assert source is not None
        return [] if "<script>" in source.text else rule("mount", add_script)(project)

    result = run(project, scan)

    assert texts(project, result) == {"index.html": "<html><head><script></script></head></html>"}
    assert len(result.fixed) == 2
    assert result.held_back == []


def test_a_fix_that_turns_out_to_be_empty_is_passed_over(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad same\n"})

    result = run(project, rules(rule("bad", lambda _, __: []), rule("same", "same")))

    assert (result.texts, result.held_back, len(result.remaining)) == ({}, [], 2)


def test_the_order_of_the_findings_does_not_matter(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "a = b = c = bad = (b, a)\n", "b.js": "let a = bad\n"})
    scan = rules(rule("[ab] = ", ""), rule("b = c", "d"), rule("bad", "(a, b)", code="CK002"))
    expected = run(project, scan).texts

    for seed in range(20):
        chance = random.Random(seed)
        assert run(project, lambda each: chance.sample(scan(each), len(scan(each)))).texts == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.text("abcd \n", max_size=30),
    st.lists(st.tuples(st.text("abcd", min_size=1, max_size=3), st.text("abcd", max_size=3)), max_size=4),
)
def test_a_second_run_changes_nothing(tmp_path: Path, text: str, table: list[tuple[str, str]]) -> None:
    """Rules at random: they overlap, undo each other, bring each other's findings back or go on for ever."""
    project = opened(tmp_path, {"a.txt": text, "requirements.txt": text})
    scan = rules(*(rule(old, new, code=f"CK{at}", message="bad") for at, (old, new) in enumerate(table)))

    first = run(project, scan)
    second = run(project.with_texts(first.texts), scan)

    late = any("did not get to it" in each.reason for each in first.held_back)
    assert second.texts == {} or late
    assert len(first.fixed) + len(first.remaining) == len(scan(project))


# Line ends, encodings


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"bad\r\nx\r\n", b"one\r\ntwo\r\nx\r\n"),
        (b"x\nbad", b"x\none\ntwo"),
        (b"\xef\xbb\xbfx = 'bad'\r\n", b"\xef\xbb\xbfx = 'one\r\ntwo'\r\n"),
        (b"# coding: latin-1\n# \xe9 bad\n", b"# coding: latin-1\n# \xe9 one\ntwo\n"),
        ("\ufeffbad\r\n".encode("utf-16-le"), "\ufeffone\r\ntwo\r\n".encode("utf-16-le")),
    ],
)
def test_line_ends_encodings_and_marks_are_kept(tmp_path: Path, before: bytes, after: bytes) -> None:
    project = opened(tmp_path, {"requirements.txt": before} if b"coding" not in before else {"a.py": before})

    result = run(project, rules(rule("bad", "one\ntwo")) if b"coding" not in before else rule("bad", "one\nsame = 2"))

    ((path, text),) = result.texts.items()
    source = project.read(path)
    assert source is not None
    assert source.encode(text) == after.replace(b"\ntwo", b"\nsame = 2" if b"coding" in before else b"\ntwo")


def test_a_character_that_the_encoding_lacks_holds_the_fix_back(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": b"# coding: latin-1\nx = 'bad', 'worse'\n"})

    result = run(project, rules(rule("bad", "\u2192"), rule("worse", "\xe9")))

    assert texts(project, result) == {"a.py": "# coding: latin-1\nx = 'bad', '\xe9'\n"}
    assert reasons(result) == [("a.py", "mend bad", r"it is in iso-8859-1, which has no '\u2192'")]


# Gates


def test_a_fix_that_breaks_python_is_held_back_and_the_others_are_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "x = bad\ny = worse\nz = bad\n", "b.py": "bad\n"})

    result = run(project, rules(rule("bad", "good"), rule("worse", "(", code="CK002")))

    assert texts(project, result) == {"a.py": "x = good\ny = worse\nz = good\n", "b.py": "good\n"}
    assert reasons(result) == [("a.py", "mend worse", "it would not parse: syntax error: '(' was never closed")]
    assert words(result.remaining) == ["worse is bad"]


@pytest.mark.parametrize(("name", "text"), [("a.tsx", "f(bad, worse)"), ("a.html", "<script>f(bad, worse)</script>")])
def test_a_fix_that_breaks_a_web_file_is_held_back(tmp_path: Path, name: str, text: str) -> None:
    project = opened(tmp_path, {name: text})

    result = run(project, rules(rule("bad", "good"), rule("worse", "}{")))

    assert texts(project, result) == {name: text.replace("bad", "good")}
    assert reasons(result) == [(name, "mend worse", "it would not parse")]


def test_a_file_that_did_not_parse_before_can_be_fixed(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "x = (bad\n", "a.js": "x = (bad"})

    assert set(texts(project, run(project, rule("bad", "good"))).values()) == {"x = (good\n", "x = (good"}


def test_a_fix_that_brings_a_finding_is_held_back_and_the_others_are_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\nworse\nbad\n"})
    scan = rules(rule("bad", "good"), rule("worse", "worst", code="CK002"), rule("worst", "", code="CK003"))

    result = run(project, scan)

    assert texts(project, result) == {"a.py": "good\nworse\ngood\n"}
    assert reasons(result) == [("a.py", "mend worse", "it would have CK003: worst is bad")]


def test_findings_are_told_apart_by_how_often_they_are_there(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "worst\nworse\n"})
    scan = rules(rule("worse", "worst"), lambda each: [plain(finding) for finding in rule("worst", "")(each)])

    result = run(project, scan)

    assert (result.texts, len(result.held_back)) == ({}, 1)


def plain(finding: Finding) -> Finding:
    return Finding(finding.code, finding.at, finding.message)


def test_a_finding_that_only_moves_is_not_a_new_one(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad = 1\nworst\n"})
    scan = rules(rule("bad", "a\nb"), lambda each: [plain(finding) for finding in rule("worst", "")(each)])

    assert texts(project, run(project, scan)) == {"a.py": "a\nb = 1\nworst\n"}


def test_a_finding_in_another_file_counts_too(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\n", "b.py": "uses_bad\n"})

    def dangling(each: Project) -> list[Finding]:
        source = each.read(tmp_path / "a.py")
        assert source is not None
        return [] if "bad" in source.text else rule("uses_bad", "", code="CK002", message="{} is gone")(each)

    result = run(project, rules(rule("^bad", "good"), dangling))

    assert result.texts == {}
    assert reasons(result) == [("a.py", "mend bad", "b.py would have CK002: uses_bad is gone")]


def test_what_waited_for_a_fix_that_is_held_back_gets_its_turn(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "(bad)\n"})

    result = run(project, rules(rule(r"\(bad", "bad"), rule("bad", "good", code="CK002")))

    assert texts(project, result) == {"a.py": "(good)\n"}


# Rounds


def test_a_rule_that_oscillates_ends_and_leaves_the_file_alone(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "tick\nbad\n"})
    scans = 0

    def counted_scan(each: Project) -> list[Finding]:
        nonlocal scans
        scans += 1
        return swing(each)

    swing = rules(
        rule("tick|tock", lambda _, at: [Edit(at, {"tick": "tock", "tock": "tick"}[at.text])], message="swings"),
        rule("bad", "good"),
    )
    result = run(project, counted_scan)

    assert texts(project, result) == {"a.py": "tick\ngood\n"}
    assert reasons(result) == [("a.py", "mend tick", "it comes up again after each of 10 rounds")]
    assert scans <= 2 * (MAX_ROUNDS + 2)


def test_a_rule_that_grows_a_file_for_ever_leaves_it_alone(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "more\n"})

    result = run(project, rule("more", "more\nmuch", message="not enough"))

    assert result.texts == {}
    assert len(result.held_back) == 1


def test_after_ten_rounds_the_rest_is_left_and_said(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "x" * (MAX_ROUNDS + 2)})

    result = run(project, rule("x$", "", message="one too many") if False else rule("x", ""))

    assert texts(project, result) == {"a.py": "xx"}
    assert reasons(result) == [("a.py", "mend x", "10 rounds of fixes did not get to it")]
    assert len(result.fixed) == MAX_ROUNDS


# Files


def test_a_fix_over_several_files_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\nworse\n", "b.py": "x\n", "c.py": "y\n"})

    def good(each: Project, at: Location) -> list[Edit]:
        return [Edit(at, "good"), elsewhere(each, "b.py", "import good\n")]

    def broken(each: Project, at: Location) -> list[Edit]:
        return [Edit(at, "better"), elsewhere(each, "c.py", "import (\n")]

    result = run(project, rules(rule("bad", good), rule("worse", broken)))

    assert texts(project, result) == {"a.py": "good\nworse\n", "b.py": "import good\nx\n"}
    assert reasons(result) == [("a.py", "mend worse", "c.py would not parse: syntax error: '(' was never closed")]
    assert result.together == {frozenset({tmp_path / "a.py", tmp_path / "b.py"})}


def forbidden(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    return {
        "outside": (tmp_path / "outside.py", "is outside the scanned folder"),
        "notebook": (tmp_path / "root" / "a.ipynb", "is a notebook"),
        "read-only": (tmp_path / "root" / "locked.py", "is read-only"),
        "not asked for": (tmp_path / "root" / "other" / "b.py", "is not among the files to fix"),
        "a link out": (tmp_path / "root" / "link.py", "is outside the scanned folder"),
    }


@pytest.mark.parametrize("case", ["outside", "notebook", "read-only", "not asked for", "a link out"])
def test_files_that_must_not_be_touched_hold_the_whole_fix_back(tmp_path: Path, case: str) -> None:
    path, reason = forbidden(tmp_path)[case]
    names = ["outside.py", "root/locked.py", "root/other/b.py", "root/a.ipynb"]
    opened(tmp_path, {**dict.fromkeys(names, "x\n"), "root/a.py": "bad\n"})
    (tmp_path / "root" / "locked.py").chmod(0o444)
    (tmp_path / "root" / "link.py").symlink_to("../outside.py")
    listing = discover(tmp_path / "root")
    project = Project(type(listing).merged([listing], [path]), Needles((), ()))
    source = project.read(path)
    assert source is not None

    def mend(_: Project, at: Location) -> list[Edit]:
        return [Edit(at, "good"), Edit(source.location(0, 0), "y\n")]

    result = run(project, rule("bad", mend), lambda each: "other" not in each.parts)

    assert result.texts == {}
    assert reasons(result) == [("a.py", "mend bad", f"{path.name} {reason}")]


def test_a_link_into_the_folder_is_followed(tmp_path: Path) -> None:
    opened(tmp_path, {"real/a.py.txt": "bad\n"})
    (tmp_path / "a.py").symlink_to("real/a.py.txt")
    project = Project(discover(tmp_path), Needles((), ()))

    assert texts(project, run(project, rule("bad", "good"))) == {"a.py": "good\n"}


def test_standard_input_needs_no_file(tmp_path: Path) -> None:
    path = tmp_path / "new.py"
    opened(tmp_path, {"a.py": "fine\n"})
    listing = discover(tmp_path)
    project = Project(type(listing).merged([listing], [path]), Needles((), ())).with_texts({path: "bad\n"})

    assert run(project, rule("bad", "good")).texts == {path: "good\n"}


# Bugs in fixes


def test_a_fix_with_a_bug_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\nworse\nworst\n"})

    def crash(_: Project, at: Location) -> list[Edit]:
        raise KeyError(at.text)

    def overlapping(_: Project, at: Location) -> list[Edit]:
        return [Edit(at, "x"), Edit(at, "y")]

    result = run(project, rules(rule("bad", "good"), rule("worse", crash, code="CK002"), rule("worst", overlapping)))

    assert texts(project, result) == {"a.py": "good\nworse\nworst\n"}
    assert [(each.code, each.path.name, each.error) for each in result.errors] == [
        ("CK002", "a.py", "KeyError: 'worse'"),
        ("CK001", "a.py", "BadEditError: two edits of a.py overlap"),
    ]
    assert "in crash" in result.errors[0].traceback
    assert result.held_back == []


def test_held_back_fixes_are_plain_values(tmp_path: Path) -> None:
    assert HeldBack(tmp_path, "title", "reason") == HeldBack(Path(os.fspath(tmp_path)), "title", "reason")
