"""What is made of the fixes that are offered, and in which rounds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.project.project import Project
from chatkit_doctor.scanning.fixer import MAX_ROUNDS, fix
from chatkit_doctor.source import Location
from tests.fixer.making import OnDisk, Scan, elsewhere, opened, reasons, rule, rules, run, texts, words

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


def test_of_findings_that_say_the_same_those_count_as_fixed_whose_fixes_were_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "x = bad\ny = bad\n"})

    result = run(project, rule("bad", lambda _, at: [Edit(at, "good")] if at.start > 4 else []))

    assert texts(project, result) == {"a.py": "x = bad\ny = good\n"}
    assert [finding.at.start for finding in result.fixed] == [12]


def test_a_file_that_is_as_it_was_in_the_end_is_not_changed(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\n", "b.py": "x\n"})

    def back_again(each: Project, at: Location) -> list[Edit]:
        return [Edit(at, "bad"), elsewhere(each, "b.py", "fine\n")] if at.text == "good" else []

    def scan(each: Project) -> list[Finding]:
        source = each.read(tmp_path / "b.py")
        assert source is not None
        found = rules(rule("bad", "good"), rule("bad|good", back_again, message="never good"))(each)
        return [] if "fine" in source.text else found

    result = run(project, scan)

    assert texts(project, result) == {"b.py": "fine\nx\n"}
    assert result.held_back == []


def test_the_order_of_the_findings_does_not_matter(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "a = b = c = bad = (b, a)\n", "b.js": "let a = bad\n"})
    scan = rules(rule("[ab] = ", ""), rule("b = c", "d"), rule("bad", "(a, b)", code="CK002"))
    expected = run(project, scan).texts

    for order in permutations(scan(project)):
        assert run(project, in_order(scan, order)).texts == expected


def in_order(scan: Scan, order: Sequence[Finding]) -> Scan:
    """Return a scan that finds the same in another order the first time."""
    orders = iter([list(order)])
    return lambda project: next(orders, None) or scan(project)[::-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.text("abcd \n", max_size=30),
    st.lists(st.tuples(st.text("abcd", min_size=1, max_size=3), st.text("abcd", max_size=3)), max_size=4),
)
def test_a_second_run_changes_nothing(tmp_path: Path, text: str, table: list[tuple[str, str]]) -> None:
    """Rules at random: they overlap, undo each other, bring each other's findings back or go on for ever."""
    project = opened(tmp_path, {"requirements.txt": text})
    scan = rules(*(rule(old, new, code=f"CK{at}", message="bad") for at, (old, new) in enumerate(table)))

    first = run(project, scan)
    second = run(project.with_texts(first.texts), scan)

    late = any("did not get to it" in each.reason for each in first.held_back)
    assert second.texts == {} or late
    assert len(first.fixed) + len(first.remaining) == len(scan(project))


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

    def one_less(_: Project, at: Location) -> list[Edit]:
        text = at.source.text
        return [Edit(at.source.location(0, len(text)), text[1:])]

    result = run(project, rule("x", one_less))

    assert texts(project, result) == {"a.py": "xx"}
    assert reasons(result) == [("a.py", "mend x", "10 rounds of fixes did not get to it")]
    assert len(result.fixed) == MAX_ROUNDS


def test_fixes_that_fail_are_not_tried_one_by_one_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds.MOST_TRIED", -1)
    project = opened(tmp_path, {"a.py": "bad\n" * 400, "b.py": "fine\n"})
    scans = 0

    def counted_scan(each: Project) -> list[Finding]:
        nonlocal scans
        scans += 1
        return worse(each)

    # Each of them brings something that was not there.
    worse = rules(rule("bad", "evil"), rule("evil", "evil", message="worse than before"))
    result = run(project, counted_scan)

    assert result.texts == {}
    assert result.is_cut
    assert scans < 10


def test_of_more_fixes_than_can_be_tried_those_are_made_that_nothing_is_said_against(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds.MOST_TRIED", -1)
    files: OnDisk = {f"a{number}.py": "bad\n" if number % 3 else "worse\n" for number in range(30)}
    project = opened(tmp_path, files)

    result = run(project, rules(rule("bad", "good"), rule("worse", "(", code="CK002")))

    assert texts(project, result) == {name: "good\n" for name, text in files.items() if text == "bad\n"}
    assert result.is_cut


def test_fixes_of_the_kind_that_an_objection_speaks_of_are_tried_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each page that remembers is told of in the store alone, one page at a time.
    pages = {f"pages/p{number}.py": "forgets\n" for number in range(8)}
    others = {f"a{number}.py": "bad\n" for number in range(8)} | {"store.py": "in memory, bad\n"}
    project = opened(tmp_path, {**pages, **others})

    def mismatch(project: Project) -> list[Finding]:
        store = project.read(tmp_path / "store.py")
        assert store is not None
        names = [name for name in pages if "remembers" in texts_of(project, tmp_path / name)]
        return [Finding("CK003", store.location(0, 9), f"the store forgets what {names[0]} opens")] if names else []

    scan = rules(rule("bad", "good"), rule("forgets", "remembers", code="CK002"), mismatch)
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds.MOST_TRIED", -1)

    result = run(project, scan)

    assert texts(project, result) == {name: text.replace("bad", "good") for name, text in others.items()}
    assert result.is_cut


def texts_of(project: Project, path: Path) -> str:
    source = project.read(path)
    return source.text if source is not None else ""


def test_a_rule_that_came_to_no_end_may_find_what_it_had_not_told(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "".join(f"bad{number}\n" for number in range(9))})
    scan = rule(r"bad\d", "good")

    result = fix(project, lambda each: scan(each)[:4], lambda _: True, lambda _: True, {"CK001"})

    assert texts(project, result) == {"a.py": "good\n" * 9}
    assert fix(project, lambda each: scan(each)[:4], lambda _: True, lambda _: True).texts == {}


def test_of_fixes_that_write_more_than_anybody_has_written_some_are_left_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds._MOST_WRITTEN", 30)
    project = opened(tmp_path, {"a.py": "bad\n" * 9})

    result = run(project, rule("bad", "# far more than there was"))

    assert (len(result.fixed), len(result.remaining), result.is_cut) == (2, 7, True)


def test_what_fixes_change_alike_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds._MOST_WRITTEN", 200)
    project = opened(tmp_path, {"a.py": "bad\n" * 9})

    def everywhere(_: Project, at: Location) -> list[Edit]:
        return [Edit(at.source.location(start, start + 3), "good") for start in range(0, 36, 4)]

    result = run(project, rule("bad", everywhere))

    assert (texts(project, result), result.is_cut) == ({"a.py": "good\n" * 9}, False)


def test_edits_that_take_far_too_long_to_build_are_left_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds._MOST_BUILDING", -1)
    project = opened(tmp_path, {"a.py": "bad\n"})

    result = run(project, rule("bad", "good"))

    assert (result.texts, result.held_back, result.is_cut) == ({}, [], True)


def test_where_much_is_gone_through_no_new_round_begins_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.scanning.fixer.rounds._MOST_BEFORE_A_ROUND", -1)
    project = opened(tmp_path, {"a.py": "f(g(h(1)))\n"})
    scan = rule(r"\w\((\d)\)", lambda _, at: [Edit(at, at.text[2])], message="a call too much")

    first = run(project, scan)
    last = run(project.with_texts({tmp_path / "a.py": "f(1)\n"}), scan)

    assert (texts(project, first), first.is_cut) == ({"a.py": "f(g(1))\n"}, True)
    assert (texts(project, last), last.is_cut) == ({"a.py": "1\n"}, False)


# Bugs in fixes


def test_a_fix_with_a_bug_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    project = opened(tmp_path, {"a.py": "bad\nworse\nworst\n"})

    def crash(_: Project, at: Location) -> list[Edit]:
        raise KeyError(at.text)

    def overlapping(_: Project, at: Location) -> list[Edit]:
        return [Edit(at, "x"), Edit(at, "y")]

    result = run(project, rules(rule("bad", "good"), rule("worse", crash, code="CK002"), rule("worst", overlapping)))

    assert texts(project, result) == {"a.py": "good\nworse\nworst\n"}
    assert [(each.code, each.path and each.path.name, each.error) for each in result.errors] == [
        ("CK002", "a.py", "KeyError: 'worse'"),
        ("CK001", "a.py", "BadEditError: two edits of a.py overlap"),
    ]
    assert "in crash" in result.errors[0].traceback
    assert result.held_back == []
