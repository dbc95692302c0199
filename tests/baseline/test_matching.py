"""What is known to a baseline, what is new, and what of it stands for nothing any more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.finding import Finding
from chatkit_doctor.scanning.baseline import KnownFinding, baseline_of, match, stale_note
from chatkit_doctor.source import Source
from tests.baseline.making import FILE, ROOT, Files, baseline, compare, findings

BEFORE = {"app/server.py": "import bad_one\n\nx = bad_two(1)\n"}


@pytest.mark.parametrize(
    ("after", "known", "new", "stale"),
    [
        pytest.param(BEFORE, ["app/server.py:1", "app/server.py:3"], [], 0, id="nothing changed"),
        pytest.param(
            {"app/server.py": "'''Docs.'''\n\nimport bad_one\nimport sys\n\n\nx = bad_two(1)\n"},
            ["app/server.py:3", "app/server.py:7"],
            [],
            0,
            id="lines moved",
        ),
        pytest.param(
            {"app/server.py": "def f():\n    x = bad_two(1)\n\n\timport  bad_one \r\n"},
            ["app/server.py:2", "app/server.py:4"],
            [],
            0,
            id="indented and in another order",
        ),
        pytest.param(
            {"backend/chat.py": "\nimport bad_one\nx = bad_two(1)\n"},
            ["backend/chat.py:2", "backend/chat.py:3"],
            [],
            0,
            id="a renamed file whose lines moved",
        ),
        pytest.param(
            {"app/server.py": "import bad_one\n", "app/more.py": "x = bad_two(1)\n"},
            ["app/server.py:1", "app/more.py:1"],
            [],
            0,
            id="code gone to another file",
        ),
        pytest.param(
            {**BEFORE, "app/copy.py": BEFORE["app/server.py"]},
            ["app/server.py:1", "app/server.py:3"],
            ["app/copy.py:1", "app/copy.py:3"],
            0,
            id="a copied file",
        ),
        pytest.param(
            {"app/server.py": "import bad_one\n\nx = bad_two(1)\nx = bad_two(1)\n"},
            ["app/server.py:1", "app/server.py:3"],
            ["app/server.py:4"],
            0,
            id="a copied line",
        ),
        pytest.param(
            {"app/server.py": "import bad_one\n\nname = (\n    bad_two(1),\n)\n"},
            ["app/server.py:1", "app/server.py:4"],
            [],
            0,
            id="the line edited beside the span",
        ),
        pytest.param(
            {"app/server.py": "import bad_one\n\nx = bad_too(1)\n"},
            ["app/server.py:1"],
            ["app/server.py:3"],
            1,
            id="the span edited",
        ),
        pytest.param(
            {"app/server.py": "import bad_one\ny = bad_two(2)\nx = bad_two(1)\n"},
            ["app/server.py:1", "app/server.py:3"],
            ["app/server.py:2"],
            0,
            id="an equal span in another line",
        ),
        pytest.param({"app/server.py": "import bad_one\n"}, ["app/server.py:1"], [], 1, id="one mended"),
        pytest.param({}, [], [], 2, id="the file gone"),
        pytest.param(
            {"lib/b.py": "import bad_one\n", "lib/server.py": "import bad_one\n"},
            ["lib/server.py:1"],
            ["lib/b.py:1"],
            1,
            id="moved to another folder and copied to another name",
        ),
    ],
)
def test_what_is_known_and_what_is_new(after: Files, known: list[str], new: list[str], stale: int) -> None:
    assert compare(BEFORE, after) == (known, new, stale)


def test_of_equal_findings_as_many_are_known_as_the_baseline_has() -> None:
    twice = {"a.py": "bad()\nbad()\n"}

    assert compare(twice, {"a.py": "bad()\n"}) == (["a.py:1"], [], 1)
    assert compare(twice, {"a.py": "bad()\n" * 3}) == (["a.py:1", "a.py:2"], ["a.py:3"], 0)


def test_two_findings_in_a_line_are_two() -> None:
    assert compare({"a.py": "bad_a(bad_b)\n"}, {"a.py": "bad_a(bad_b)\n"}) == (["a.py:1", "a.py:1"], [], 0)


def test_another_rule_at_the_same_place_is_new() -> None:
    found = findings(BEFORE, code="CK102")

    matched = match(baseline(BEFORE), found, lambda code, _: code == "CK102")

    assert (matched.known, matched.stale) == (frozenset(), ())


def test_the_words_of_a_message_do_not_matter() -> None:
    found = findings(BEFORE)
    for each in found:
        each.message = "said in another way"

    assert match(baseline(BEFORE), found, lambda *_: True).known == frozenset(found)


def test_in_a_long_line_only_the_span_counts() -> None:
    filler = "x=1;" * 1000

    assert compare({"a.js": f"{filler}bad;{filler}\n"}, {"b.js": f"{filler}y=2;bad;{filler}\n"}) == (["b.js:1"], [], 0)


def test_a_file_that_cannot_be_read_is_known_by_its_name() -> None:
    def unreadable(name: str) -> Finding:
        return Finding("CK903", Source(ROOT / name, "").location(0, 0), "it cannot be read")

    known = baseline_of([unreadable("a/one.py")], FILE)

    assert match(known, [unreadable("b/one.py")], lambda *_: True).stale == ()
    assert match(known, [unreadable("a/two.py")], lambda *_: True).known == frozenset()


def test_a_scan_of_a_part_says_nothing_of_the_rest(tmp_path: Path) -> None:
    files = {"web/chat.py": "bad()\n", "app/server.py": "bad()\n"}
    for name in files:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    known = baseline({"web/chat.py": "bad()\n"}, tmp_path)

    def in_app(_code: str, path: Path) -> bool:
        return path.is_relative_to(tmp_path / "app")

    (new,) = findings({"app/server.py": "bad()\n"}, tmp_path)
    matched = match(known, [new], in_app)
    assert (matched.known, matched.stale) == (frozenset(), ()), "what stands elsewhere is not what is new here"

    (tmp_path / "web/chat.py").unlink()
    assert match(known, [new], in_app).known == {new}, "it was moved from there"
    assert match(known, [], in_app).stale == ()


def test_code_may_go_to_another_file_while_its_own_stays(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    known = baseline({"a.py": "bad()\n"}, tmp_path)

    found = findings({"b.py": "bad()\n"}, tmp_path)

    assert match(known, found, lambda *_: True).known == frozenset(found)
    assert match(known, found, lambda _, path: path.name == "b.py").known == frozenset(), "a.py may have it still"


def test_rules_that_did_not_run_leave_no_stale_entries() -> None:
    known = baseline(BEFORE)

    assert match(known, [], lambda code, _: code == "CK401").stale == ()
    assert len(match(known, [], lambda code, _: code == "CK101").stale) == 2


def test_a_folder_that_is_named_by_a_link_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    found = findings(BEFORE, tmp_path / "real")

    for root in (tmp_path / "real", tmp_path / "link"):
        for other in (tmp_path / "real", tmp_path / "link"):
            known = baseline_of(findings(BEFORE, root), other / FILE.name)
            assert [each.path for each in known.entries] == ["app/server.py"] * 2
            assert match(known, found, lambda *_: True).known == frozenset(found)


def test_paths_are_relative_to_the_baseline() -> None:
    known = baseline_of(findings(BEFORE), ROOT / "etc" / "doctor" / "baseline.json")

    assert {each.path for each in known.entries} == {"../../app/server.py"}
    assert {known.file_of(each) for each in known.entries} == {ROOT / "app" / "server.py"}


def test_a_note_on_stale_entries() -> None:
    def note(name: str, number: int) -> str:
        return stale_note(Path(name), [KnownFinding("a.py", "CK101", "0" * 16)] * number)

    assert note(FILE.name, 0) == ""
    stands = f"1 entry of {FILE.name} stands for nothing any more"
    assert note(FILE.name, 1) == f"{stands}; `chatkit-doctor baseline` writes it anew"
    rewrite = "`chatkit-doctor baseline --output 'my \\x1b.json'` writes it anew"
    assert note("my \x1b.json", 2) == f"2 entries of my \\x1b.json stand for nothing any more; {rewrite}"


# Texts of lines that may be bad, and what may happen to the files that they are in.
LINES = st.sampled_from(["bad_a()", "bad_b()", "import bad_c", "x = 1", "", "def f():"])
TEXTS = st.lists(LINES, max_size=8)
PROJECTS = st.dictionaries(st.sampled_from(["a.py", "b.py", "lib/a.py", "lib/c.py"]), TEXTS, max_size=4)


def _joined(project: dict[str, list[str]]) -> dict[str, str]:
    return {name: "".join(f"{line}\n" for line in lines) for name, lines in project.items()}


def _kinds(project: dict[str, list[str]]) -> Counter[str]:
    return Counter(line for lines in project.values() for line in lines if "bad" in line)


@st.composite
def moved(draw: st.DrawFn, project: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return a project with its lines moved and indented, and some of its files renamed."""
    result = {}
    for number, (name, lines) in enumerate(project.items()):
        made = list(draw(st.permutations(lines)))
        for at in draw(st.lists(st.integers(0, len(made)), max_size=4)):
            made.insert(at, draw(st.sampled_from(["", "pass", "# a word"])))
        indent = draw(st.sampled_from(["", "  ", "\t"]))
        result[draw(st.sampled_from([name, f"new/{number}.py"]))] = [indent + line for line in made]
    return result


@settings(deadline=None, derandomize=True)
@given(st.data(), PROJECTS)
def test_what_was_moved_or_renamed_stays_known(data: st.DataObject, before: dict[str, list[str]]) -> None:
    known, new, stale = compare(_joined(before), _joined(data.draw(moved(before))))

    assert (len(known), new, stale) == (_kinds(before).total(), [], 0)


@settings(deadline=None, derandomize=True)
@given(st.data(), PROJECTS, TEXTS)
def test_what_comes_on_top_is_new(data: st.DataObject, before: dict[str, list[str]], more: list[str]) -> None:
    after = data.draw(moved(before))
    name = data.draw(st.sampled_from([*after, "quite/new.py"]))
    after[name] = [*after.get(name, []), *more]

    known, new, stale = compare(_joined(before), _joined(after))

    assert (len(known), len(new), stale) == (_kinds(before).total(), _kinds({"": more}).total(), 0)


@settings(deadline=None, derandomize=True)
@given(PROJECTS, PROJECTS)
def test_counts_add_up_whatever_happened(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    known, new, stale = compare(_joined(before), _joined(after))

    assert len(known) + len(new) == _kinds(after).total()
    assert len(known) + stale == _kinds(before).total()
    assert len(new) == (_kinds(after) - _kinds(before)).total()


@settings(deadline=None, derandomize=True)
@given(PROJECTS)
def test_what_stood_is_known_at_its_place(project: dict[str, list[str]]) -> None:
    assert compare(_joined(project), _joined(project))[1:] == ([], 0)
