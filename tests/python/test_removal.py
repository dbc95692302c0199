"""What is taken out with a statement: comments that are about it alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from chatkit_doctor.python.module import Module
from chatkit_doctor.python.removal import without_statement
from chatkit_doctor.source import Source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("# about gone\ngone()\n\nkept()\n", "\nkept()\n", id="a blank line behind it"),
        pytest.param("# about gone\ngone()\n# about kept\nkept()\n", "# about kept\nkept()\n", id="each has its own"),
        pytest.param("kept()\n# about gone\ngone()\n", "kept()\n", id="the last of its block"),
        pytest.param("# about gone\ngone()\nkept()\n", "kept()\n", id="it names what goes"),
        pytest.param("# gone() and kept\ngone()\nkept()\n", "# gone() and kept\nkept()\n", id="it may be code"),
        pytest.param("kept()\n# other(a)\ngone()\n", "kept()\n# other(a)\n", id="code that is out of the way"),
        pytest.param("# x\n# a = gone\ngone()\n\nkept()\n", "# x\n# a = gone\n\nkept()\n", id="of it a line is"),
        pytest.param("# the things\ngone(things)\nkept(thing)\n", "# the things\nkept(thing)\n", id="both have it"),
        pytest.param("a()\n\ngone()\n\nb()\n", "a()\n\nb()\n", id="no two blank lines for one"),
        pytest.param("a()\ngone()\n\nb()\n", "a()\n\nb()\n", id="the blank line between the others"),
        pytest.param(
            "if a:\n    a()\n\n    gone()\n\n\nb()\n", "if a:\n    a()\n\n\nb()\n", id="none at the end of a block"
        ),
        pytest.param("if a:\n    a()\n\n    gone()\n", "if a:\n    a()\n", id="nor at the end of a file"),
        pytest.param("# --- all ---\ngone()\n\nkept()\n", "# --- all ---\n\nkept()\n", id="it is about a section"),
        pytest.param("kept()\n# endregion\ngone()\n", "kept()\n# endregion\n", id="it ends a section"),
        pytest.param("# MIT licence\ngone()\n\nkept()\n", "# MIT licence\n\nkept()\n", id="it is about the file"),
        pytest.param("# TODO: limits\ngone()\n\nkept()\n", "# TODO: limits\n\nkept()\n", id="there is more to do"),
        pytest.param("# TODO: is gone needed?\ngone()\n\nkept()\n", "\nkept()\n", id="nothing is left to do"),
        pytest.param(
            "# all\n# chatkit-doctor: ignore[CK301] so\ngone()\nkept()\n",
            "# all\nkept()\n",
            id="of it a line speaks to the doctor",
        ),
        pytest.param(
            "# chatkit-doctor: ignore-file[CK301]\ngone()\n\nkept()\n",
            "# chatkit-doctor: ignore-file[CK301]\n\nkept()\n",
            id="it speaks to the doctor about the file",
        ),
        pytest.param("# about both\ngone()\nkept()\n", "# about both\nkept()\n", id="the first of several"),
        pytest.param(
            "if a:\n    # about both\n    # of them\n    gone()\n    kept()\n",
            "if a:\n    # about both\n    # of them\n    kept()\n",
            id="the first of a block",
        ),
        pytest.param(
            "kept()\n# about a\nif a:\n    gone()\nalso()\n", "kept()\n# about a\nalso()\n", id="an if goes with it"
        ),
    ],
)
def test_a_comment_stays_that_may_be_about_more(before: str, after: str) -> None:
    module = Module(Source(Path("/a.py"), before))
    call = next(each for each in module.nodes(ast.Call) if getattr(each.func, "id", "") == "gone")
    statement = module.parents[call]
    assert isinstance(statement, ast.stmt)

    edit = without_statement(module, statement)

    assert edit is not None
    assert before[: edit.at.start] + edit.text + before[edit.at.end :] == after
