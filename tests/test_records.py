"""Our data classes do what the standard library's do, and our patterns what `re` compiles."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor import patterns, records


def both(**options: bool) -> list[Any]:
    """Return the same classes made by both."""
    made = []
    for module in (dataclasses, records):
        make: Any = module.dataclass
        field: Any = module.field

        @make(**options)
        class Base:
            kind: ClassVar[str] = "base"
            name: str
            number: int = 3

        @make(**options)
        class Derived(Base):
            items: list[int] = field(default_factory=list)
            hidden: int = field(default=7, init=False, repr=False)
            unhashed: int = field(default=0, hash=False)

        made += [Base, Derived]
    return made


OPTIONS = [
    {"frozen": True},
    {"frozen": False},
    {"eq": False},
    {"frozen": True, "order": True},
    {"frozen": True, "eq": False},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_instances_behave_alike(options: dict[str, bool]) -> None:
    their_base, their_derived, our_base, our_derived = both(**options)

    for theirs, ours, arguments in (
        (their_base, our_base, ("a",)),
        (their_base, our_base, ("a", 4)),
        (their_derived, our_derived, ("a", 4, [1])),
        (their_derived, our_derived, ("a",)),
    ):
        one, other = theirs(*arguments), ours(*arguments)
        names = [each.name for each in dataclasses.fields(theirs)]
        assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
        assert repr(one) == repr(other)
        assert theirs.__match_args__ == ours.__match_args__
        assert (one == theirs(*arguments)) == (other == ours(*arguments))
        assert one != other
        assert (theirs.__hash__ is None) == (ours.__hash__ is None)


def test_each_instance_has_a_default_of_its_own() -> None:
    *_, derived = both()

    first, second = derived("a"), derived("a")
    first.items.append(1)

    assert (second.items, first.hidden, derived("a", items=[2]).items) == ([], 7, [2])


def test_what_is_wrongly_called_is_refused() -> None:
    *_, ours, _ = both()

    for arguments in ((), ("a", 1, 2)):
        with pytest.raises(TypeError):
            ours(*arguments)


def test_equal_records_have_one_hash_and_are_sorted_by_their_attributes() -> None:
    *_, ours, _ = both(frozen=True, order=True)

    assert len({ours("a"), ours("a"), ours("b")}) == 2
    assert sorted([ours("b"), ours("a", 5), ours("a", 4)]) == [ours("a", 4), ours("a", 5), ours("b")]


def test_a_record_is_copied_with_changes() -> None:
    *_, derived = both(frozen=True)
    record: Any = derived("a", 1, [2])

    changed = records.replace(record, number=5)

    assert (changed.name, changed.number, changed.items) == ("a", 5, [2])


@given(st.text("ab.", max_size=8))
def test_a_pattern_is_what_re_makes_of_it(text: str) -> None:
    ours, theirs = patterns.regex(r"a(b)?", re.IGNORECASE), re.compile(r"a(b)?", re.IGNORECASE)

    assert [match.span() for match in ours.finditer(text)] == [match.span() for match in theirs.finditer(text)]
    assert bool(ours.fullmatch(text)) == bool(theirs.fullmatch(text))
    assert ours.sub("-", text) == theirs.sub("-", text)
    assert (ours.pattern, ours.flags) == (theirs.pattern, theirs.flags)
