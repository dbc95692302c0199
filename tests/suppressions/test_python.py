"""Ignore comments in Python: where they may stand, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.suppressions.making import Folder

HIDDEN = {
    "trailing": "x = ck101  # chatkit-doctor: ignore[CK101]\n",
    "with a reason": "x = ck101  # chatkit-doctor: ignore[CK101] the fork has it\n",
    "a reason behind a dash": "x = ck101  # chatkit-doctor: ignore[CK101] - the fork has it, see #12\n",
    "a reason behind a colon": "x = ck101  # chatkit-doctor: ignore[CK101]: the fork has it\n",
    "no blanks": "x = ck101 #chatkit-doctor:ignore[CK101]\n",
    "more blanks": "x = ck101  #  chatkit-doctor:  ignore [ CK101 ,\tCK102 ] ; y = ck102\n",
    "tabs": "if 1:\n\tx = ck101\t#\tchatkit-doctor:\tignore[CK101]\n",
    "small letters": "x = ck101  # chatkit-doctor: ignore[ck101]\n",
    "by name": "x = ck101  # chatkit-doctor: ignore[unknown-chatkit-module]\n",
    "a comma too many": "x = ck101  # chatkit-doctor: ignore[CK101,]\n",
    "behind another comment": "x = ck101  # noqa: E501  # chatkit-doctor: ignore[CK101]\n",
    "before another comment": "x = ck101  # chatkit-doctor: ignore[CK101]  # type: ignore\n",
    "above": "# chatkit-doctor: ignore[CK101]\nx = ck101\n",
    "above, with the reason on the next lines": "# chatkit-doctor: ignore[CK101] the fork\n# has it\nx = ck101\n",
    "one above and one trailing": (
        "# chatkit-doctor: ignore[CK101]\nx = ck101, ck102  # chatkit-doctor: ignore[CK102]\n"
    ),
    "two above": "# chatkit-doctor: ignore[CK101]\n# chatkit-doctor: ignore[CK102]\nx = ck101, ck102\n",
    "above, indented": "def f():\n    # chatkit-doctor: ignore[CK101]\n    return ck101\n",
    "inside of a call": "f(\n    1,\n    # chatkit-doctor: ignore[CK101]\n    ck101,\n)\n",
    "at the end of a long string": 'x = """\nck101\n\n"""  # chatkit-doctor: ignore[CK101]\n',
    "above a long string": '# chatkit-doctor: ignore[CK101]\nx = """\nck101\n\n"""\n',
    "at the end of a long f-string": 'x = f"""\n{ck101}\n{1}\n"""  # chatkit-doctor: ignore[CK101]\n',
    "behind a continued line": "x = ck101 + \\\n    1 + \\\n    2  # chatkit-doctor: ignore[CK101]\n",
    "above a continued line": "# chatkit-doctor: ignore[CK101]\nx = 1 + \\\n    1 + \\\n    ck101\n",
    "for the file": "# chatkit-doctor: ignore-file[CK101]\nx = 1\ny = ck101\n",
    "for the file, below the docstring": '"""Doc."""\n\n# chatkit-doctor: ignore-file[CK101] why\nx = ck101\n',
    "for the file, below headers": "#!/usr/bin/python3\n# coding: utf-8\n# chatkit-doctor: ignore-file[CK101]\nck101\n",
    "on the last line without an end": "x = ck101  # chatkit-doctor: ignore[CK101]",
    "in a file that does not parse": "x = = ck101  # chatkit-doctor: ignore[CK101]\n",
    "for a file without tokens": "# chatkit-doctor: ignore-file[CK101]\nx = (ck101\n",
    "for a file with an open string": "# chatkit-doctor: ignore-file[CK101]\nx = 'ck101\n",
}
VISIBLE = {
    "in a string": 'x = ck101, "# chatkit-doctor: ignore[CK101]"\n',
    "in a long string": 'x = ck101, """\n# chatkit-doctor: ignore[CK101]\n"""\n',
    "in a docstring": '"""\n# chatkit-doctor: ignore-file[CK101]\n"""\nx = ck101\n',
    "in an f-string": "x = ck101, f'{1} # chatkit-doctor: ignore[CK101]'\n",
    "a blank line between": "# chatkit-doctor: ignore[CK101]\n\nx = ck101\n",
    "on the line below": "x = ck101\n# chatkit-doctor: ignore[CK101]\n",
    "trailing on the line above": "y = 1  # chatkit-doctor: ignore[CK101]\nx = ck101\n",
    "for another code": "x = ck101  # chatkit-doctor: ignore[CK102]\n",
    "in the midst of prose": "x = ck101  # write chatkit-doctor: ignore[CK101] here\n",
    "in capitals": "x = ck101  # ChatKit-Doctor: ignore[CK101]\n",
    "without codes": "x = ck101  # chatkit-doctor: ignore\n",
    "with no code": "x = ck101  # chatkit-doctor: ignore[]\n",
    "with the start of a code": "x = ck101  # chatkit-doctor: ignore[CK1]\n",
    "with a code that does not exist": "x = ck101  # chatkit-doctor: ignore[CK199]\n",
    "with open brackets": "x = ck101  # chatkit-doctor: ignore[CK101\n",
    "with another tool's word": "x = ck101  # chatkit-doctor: disable[CK101]\n",
    "for the file, below code": "import a\n# chatkit-doctor: ignore-file[CK101]\nx = ck101\n",
    "for the file, behind the first code": "import a  # chatkit-doctor: ignore-file[CK101]\nx = ck101\n",
    "for a file without tokens, below code": "x = (\n# chatkit-doctor: ignore-file[CK101]\nck101\n",
    "behind an open string": "y = 'x\nx = ck101  # chatkit-doctor: ignore[CK101]\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_hides_what_it_is_about(folder: Folder, text: str) -> None:
    told = folder.tell(text)

    assert told.hidden
    assert not [place for place in told.visible if place[0] < "CK9"]


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_hides_nothing_else(folder: Folder, text: str) -> None:
    told = folder.tell(text)

    assert told.hidden == []
    assert "CK101" in [code for code, _ in told.visible]


def test_one_of_several_codes_that_does_not_exist_leaves_the_others_in_force(folder: Folder) -> None:
    told = folder.tell("x = ck101  # chatkit-doctor: ignore[CK101, CK199]\n")

    assert told.hidden == [("CK101", 1)]
    assert told.visible == [("CK902", 1)]


def test_a_line_of_its_own_is_about_one_line_only(folder: Folder) -> None:
    told = folder.tell("# chatkit-doctor: ignore[CK101]\nx = ck101\ny = ck101\n")

    assert (told.hidden, told.visible) == ([("CK101", 2)], [("CK101", 3)])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_do_not_matter(folder: Folder, end: str, encoding: str) -> None:
    lines = [
        "# é🚀",
        "x = 'é🚀', ck101  # chatkit-doctor: ignore[CK101]",
        "# chatkit-doctor: ignore[CK102]",
        "ck102",
        "",
    ]
    told = folder.tell(end.join(lines).encode(encoding))

    assert told.hidden == [("CK101", 2), ("CK102", 4)]
    assert "CK101" not in dict(told.visible)


def test_a_declared_encoding_is_read(folder: Folder) -> None:
    told = folder.tell("# coding: latin-1\nx = 'é', ck101  # chatkit-doctor: ignore[CK101] é\n".encode("latin-1"))

    assert (told.hidden, told.visible) == ([("CK101", 2)], [])


def test_a_huge_line_is_no_trouble(folder: Folder) -> None:
    told = folder.tell(f"x = [{'1, ' * 20_000}ck101]  # chatkit-doctor: ignore[CK101]\n")

    assert (told.hidden, told.visible) == ([("CK101", 1)], [])


def test_form_feeds_do_not_count_as_lines(folder: Folder) -> None:
    told = folder.tell("y = 1\n\f\nx = ck101  # chatkit-doctor: ignore[CK101]\n")

    assert (told.hidden, told.visible) == ([("CK101", 3)], [])
