"""What a name is used for, asked for each of its imports."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.type_uses import TypeUses, uses_of_alias, uses_of_attribute
from tests.python.projects import module
from tests.torture.scale import grows_in_proportion


def texts(tree: Module, uses: TypeUses) -> list[list[str]]:
    return [[tree.location(each).text for each in found] for found in (uses.annotations, uses.runtime, uses.others)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from a import B\nx: list[B] = B()\ny = dict[str, B]\n", [["list[B]"], ["dict[str, B]"], ["B"]]),
        (
            "from a import B\ndef f(x: 'B | None', y: 'C.B', z: 'B.C', w: 'Bs'): ...\n",
            [["'B | None'", "'B.C'"], [], []],
        ),
        ("from a import B\ndef f():\n    from b import B\n    x: B\n    y: 'B'\nz: B\n", [["B"], [], []]),
        ("from a import B\nclass C:\n    B = 1\n    def f(self) -> B: ...\n", [[], [], []]),
        ("from a import B\n", [[], [], []]),
    ],
)
def test_the_uses_of_a_name_that_is_imported(text: str, expected: list[list[str]]) -> None:
    tree = module(text)

    assert texts(tree, uses_of_alias(Names(tree), tree.nodes(ast.alias)[0])) == expected


def test_the_uses_of_an_attribute_as_it_is_written() -> None:
    tree = module("import a.b\nfrom a import b\nx: b.C\ny: 'b.C | b.C.D'\nz: a.b.C\nw = b.C()\n")

    assert texts(tree, uses_of_attribute(Names(tree), "b.C", "a.b.C")) == [["b.C", "'b.C | b.C.D'"], [], ["b.C"]]


@pytest.mark.parametrize("text", ["from a import B\nx: B\ny: 'B'\n", "from a import B#\nx: B#\ny: 'B#'\n"])
def test_many_imports_and_uses_take_time_in_proportion(text: str) -> None:
    def work(size: int) -> Callable[[], object]:
        whole = "".join(text.replace("#", str(number)) for number in range(size))

        def each() -> None:
            tree = module(whole)
            for alias in tree.nodes(ast.alias):
                assert uses_of_alias(tree.derive(Names), alias).annotations

        return each

    grows_in_proportion(work, 8_000, 500)
