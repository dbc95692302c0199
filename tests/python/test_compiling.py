"""What CPython would take the square of to compile is left out, and what stands beside it is compiled all the same."""

from __future__ import annotations

import ast

import pytest

from chatkit_doctor.python.compiling import has_fast_tables, parts_of, refusal
from tests.python.projects import module as module_of
from tests.torture.structures import each

_LARGE = {
    "keywords of a call": "f(" + each(600, "a#=1, ") + ")\n",
    "keywords of a class": "class A(" + each(600, "a#=1, ") + "): ...\n",
    "keywords of a pattern": "match x:\n    case P(" + each(600, "a#=1, ") + "): ...\n",
    "names that a case catches": "match x:\n    case [" + each(40, "a#, ") + "]: ...\n",
    "names that all ways of a case catch": "match x:\n    case " + "|".join(["[a, b, c, d]"] * 10) + ": ...\n",
    "functions": "def f():\n" + each(2_100, "    def a#(): ...\n"),
    "lines": "def f():\n" + each(21_000, "    a\n"),
}
_TABLES = {
    "names that functions within see": "def f():\n" + each(800, "    a# = lambda: 0\n"),
    "names that one function within sees": "def f():\n    " + each(3_100, "a# = ") + "0\n    return lambda: 0\n",
    "names that are declared": "def f():\n    global a" + each(3_100, ", a#") + "\n    return lambda: 0\n",
    "lambdas of a decorator": "@d(" + each(800, "x := lambda a#: 0, ") + ")\ndef f(): ...\n",
}
_USUAL = {
    "a call": "f(" + each(400, "a#=1, ") + ")\n",
    "a case": "match x:\n    case [a, b, *c] | {'a': a, 'b': b, **c}: ...\n",
    "a class": "class A:\n" + each(200, "    def f#(self, a, b):\n        c = [d for d in a]\n        return c\n"),
    "names at the top": each(4_000, "a# = 0\n"),
    "functions at the top": each(1_500, "def f#(a, b):\n    c = 0\n"),
}


@pytest.mark.parametrize("name", [*_LARGE, *_TABLES])
def test_a_statement_that_takes_the_square_is_left_out(name: str) -> None:
    module = module_of("before = 1\n" + (_LARGE | _TABLES)[name] + "await after\n")

    left = [ast.unparse(statement) for part in parts_of(module) for statement in part.body]

    assert left == ["before = 1", "await after"]
    assert refusal(module) == (module.source.text.count("\n"), "'await' outside function")


@pytest.mark.parametrize("name", [*_LARGE, *_TABLES, *_USUAL])
def test_tables_of_names_are_fast_where_few_of_them_are_copied(name: str) -> None:
    assert has_fast_tables(module_of((_LARGE | _TABLES | _USUAL)[name])) == (name not in _TABLES)


@pytest.mark.parametrize("name", _USUAL)
def test_what_people_write_is_compiled_as_it_is(name: str) -> None:
    module = module_of(_USUAL[name])

    assert list(parts_of(module)) == [module.tree]


@pytest.mark.parametrize("around", ["", "class A:\n    def f(self): pass\n" * 2_500], ids=["few", "many"])
def test_what_python_refuses_is_found_among_however_many_functions(around: str) -> None:
    tree = module_of(f"{around}x = 1\nawait x\n{around}")

    assert refusal(tree) == (around.count("\n") + 2, "'await' outside function")


@pytest.mark.parametrize("mark", ["# %%", "#%%", "# COMMAND ----------"])
def test_cells_may_await_outside_of_functions(mark: str) -> None:
    assert refusal(module_of(f"{mark}\nawait x\n")) is None
    assert refusal(module_of(f"{mark}\nreturn 1\n")) == (2, "'return' outside function")
