"""The algebra of edits against naive models of it, on random texts and edits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.scanning.fixer.changes import (
    BadEditError,
    Change,
    Changes,
    Offer,
    applied,
    changes_of,
    choose,
    combined,
)
from chatkit_doctor.source import Source

Spans = list[tuple[int, int, str]]

A, B = Path("/project/a.txt"), Path("/project/b.txt")
TEXT = "0123456789"

spans = st.tuples(st.integers(0, 10), st.integers(0, 10), st.sampled_from(["", "x", "yz", "3"])).map(
    lambda drawn: (min(drawn[:2]), max(drawn[:2]), drawn[2])
)
many_spans = st.lists(spans, max_size=4)
fixes = st.lists(st.dictionaries(st.sampled_from([A, B]), many_spans, max_size=2), max_size=6)


def source(path: Path = A, text: str = TEXT) -> Source:
    return Source(path, text)


def changes(by_path: dict[Path, Spans]) -> Changes:
    sources = {path: source(path) for path in by_path}
    edits = [
        Edit(sources[path].location(start, end), text) for path, each in by_path.items() for start, end, text in each
    ]
    return changes_of(edits, sources)


def in_file(drawn: Spans, text: str = TEXT) -> tuple[Change, ...]:
    of_file = source(text=text)
    return changes_of([Edit(of_file.location(start, end), new) for start, end, new in drawn], {A: of_file}).get(A, ())


def offers(drawn: list[dict[Path, Spans]]) -> list[Offer]:
    made = []
    for each in drawn:
        try:
            found = changes(each)
        except BadEditError:
            continue
        made.append(Offer(Finding("CK001", source().location(0, 0), "message"), "title", found))
    return made


def overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Tell whether two edits want the same character, or one puts text strictly inside of what the other replaces."""
    (low, high), (start, end) = sorted([one[:2], other[:2]])
    return bool(set(range(low, high)) & set(range(start, end))) or low < start == end < high


def applied_from_the_end(text: str, drawn: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(drawn, key=lambda each: each[:2])[::-1]:
        text = text[:start] + new + text[end:]
    return text


@given(many_spans)
def test_edits_of_a_fix_are_refused_exactly_when_they_overlap(drawn: Spans) -> None:
    if any(overlap(*pair) for pair in combinations(drawn, 2)):
        with pytest.raises(BadEditError, match="overlap"):
            in_file(drawn)
    else:
        assert applied(TEXT, in_file(drawn)) == applied_from_the_end(TEXT, drawn)


@given(many_spans, st.randoms(use_true_random=False))
def test_the_order_of_a_fixs_edits_matters_only_for_insertions_at_one_place(
    drawn: Spans, chance: random.Random
) -> None:
    unlike = list({each[:2]: each for each in drawn}.values())
    shuffled = chance.sample(unlike, len(unlike))
    if any(overlap(*pair) for pair in combinations(unlike, 2)):
        return
    assert in_file(shuffled) == in_file(unlike)


def touches(one: Change, other: Change) -> bool:
    return bool(set(range(one.start, one.end + 1)) & set(range(other.start, other.end + 1)))


def excluded(one: Offer, other: Offer) -> bool:
    """Tell whether two fixes cannot be made at once."""
    return any(
        touches(mine, theirs) and mine not in other.changes[path]
        for path in one.changes.keys() & other.changes.keys()
        for mine in one.changes[path]
        for theirs in other.changes[path]
    )


@given(fixes)
def test_chosen_fixes_keep_apart_and_the_others_wait_for_one_of_them(drawn: list[dict[Path, Spans]]) -> None:
    everything = offers(drawn)

    chosen, waiting = choose(everything)

    assert sorted(map(id, [*chosen, *waiting])) == sorted(map(id, everything))
    for index, offer in enumerate(chosen):
        assert not any(excluded(offer, earlier) for earlier in chosen[:index])
    for offer in waiting:
        assert any(excluded(offer, other) for other in chosen)
    assert chosen[:1] == everything[:1]


@given(fixes, st.randoms(use_true_random=False))
def test_what_chosen_fixes_make_is_what_each_of_them_says(
    drawn: list[dict[Path, Spans]], chance: random.Random
) -> None:
    chosen, _ = choose(offers(drawn))

    texts = {path: applied(TEXT, of_file) for path, of_file in combined(chosen).items()}

    for path, text in texts.items():
        once = dict.fromkeys(change for offer in chosen for change in offer.changes.get(path, ()))
        assert text == applied_from_the_end(TEXT, list(once))
    assert combined(chance.sample(chosen, len(chosen))) == combined(chosen)


def test_the_same_change_of_two_fixes_is_made_once() -> None:
    chosen, waiting = choose(offers([{A: [(0, 0, "import"), (3, 4, "x")]}, {A: [(0, 0, "import"), (6, 7, "y")]}]))

    assert not waiting
    assert applied(TEXT, combined(chosen)[A]) == "import012x45y789"


@pytest.mark.parametrize("other", [(2, 5, "y"), (5, 6, "y"), (5, 5, "y"), (3, 3, "y"), (1, 3, "y"), (3, 5, "y")])
def test_a_change_that_touches_another_fixs_change_waits(other: tuple[int, int, str]) -> None:
    chosen, waiting = choose(offers([{A: [(3, 5, "x")]}, {A: [(9, 9, "far")], B: [(0, 1, "")]}, {A: [other]}]))

    assert [len(chosen), len(waiting)] == [2, 1]
    assert waiting[0].changes[A][0][:2] == other[:2]


def test_a_fix_waits_with_all_its_files() -> None:
    chosen, waiting = choose(offers([{A: [(3, 5, "x")]}, {A: [(4, 6, "y")], B: [(0, 1, "z")]}, {B: [(0, 2, "")]}]))

    assert [set(offer.changes) for offer in chosen] == [{A}, {B}]
    assert [set(offer.changes) for offer in waiting] == [{A, B}]


def test_insertions_of_one_fix_at_one_place_keep_their_order_before_a_replacement() -> None:
    assert applied(TEXT, in_file([(3, 4, "c"), (3, 3, "a"), (3, 3, "b")])) == "012abc456789"


def test_edits_that_change_nothing_are_no_changes() -> None:
    assert in_file([(2, 4, "23"), (5, 5, "")]) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\r\nb", "x\r\ny\r\nza\r\nb"), ("a\nb", "x\r\ny\nza\nb"), ("a", "x\r\ny\nza")],
)
def test_inserted_line_feeds_become_the_files_line_ends(text: str, expected: str) -> None:
    assert applied(text, in_file([(0, 0, "x\r\ny\nz")], text)) == expected


@pytest.mark.parametrize("span", [(-1, 2), (4, 3), (10, 11)])
def test_edits_out_of_the_file_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(BadEditError, match="out of the file"):
        in_file([(*span, "x")])


def test_edits_of_another_text_are_refused() -> None:
    edit = Edit(source(text="an older text").location(0, 1), "x")

    with pytest.raises(BadEditError, match="another text"):
        changes_of([edit], {A: source()})
