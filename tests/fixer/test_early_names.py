"""Which names a file reads above what binds them while it is imported."""

from __future__ import annotations

import ast

import pytest

from chatkit_doctor.scanning.fixer.early_names import early_names

EARLY = {
    "a base": "class A(B): ...\nclass B: ...\n",
    "an annotation": "def f(x: B) -> None: ...\nclass B: ...\n",
    "what is returned": "class A:\n    def f(self) -> B: ...\nimport B\n",
    "a decorator": "@B\ndef f(): ...\nfrom b import B\n",
    "a default": "def f(x=B): ...\nB = 1\n",
    "a default of a lambda": "f = lambda x=B: x\nB = 1\n",
    "a class's body": "class A:\n    x = B\nB = 1\n",
    "an argument": "print(B)\nB = 1\n",
    "what a comprehension runs over": "x = [y for y in B]\nB = ()\n",
    "a branch": "if x():\n    y = B\nB = 1\ndef x(): ...\n",
    "an annotated name": "x: B = 1\nclass B: ...\n",
}
LATE = {
    "in a function": "def f():\n    return B\nB = 1\n",
    "in a lambda": "f = lambda: B\nB = 1\n",
    "nothing binds it": "class A(B): ...\n",
    "put off": "from __future__ import annotations\ndef f(x: B) -> B: ...\nx: B\nclass B: ...\n",
    "a branch that binds": "try:\n    from b import B\nexcept ImportError:\n    B = None\nclass A(B): ...\n",
    "a name in a class": "class A:\n    B = 1\n    x = B\nB = 2\n",
    "a name of a comprehension": "x = [B for B in ()]\nB = 1\n",
    "a name bound meanwhile": "if (B := 1) and B: ...\nx = B\nB = 2\n",
    "a pattern": "match 1:\n    case B if B: ...\nB = 1\n",
    "a loop": "for B in (): x = B\nwith open('b') as C: y = C\nB = C = 1\n",
    "an error": "try: ...\nexcept ValueError as B: x = B\nB = 1\n",
    "a built-in": "print(list)\nlist = 1\n",
}


@pytest.mark.parametrize("text", EARLY.values(), ids=EARLY)
def test_what_is_read_above_its_binding_is_named(text: str) -> None:
    assert early_names(ast.parse(text)) & {"B", "x"} == ({"B", "x"} if "x()" in text else {"B"})


@pytest.mark.parametrize("text", LATE.values(), ids=LATE)
def test_what_is_read_later_or_bound_before_is_not(text: str) -> None:
    assert early_names(ast.parse(text)) == set()
