"""Python newer than the interpreter: read in its place, and said to be so."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.newer import older
from chatkit_doctor.source import Source
from tests.checks.scanning import Folder

# What each is read as: the text in the Python of 3.11, character for character in its place.
NEWER = {
    'x = f"{d["a"]}"': ('x = (  d["a"],)', (3, 12)),
    "x = f'{d['a']!r:>{w}} {y=}'": ("x = (  d['a'],    w,   y ,)", (3, 12)),
    'x = f"{{}} {"}"} {d["a"]}"': ('x = (       "}",  d["a"],)', (3, 12)),
    'x = f"{", ".join(f"{k["n"]}" for k in ks)}"': ('x = (  ", ".join((  k["n"],) for k in ks),)', (3, 12)),
    'x = f"{\n    d["a"]  # why\n}"': ('x = (  \n    d["a"]  # why\n,)', (3, 12)),
    'x = rf"\\d{d["a"]}\\"': ('x = (     d["a"], )', (3, 12)),
    'x = f"""{d["""a"""]}"""': ('x = (    d["""a"""],  )', (3, 12)),
    'x = f"{a != b} {"é"}"': ('x = (  a != b,  "é",)', (3, 12)),
    "class S[T](Store[T]): ...": ("class S   (Store[T]): ...", (3, 12)),
    "def f[T: (int, str) = int](x: 'a[b]') -> T: ...": (
        "def f                     (x: 'a[b]') -> T: ...",
        (3, 12),
    ),
    "async def f[**P](): ...": ("async def f     (): ...", (3, 12)),
    "class S[\n    T,\n](Base): ...": ("class S\\\n     \\\n (Base): ...", (3, 12)),
    "type X[T] = list[T]": ("pass;X    = list[T]", (3, 12)),
    "def f():\n    type X = int": ("def f():\n    pass;X = int", (3, 12)),
    "try: ...\nexcept A, b.C: ...": ("try: ...\nexcept A| b.C: ...", (3, 14)),
    'x = t"hello {name}"': ("x = (        name,)", (3, 14)),
}
OF_ANY_AGE = (
    "type = 3",
    "type(x)",
    "type: int = 4",
    "type [0] = 1",
    "try: ...\nexcept (A, B): ...",
    "x = f\"{d['a']}\"",
    "s = 'class S[T]: ...'\nt = 'f\"{d[\"a\"]}\"'",
    '"""\nexcept A, B:\ntype X = int\n"""',
    "x = f'''{\n1}'''",
    "table = {'class': S[T]}",
)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this interpreter knows what is new in 3.12")
@pytest.mark.parametrize("text", NEWER, ids=list(map(repr, NEWER)))
def test_what_is_new_is_written_over_in_its_place(text: str) -> None:
    found = older(text)

    assert found is not None
    assert (found.text, found.needs) == NEWER[text]
    assert len(found.text) == len(text)
    ast.parse(found.text)
    assert Module(Source(Path("a.py"), text)).needs == NEWER[text][1]


@pytest.mark.parametrize("text", OF_ANY_AGE)
def test_what_any_interpreter_reads_is_left_alone(text: str) -> None:
    assert older(text) is None
    assert Module(Source(Path("a.py"), text)).needs is None


SERVER = """
from chatkit.store import Store
from chatkit.types import Page

name = f"{{}} {dict(a=1)["a"]}"


class Notes[T](Store[T]):
    async def load_threads(self, *args, **kwargs):
        try:
            return Page(items=[], has_more=False)
        except KeyError, ValueError:
            raise
"""


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this interpreter knows what is new in 3.14")
def test_a_newer_file_is_checked_and_one_line_of_advice_says_so(tmp_path: Path) -> None:
    files = {"a.py": SERVER, "b.py": SERVER}

    (advice,) = Folder(tmp_path / "903", "CK903").findings(files)
    fields = Folder(tmp_path / "112", "CK112").spans(files)

    assert advice.severity is Severity.INFO
    assert advice.message == "a.py is written for Python 3.14, and 1 other file for a newer one than the doctor's"
    assert fields == ["items", "items"]
    assert "Page(data=[]" in (Folder(tmp_path / "fixed", "CK112").fixed(files, "a.py") or "")


def test_a_generic_class_of_the_new_form_is_not_said_to_be_whole(tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK201").findings(SERVER) == []
    assert Folder(tmp_path, "CK201").spans(SERVER + "\n\nnotes = Notes()\n") == ["Notes"]


REFUSED = {
    "async with x:\n    pass": 1,
    "def f():\n    return [await x for x in y]": 2,
    "def f():\n    async for x in y: ...": 2,
    "await x": 1,
    "return 1": 1,
    "while True: ...\nbreak": 2,
    "class A:\n    yield 1": 2,
    "async def f():\n    yield 1\n    return 2": 3,
    "async def f():\n    yield from x": 2,
    "def f(a, a): ...": 1,
    "def f():\n    nonlocal x": 2,
    "def f():\n    x = 1\n    global x": 3,
    "x = 1\nfrom __future__ import annotations": 2,
    "def f():\n    from os import *": 2,
    "*a, *b = x": 1,
}


@pytest.mark.parametrize("text", REFUSED, ids=list(map(repr, REFUSED)))
def test_what_python_refuses_to_compile_is_an_error_at_its_line(text: str, tmp_path: Path) -> None:
    ast.parse(text)
    with pytest.raises(SyntaxError) as refused:
        compile(text, "server.py", "exec")

    (found,) = Folder(tmp_path, "CK903").findings(f"{text}\nimport chatkit\n")

    assert found.at.first.line == REFUSED[text]
    assert refused.value.msg in found.message


def test_a_file_that_is_refused_is_checked_by_the_other_rules(tmp_path: Path) -> None:
    text = "from chatkit.types import Page\n\ndef f():\n    await x\n    return Page(items=[])\n"

    assert Folder(tmp_path, "CK112").spans(text) == ["items"]
