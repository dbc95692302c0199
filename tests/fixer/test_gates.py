"""What the gates keep out, alone and whole, and what they let through as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.source import Location
from tests.fixer.making import elsewhere, opened, reasons, rule, rules, run, texts, words

# Line ends, encodings


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.py", b"bad\r\nx\r\n", b"one\r\ntwo\r\nx\r\n"),
        ("a.py", b"x\nbad", b"x\none\ntwo"),
        ("a.py", b"\xef\xbb\xbfbad\r\n", b"\xef\xbb\xbfone\r\ntwo\r\n"),
        ("a.py", b"# coding: latin-1\n# \xe9\nbad\n", b"# coding: latin-1\n# \xe9\none\ntwo\n"),
        ("a.js", "\ufeffbad\r\n".encode("utf-16-le"), "\ufeffone\r\ntwo\r\n".encode("utf-16-le")),
    ],
)
def test_line_ends_encodings_and_marks_are_kept(tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    project = opened(tmp_path, {name: before})

    ((path, text),) = run(project, rule("bad", "one\ntwo")).texts.items()

    source = project.read(path)
    assert source is not None
    assert source.encode(text) == after


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
    assert reasons(result) == [("a.py", "mend worse", "it would not parse")]
    assert words(result.remaining) == ["worse is bad"]


@pytest.mark.parametrize(("name", "text"), [("a.tsx", "f(bad, worse)"), ("a.html", "<script>f(bad, worse)</script>")])
def test_a_fix_that_breaks_a_web_file_is_held_back(tmp_path: Path, name: str, text: str) -> None:
    project = opened(tmp_path, {name: text})

    result = run(project, rules(rule("bad", "good"), rule("worse", "}{")))

    assert texts(project, result) == {name: text.replace("bad", "good")}
    assert reasons(result) == [(name, "mend worse", "it would not parse")]


@pytest.mark.parametrize(
    ("name", "text", "written", "reason"),
    [
        ("a.py", "def f():\n    return 1\n", "missing", "it would use missing, which nothing defines"),
        ("a.py", "import os\n\n\ndef f():\n    return 1\n", "1\n\n\ndef f(): ...", "it would define f twice"),
        ("a.py", "import os\nx = 1\ny = 2\n", "y", "it would use y above what defines it"),
        ("a.py", "def f():\n    return 1\n", "await g()", "it would not compile"),
        ("a.ts", "const a = 1;", "1; const a = 2", "it would declare a twice"),
        ("a.ts", "const a = 1;", "missing()", "it would use missing, which nothing declares"),
        ("a.ts", "import { a } from 'b'; export const c = 1;", "1; import { a } from 'd'", "it would declare a twice"),
    ],
)
def test_a_fix_that_confuses_names_is_held_back(
    tmp_path: Path, name: str, text: str, written: str, reason: str
) -> None:
    project = opened(tmp_path, {name: text})

    result = run(project, rule("1", written))

    assert result.texts == {}
    assert reasons(result) == [(name, "mend 1", reason)]


def test_what_a_tree_tells_is_not_asked_of_the_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.project.project.Project.refusal", None)
    project = opened(tmp_path, {"a.py": "import os\n\n\ndef f():\n    return 1\n"})

    result = run(project, rule("1", "1\n\n\ndef f(): ..."))

    assert reasons(result) == [("a.py", "mend 1", "it would define f twice")]


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("a.py", "import a\n\nx = 1\n", "a.b(lambda y: [z for z in y])"),
        ("a.py", "import a\nx = 1\n", "2\nimport a.b"),
        ("a.py", "from a import *\nx = 1\n", "missing"),
        ("a.py", "def f():\n    global g\n    g = 1\n", "2\n\n\ndef h():\n    return g, __file__"),
        ("a.ts", "function f() { const a = 1; } function g() { const b = 1; }", "localStorage.length"),
        ("a.ts", "type T = string; const x = 1;", "2; type U = T"),
    ],
)
def test_a_fix_that_names_what_is_there_is_made(tmp_path: Path, name: str, text: str, written: str) -> None:
    project = opened(tmp_path, {name: text})

    assert run(project, rule(r"\b1\b", written)).held_back == []


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


# Files


def test_a_fix_over_several_files_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\nworse\n", "b.py": "x\n", "c.py": "y\n"})

    def good(each: Project, at: Location) -> list[Edit]:
        return [Edit(at, "good"), elsewhere(each, "b.py", "import good\n")]

    def broken(each: Project, at: Location) -> list[Edit]:
        return [Edit(at, "better"), elsewhere(each, "c.py", "import (\n")]

    result = run(project, rules(rule("bad", good), rule("worse", broken)))

    assert texts(project, result) == {"a.py": "good\nworse\n", "b.py": "import good\nx\n"}
    assert reasons(result) == [("a.py", "mend worse", "c.py would not parse")]
    assert result.together == {frozenset({tmp_path / "a.py", tmp_path / "b.py"})}


def forbidden(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    return {
        "outside": (tmp_path / "outside.py", "is outside the scanned folder"),
        "notebook": (tmp_path / "root" / "a.ipynb", "is a notebook"),
        "read-only": (tmp_path / "root" / "locked.py", "is read-only"),
        "a locked folder": (tmp_path / "root" / "locked" / "c.py", "is in a read-only folder"),
        "not asked for": (tmp_path / "root" / "other" / "b.py", "is not among the files to fix"),
        "a link out": (tmp_path / "root" / "link.py", "is outside the scanned folder"),
    }


CASES = ["outside", "notebook", "read-only", "a locked folder", "not asked for", "a link out"]


@pytest.mark.parametrize("case", CASES)
def test_files_that_must_not_be_touched_hold_the_whole_fix_back(tmp_path: Path, case: str) -> None:
    path, reason = forbidden(tmp_path)[case]
    names = ["outside.py", "root/locked.py", "root/locked/c.py", "root/other/b.py", "root/a.ipynb"]
    opened(tmp_path, {**dict.fromkeys(names, "x\n"), "root/a.py": "bad\n"})
    (tmp_path / "root" / "locked.py").chmod(0o444)
    (tmp_path / "root" / "locked").chmod(0o555)
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
    project = opened(tmp_path, {"a.py": "fine\n"}).with_texts({path: "bad\n"})

    def scan(each: Project) -> list[Finding]:
        source = each.read(path)
        assert source is not None
        fix = Fix("mend", Applicability.SAFE, lambda: [Edit(source.location(0, 3), "good")])
        return [Finding("CK001", source.location(0, 3), "bad", fix=fix)] if "bad" in source.text else []

    assert run(project, scan).texts == {path: "good\n"}


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("from x import str\nbad = 1\n", "str(1)", "str"),
        ("def list(): ...\nbad = 1\n", "sorted(list(()))", "list"),
        ("class A:\n    def dict(self): ...\n    bad = 1\n", "y: dict[str, int]", "dict"),
        ("def f():\n    id = 1\n    bad = 1\n", "x = id(f)", "id"),
    ],
)
def test_a_name_of_pythons_own_that_means_something_else_holds_the_fix_back(
    tmp_path: Path, before: str, after: str, name: str
) -> None:
    project = opened(tmp_path, {"a.py": before, "b.py": before.replace(name, "other")})

    result = run(project, rule("bad = 1", after))

    assert list(texts(project, result)) == ["b.py"]
    assert [each[2] for each in reasons(result)] == [f"it would use {name}, which is not Python's there"]
