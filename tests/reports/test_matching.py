"""The lines that two texts have in common, against what each is made of."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest

from chatkit_doctor.reports import matching
from chatkit_doctor.reports.matching import Matcher


def changed(draw: random.Random, lines: list[str]) -> list[str]:
    new = list(lines)
    for _ in range(draw.randrange(6)):
        at = draw.randrange(len(new) + 1)
        new[at : at + draw.randrange(3)] = draw.choices("abcdexyz", k=draw.randrange(3))
    return new


@pytest.mark.parametrize("few", [0, 3, 2_000])
def test_what_is_said_to_be_the_same_is_and_in_order(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_FEW", few)
    draw = random.Random(few)
    for _ in range(400):
        old = draw.choices("abcdefghijklmnopq", k=draw.randrange(14))
        new = changed(draw, old)

        made = [
            line
            for kind, one, other, its_one, its_other in Matcher(old, new).get_opcodes()
            for line in (old[one:other] if kind == "equal" else new[its_one:its_other])
        ]

        assert made == new
        if few == 2_000:
            assert Matcher(old, new).get_opcodes() == SequenceMatcher(None, old, new).get_opcodes()


def test_a_long_text_is_parted_where_a_line_stands_once() -> None:
    old = [line for number in range(3_000) for line in (f"class C{number}:", "    pass", "")]
    new = [line for each in old for line in ([each, "    x = 1"] if each.startswith("class") else [each])]

    opcodes = Matcher(old, new).get_opcodes()

    assert [kind for kind, *_ in opcodes] == ["equal", "insert"] * 3_000 + ["equal"]
    assert all(its_end - its_start == 1 for kind, _, _, its_start, its_end in opcodes if kind == "insert")
