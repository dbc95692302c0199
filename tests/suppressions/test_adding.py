"""Writing ignore comments: where they are put, where none can be, and that only comments are written."""

from __future__ import annotations

import ast
import shutil
import tomllib
from pathlib import Path

import pytest

from chatkit_doctor.finding import Applicability, Finding, Fix
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import replace
from chatkit_doctor.scanning.checking import check_project, needles_of
from chatkit_doctor.scanning.suppressions import Suppressions, add_ignores
from chatkit_doctor.web.document import Document
from tests.suppressions.making import Folder, places

BROKEN = Path(__file__).parents[2] / "fixtures" / "broken"

PYTHON = {
    "x = ck101\n": "x = ck101  # chatkit-doctor: ignore[CK101]\n",
    "x = ck101": "x = ck101  # chatkit-doctor: ignore[CK101]",
    "x = ck102, ck101, ck102_a\n": "x = ck102, ck101, ck102_a  # chatkit-doctor: ignore[CK101, CK102]\n",
    "x = ck101  # why\n": "x = ck101  # why  # chatkit-doctor: ignore[CK101]\n",
    "x = ck101; y = '''\n'''\n": "# chatkit-doctor: ignore[CK101]\nx = ck101; y = '''\n'''\n",
    "f(\n    ck101,\n)\n": "f(\n    ck101,  # chatkit-doctor: ignore[CK101]\n)\n",
    "x = 1 + \\\n    ck101\n": "x = 1 + \\\n    ck101  # chatkit-doctor: ignore[CK101]\n",
    "x = ck101 + \\\n    1\n": "# chatkit-doctor: ignore[CK101]\nx = ck101 + \\\n    1\n",
    'x = """\nck101\n"""\n': 'x = """\nck101\n"""  # chatkit-doctor: ignore[CK101]\n',
    "x = f'''{\nck101}\n'''\n": "x = f'''{\nck101}\n'''  # chatkit-doctor: ignore[CK101]\n",
    "if 1:\r\n\tck101\r\n": "if 1:\r\n\tck101  # chatkit-doctor: ignore[CK101]\r\n",
    "x = ck101, ck102  # chatkit-doctor: ignore[CK102] why\n": (
        "x = ck101, ck102  # chatkit-doctor: ignore[CK101, CK102] why\n"
    ),
    "# chatkit-doctor: ignore[CK102]\nx = ck101, ck102\n": "# chatkit-doctor: ignore[CK101, CK102]\nx = ck101, ck102\n",
    "# chatkit-doctor: ignore-file[CK102]\nx = ck101, ck102\n": (
        "# chatkit-doctor: ignore-file[CK102]\nx = ck101, ck102  # chatkit-doctor: ignore[CK101]\n"
    ),
    "x = ck101  # chatkit-doctor: noqa\n": "x = ck101  # chatkit-doctor: noqa  # chatkit-doctor: ignore[CK101]\n",
}
OTHERS = {
    "a.ts": ("f({\n  ck401,\n})\n", "f({\n  ck401, // chatkit-doctor: ignore[CK401]\n})\n"),
    "crlf.ts": ("f()\r\nck401\r\n", "f()\r\nck401 // chatkit-doctor: ignore[CK401]\r\n"),
    "template.ts": (
        "const x = `\n${ck401}\n`\n",
        "const x = `\n${ck401}\n` // chatkit-doctor: ignore[CK401]\n",
    ),
    "template-opens.ts": (
        "f(ck401, `\n`)\n",
        "// chatkit-doctor: ignore[CK401]\nf(ck401, `\n`)\n",
    ),
    "asi.ts": ("return\nck401\n", "return\nck401 // chatkit-doctor: ignore[CK401]\n"),
    "child.tsx": (
        "const A = <p>\n  <B x={ck401} /> text\n</p>\n",
        "const A = <p>\n  {/* chatkit-doctor: ignore[CK401] */}\n  <B x={ck401} /> text\n</p>\n",
    ),
    "attribute.tsx": (
        "const A = <B\n  x={ck401}\n/>\n",
        "const A = <B\n  x={ck401} // chatkit-doctor: ignore[CK401]\n/>\n",
    ),
    "merged.tsx": (
        "const A = <p>\n  {/* chatkit-doctor: ignore[CK404] why */}\n  <B x={ck401 + ck404} />\n</p>\n",
        "const A = <p>\n  {/* chatkit-doctor: ignore[CK401, CK404] why */}\n  <B x={ck401 + ck404} />\n</p>\n",
    ),
    "a.html": (
        "<html>\n  <b\n    ck501></b>\n</html>\n",
        "<html>\n  <!-- chatkit-doctor: ignore[CK501] -->\n  <b\n    ck501></b>\n</html>\n",
    ),
    "script.html": (
        "<p>\n<script>\n  ck401\n</script></p>\n",
        "<p>\n<script>\n  ck401 // chatkit-doctor: ignore[CK401]\n</script></p>\n",
    ),
    "a.vue": (
        "<template>\n  <b :a='ck501' />\n</template>\n",
        "<template>\n  <!-- chatkit-doctor: ignore[CK501] -->\n  <b :a='ck501' />\n</template>\n",
    ),
    "pyproject.toml": ("x = 'ck101'\n", "x = 'ck101'  # chatkit-doctor: ignore[CK101]\n"),
    "sub/pyproject.toml": (
        'x = """\nck101"""\n[a]\n',
        'x = """\nck101"""  # chatkit-doctor: ignore[CK101]\n[a]\n',
    ),
    "requirements.txt": ("ck101==1\n", "ck101==1  # chatkit-doctor: ignore[CK101]\n"),
    ".env": ("A=ck101\n", "# chatkit-doctor: ignore[CK101]\nA=ck101\n"),
}
NOWHERE = {
    "package.json": '{"a": "ck101"}\n',
    "style.html": "<style>\n.ck401 { color: red }\n</style>\n",
    "title.html": "<title>\nck401\n</title>\n",
    "text.html": "<textarea>\nck401\n</textarea>\n",
    "a.php": "<?php ck101();\n",
}


@pytest.mark.parametrize("text", PYTHON)
def test_comments_are_written_in_python(folder: Folder, text: str) -> None:
    assert folder.added(text) == PYTHON[text]
    assert [place for place in folder.tell(PYTHON[text]).visible if place[0] < "CK9"] == []


@pytest.mark.parametrize("name", OTHERS)
def test_comments_are_written_in_every_language(folder: Folder, name: str) -> None:
    text, expected = OTHERS[name]

    assert folder.added(text, name) == expected
    assert folder.tell(expected, name).visible == []


@pytest.mark.parametrize("name", NOWHERE)
def test_a_finding_that_no_comment_can_hide_is_left(folder: Folder, name: str) -> None:
    project = folder.open({name: NOWHERE[name]})
    result = folder.add(project)

    assert result.texts == {}
    assert places(result.remaining) == places(folder.visible(project)) != []


def test_what_the_doctor_says_of_itself_gets_no_comment(folder: Folder) -> None:
    project = folder.open({"app.py": "x = ck903  # chatkit-doctor: noqa\n"})
    result = folder.add(project)

    assert result.texts == {}
    assert places(result.remaining) == [("CK902", 1), ("CK903", 1)]


def test_only_what_is_wanted_gets_a_comment(folder: Folder) -> None:
    project = folder.open({"app.py": "x = ck101, ck102\n"})
    result = add_ignores(project, folder.visible, lambda finding: finding.code == "CK102", lambda _: True)

    assert list(result.texts.values()) == ["x = ck101, ck102  # chatkit-doctor: ignore[CK102]\n"]
    assert (places(result.fixed), places(result.remaining)) == ([("CK102", 1)], [("CK101", 1)])


def test_a_file_that_may_not_be_written_is_left_and_told(folder: Folder) -> None:
    project = folder.open({"app.py": "x = ck101\n"})
    result = add_ignores(project, folder.visible, lambda _: True, lambda _: False)

    assert [(each.title, each.reason) for each in result.held_back] == [
        ("ignore CK101", "it is not among the files to fix")
    ]


def test_what_is_left_keeps_its_own_fix(folder: Folder) -> None:
    project = folder.open({"package.json": '{"a": "ck101"}\n'})
    mend = Fix("mend it", Applicability.SAFE, list)

    def fixable(candidate: Project) -> list[Finding]:
        return [replace(finding, fix=mend) for finding in folder.visible(candidate)]

    assert [each.fix for each in add_ignores(project, fixable, lambda _: True, lambda _: True).remaining] == [mend]


def test_removing_what_was_written_gives_the_text_back(folder: Folder) -> None:
    text = "import a\n\n\ndef f():\n    return ck101, ck102\n\n\nx = '''\nck103\n'''\n"
    added = folder.added(text)

    assert folder.tell(added).visible == []
    assert folder.fixed(added.replace("ck10", "ok10")) == text.replace("ck10", "ok10")


def test_the_broken_app_scans_clean_with_a_comment_for_each_error(tmp_path: Path) -> None:
    app = shutil.copytree(BROKEN, tmp_path / "app")
    project = Project(discover(app), needles_of(pages()))
    before = found(project)
    result = add_ignores(project, visible, lambda _: True, lambda _: True)
    after = project.with_texts(result.texts)

    assert len(before) == 13
    assert visible(after) == []
    assert [finding.code for finding in found(after)] == [finding.code for finding in before]
    for path, text in result.texts.items():
        old = project.read(path)
        assert old is not None
        assert is_same_code(path, old.text, text)
        assert all(new.startswith(line) for line, new in pairs(old.text, text))


def found(project: Project) -> list[Finding]:
    return check_project(project, pages(), lambda _: None).findings


def visible(project: Project) -> list[Finding]:
    everything, suppressions = found(project), Suppressions(project)
    judged = suppressions.judge(everything, lambda _: pages())
    return [finding for finding in everything if not suppressions.hides(finding)] + [*judged]


def pairs(old: str, new: str) -> list[tuple[str, str]]:
    """Return the lines of a text with what became of them; a new line holds nothing else than a comment."""
    lines = [line for line in new.splitlines() if not line.strip().startswith(("{/* chat", "<!-- chat", "# chat"))]
    return list(zip(old.splitlines(), lines, strict=True))


def is_same_code(path: Path, old: str, new: str) -> bool:
    match path.suffix:
        case ".py":
            return ast.dump(ast.parse(old)) == ast.dump(ast.parse(new))
        case ".toml":
            return tomllib.loads(old) == tomllib.loads(new)
        case _:
            return errors(path, old) == errors(path, new) == 0


def errors(path: Path, text: str) -> int:
    from chatkit_doctor.source import Source

    return Document(Source(path, text)).error_count
