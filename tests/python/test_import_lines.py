"""From-imports are rewritten without touching what stands around them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.python.import_lines import Imported, rearranged
from chatkit_doctor.python.module import Module
from tests.python.projects import module
from tests.torture.scale import grows_in_proportion


def after(text: str, homes: dict[str, str | None], *, leaving: tuple[str, ...] = ()) -> str:
    """Rearrange the first `from old import …` of a text; `homes` says where names go, None takes them out."""
    tree = module(text)
    statement = next(each for each in tree.nodes(ast.ImportFrom) if each.module == "old")
    plan = {}
    for alias in statement.names:
        path = homes.get(alias.name, "old")
        plan[alias] = Imported(path, tree.location(alias).text) if path else None
    return applied(tree, rearranged(tree, statement, plan, leaving))


def applied(tree: Module, edits: list) -> str:  # type: ignore[type-arg]
    text = tree.source.text
    for edit in sorted(edits, key=lambda each: each.at.start, reverse=True):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    return text


@pytest.mark.parametrize(
    ("text", "homes", "expected"),
    [
        # Another path for all.
        ("from old import a, b\n", {"a": "new", "b": "new"}, "from new import a, b\n"),
        ("from old import a as x  # why\n", {"a": "new"}, "from new import a as x  # why\n"),
        ("from old import (  # all\n    a,  # one\n    b,\n)\n", {"a": "new", "b": "new"},
         "from new import (  # all\n    a,  # one\n    b,\n)\n"),
        # Names that go apart.
        ("from old import a, b, c\n", {"b": "new"}, "from old import a, c\nfrom new import b\n"),
        ("from old import a, b\n", {"a": "one", "b": "two"}, "from one import a\nfrom two import b\n"),
        ("def f():\n    from old import a, b\n", {"b": "new"},
         "def f():\n    from old import a\n    from new import b\n"),
        ("x = 1; from old import a, b; y = 2\n", {"b": "new"}, "x = 1; from old import a; from new import b; y = 2\n"),
        # Names that leave.
        ("from old import a, b\n", {"a": None}, "from old import b\n"),
        ("from old import a, b\n", {"b": None}, "from old import a\n"),
        ("from old import (a, b)\n", {"b": None}, "from old import (a)\n"),
        ("from old import (\n    a,\n    b,\n    c\n)\n", {"b": None}, "from old import (\n    a,\n    c\n)\n"),
        ("from old import (\n    a,\n    b\n)\n", {"b": None}, "from old import (\n    a,\n)\n"),
        ("from old import (\n    a,\n    b,  # why\n)\n", {"b": None}, "from old import (\n    a,\n    # why\n)\n"),
        ("from old import a, \\\n    b\n", {"b": None}, "from old import a\n"),
        # Statements that leave.
        ("import x\nfrom old import a\nimport y\n", {"a": None}, "import x\nimport y\n"),
        ("import x\n\nfrom old import a\n\nimport y\n", {"a": None}, "import x\n\nimport y\n"),
        ("from old import a  # noqa: F401\nimport y\n", {"a": None}, "import y\n"),
        ("from old import a  # for later\nimport y\n", {"a": None}, "# for later\nimport y\n"),
        ("# kept\nfrom old import a\n", {"a": None}, "# kept\n"),
        ("if x:\n    from old import a\n", {"a": None}, "if x:\n    pass\n"),
        ("if x: from old import a\n", {"a": None}, "if x: pass\n"),
        ("x = 1; from old import a\n", {"a": None}, "x = 1; pass\n"),
        ("try:\n    from old import a\nexcept E:\n    a = 1\n", {"a": None}, "try:\n    pass\nexcept E:\n    a = 1\n"),
        ("from old import a", {"a": None}, ""),
        # Names that join a statement beside this one.
        ("from new import b\nfrom old import a\n", {"a": "new"}, "from new import a, b\n"),
        ("from old import a\nimport x\nfrom new import b\n", {"a": "new"}, "import x\nfrom new import a, b\n"),
        ("from new import z, b\nfrom old import a\n", {"a": "new"}, "from new import z, b, a\n"),
        ("from new import a\nfrom old import a\n", {"a": "new"}, "from new import a\n"),
        ("from new import (\n    b,\n)\nfrom old import a\n", {"a": "new"}, "from new import (\n    a,\n    b,\n)\n"),
        # No joining over other code, comments or stars.
        ("from new import b\nb()\nfrom old import a\n", {"a": "new"}, "from new import b\nb()\nfrom new import a\n"),
        ("from new import *\nfrom old import a\n", {"a": "new"}, "from new import *\nfrom new import a\n"),
        ("from new import (\n    b,  # b\n)\nfrom old import a\n", {"a": "new"},
         "from new import (\n    b,  # b\n)\nfrom new import a\n"),
    ],
)  # fmt: skip
def test_rearranged(text: str, homes: dict[str, str | None], expected: str) -> None:
    assert after(text, homes) == expected
    ast.parse(expected)


def test_a_line_is_not_broken_for_names_that_leave_soon() -> None:
    long = "a_name_that_leaves_" + "x" * 60
    text = f"from new import {long}\nfrom old import a\n"
    assert after(text, {"a": "new"}, leaving=(long,)) == f"from new import a, {long}\n"
    assert after(text, {"a": "new"}).count("\n") == 4


NAMES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True)


@given(NAMES, st.data())
def test_any_plan_imports_exactly_what_it_says(names: list[str], data: st.DataObject) -> None:
    layouts = (
        "from old import {}\n".format(", ".join(names)),
        "from old import (\n{})\n".format("".join(f"    {each},  # {each}\n" for each in names)),
        "from old import ({},)\n".format(",\n  ".join(names)),
        "from old import {}\n".format(", \\\n  ".join(names)),
    )
    text = data.draw(st.sampled_from(layouts))
    text = data.draw(st.sampled_from(("{}", "import x\n{}from two import z\n"))).format(text)
    homes = {each: data.draw(st.sampled_from(("old", "one", "two", None))) for each in names}
    found = {
        (each.module, alias.name)
        for each in ast.walk(ast.parse(after(text, homes)))
        if isinstance(each, ast.ImportFrom)
        for alias in each.names
    }
    assert found - {("two", "z")} == {(path, name) for name, path in homes.items() if path}


def test_statements_around_are_untouched() -> None:
    text = dedent("""\
        '''Doc.'''
        import os  # os

        # section
        from old import a, b

        x = "from old import a"
        """)
    assert after(text, {"b": None}) == text.replace("import a, b", "import a")


def test_names_join_no_statement_that_has_very_many() -> None:
    text = "from new import {}\nfrom old import a\n"
    few, many = (", ".join(f"n{number}" for number in range(count)) for count in (200, 201))

    assert "from old" not in after(text.format(few), {"a": "new"})
    assert after(text.format(many), {"a": "new"}) == text.format(many).replace("old", "new")


def test_each_of_many_imports_in_a_run_takes_the_same_time() -> None:
    def work(size: int) -> Callable[[], object]:
        text = "from old import a\n" * size + "from new import b\n"

        def each() -> None:
            tree = module(text)
            for statement in tree.nodes(ast.ImportFrom)[:-1]:
                assert len(rearranged(tree, statement, {statement.names[0]: Imported("new", "a")})) == 2

        return each

    grows_in_proportion(work, 16_000, 1_000)
