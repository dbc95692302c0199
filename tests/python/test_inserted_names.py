"""Names in code that fixes write collide with nothing, and what a file has already is used."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from chatkit_doctor.python.inserted_names import defined, free_name, imported, renamed
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.source import Source


def module(text: str) -> Module:
    return Module(Source(Path("app.py"), dedent(text)))


def brought(text: str, path: str = "pkg.types", name: str = "Page") -> tuple[str, str]:
    """Return the local name, and the file with the edits made."""
    parsed = module(text)
    found = imported(Names(parsed), {path: [name]})
    result = parsed.source.text
    for edit in sorted(found.edits, key=lambda each: each.at.start, reverse=True):
        result = result[: edit.at.start] + edit.text + result[edit.at.end :]
    compile(result, "app.py", "exec")
    return found.local[name], result


@pytest.mark.parametrize(
    ("text", "local", "statement"),
    [
        ("import os\n", "Page", "from pkg.types import Page"),
        ("from pkg.types import Page\n", "Page", None),
        ("from pkg.types import Page as P\n", "P", None),
        ("from pkg.server import Page\n", "Page", None),
        ("from other import Page\n", "PkgPage", "from pkg.types import Page as PkgPage"),
        ("class Page: ...\n", "PkgPage", "from pkg.types import Page as PkgPage"),
        ("def f(Page): ...\n", "PkgPage", "from pkg.types import Page as PkgPage"),
        ("Page = PkgPage = 1\n", "PkgPage_2", "from pkg.types import Page as PkgPage_2"),
        ("from x import *\n\n\ndef f():\n    return Page\n", "PkgPage", "from pkg.types import Page as PkgPage"),
        ("def f():\n    from pkg.types import Page\n", "Page", "from pkg.types import Page"),
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from pkg.types import Page\n",
            "Page",
            "from pkg.types import Page",
        ),
        (
            "try:\n    from pkg.types import Page\nexcept ImportError:\n    Page = None\n",
            "PkgPage",
            "from pkg.types import Page as PkgPage",
        ),
        (
            "from pkg.types import Page\n\n\ndef f():\n    Page = 1\n",
            "PkgPage",
            "Page as PkgPage",
        ),
    ],
)
def test_a_name_is_used_as_the_file_has_it_or_imported_under_a_free_one(
    text: str, local: str, statement: str | None
) -> None:
    found, result = brought(text)

    assert found == local
    assert result == dedent(text) if statement is None else statement in result


def test_a_free_name_stands_nowhere() -> None:
    parsed = module("import a as x\n\n\ndef f(x_2):\n    global x_3\n    match f:\n        case x_4: ...\n")

    assert [free_name(parsed, each) for each in ("x", "y")] == ["x_5", "y"]


def test_names_are_renamed_and_attributes_are_not() -> None:
    code = 'def f(a: Page) -> Page:\n    """Page."""\n    return a.Page or Page(Page=1, x="Page")\n'

    assert renamed(code, {"Page": "P"}) == (
        'def f(a: P) -> P:\n    """Page."""\n    return a.Page or P(Page=1, x="Page")\n'
    )


def test_what_an_earlier_fix_wrote_is_found_again_under_any_name() -> None:
    code = 'def one(x: int) -> int:\n    """Do."""\n    return x\n'

    assert defined(module("def other(x: int) -> int:\n    return x\n"), code) == "other"
    assert defined(module("def one(x: int) -> int:\n    return -x\n"), code) is None
