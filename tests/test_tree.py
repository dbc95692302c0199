from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.project import tree as tree_module
from chatkit_doctor.project.files import read_bytes
from chatkit_doctor.project.files.listing import Listing, discover
from chatkit_doctor.project.tree import Tree
from tests.projects import write_files


def tree_of(root: Path, files: dict[str, str], texts: dict[Path, str] | None = None) -> Tree:
    write_files(root, files)
    return Tree(discover(root), texts or {})


def test_each_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(path: Path, *, top: str) -> bytes:
        read.append(path.name)
        return read_bytes(path, top=top)

    monkeypatch.setattr(tree_module, "read_bytes", noting)
    tree = tree_of(tmp_path, {"a.py": "chatkit", "b.ts": "chatkit"})
    a, b = tmp_path / "a.py", tmp_path / "b.ts"

    for _ in range(2):
        assert tree.mentions(a, (b"chatkit",))
        assert tree.source(a) is not None
        assert tree.module(a) is tree.module(a)
        assert tree.document(b) is tree.document(b)
    tree.with_texts({a: "other"}).document(b)

    assert sorted(read) == ["a.py", "b.ts"]


def test_texts_stand_in_for_what_is_on_disk(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    a, b, new = tmp_path / "a.py", tmp_path / "b.py", tmp_path / "new.py"

    parsed = tree.module(b)

    other = tree.with_texts({a: "x = chatkit\n", new: "z = 1\n"})

    assert [source.text for path in (a, b, new) if (source := other.source(path))] == [
        "x = chatkit\n",
        "y = 1\n",
        "z = 1\n",
    ]
    assert (other.exists(new), tree.exists(new)) == (True, False)
    assert (other.mentions(a, (b"chatkit",)), tree.mentions(a, (b"chatkit",))) == (True, False)
    assert other.module(b) is parsed is not None
    assert other.module(a) is not tree.module(a)
    # Texts add up.
    third = other.with_texts({a: "x = 3\n"})
    assert [source.text for path in (a, new) if (source := third.source(path))] == ["x = 3\n", "z = 1\n"]


def test_a_text_keeps_the_encoding_of_the_file_that_it_stands_in_for(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    path.write_bytes(b"\xff\xfe" + "é".encode("utf-16-le"))
    tree = Tree(discover(tmp_path), {path: "ü"})

    source = tree.source(path)

    assert source is not None
    assert source.encode(source.text) == b"\xff\xfe" + "ü".encode("utf-16-le")


def test_what_cannot_be_had_is_none_and_a_problem(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"syntax.py": "x = 1\ny = (\n", "gone.py": ""})
    nul, gone, syntax = tmp_path / "nul.ts", tmp_path / "gone.py", tmp_path / "syntax.py"
    nul.write_bytes(b"\n\0")
    gone.unlink()

    assert tree.document(nul) is None
    assert tree.source(gone) is None
    assert tree.module(gone) is None
    assert not tree.mentions(gone, (b"",))
    assert tree.module(syntax) is None
    assert tree.source(syntax) is not None
    assert [(problem.path, problem.line) for problem in tree.problems.values()] == [(nul, 2), (gone, 1), (syntax, 2)]
    assert "'(' was never closed" in tree.problems[syntax].reason


def test_a_new_text_takes_a_files_problem_away(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"a.py": "x = (\n", "b.py": "y = (\n"})
    a, b = tmp_path / "a.py", tmp_path / "b.py"
    assert tree.module(a) is tree.module(b) is None

    other = tree.with_texts({a: "x = 1\n"})

    assert set(other.problems) == {b}
    assert other.module(a) is not None
    assert set(tree.problems) == {a, b}


def test_what_can_be_shown_of_a_problem_is_shown(tmp_path: Path) -> None:
    (tmp_path / "nul.ts").write_bytes(b"one\ntw\0\xff\n")
    tree = tree_of(tmp_path, {"a.py": "x = (\n", "gone.py": ""})
    (tmp_path / "gone.py").unlink()
    for name in ("nul.ts", "a.py", "gone.py"):
        tree.module(tmp_path / name)

    shown = {problem.path.name: tree.shown(problem).text for problem in tree.problems.values()}

    assert shown == {"nul.ts": "one\ntw\ufffd\ufffd\n", "a.py": "x = (\n", "gone.py": ""}


@pytest.mark.parametrize(
    "data", [b"\xff\xfe" + "chatkit".encode("utf-16-le"), b"\xfe\xff" + "chatkit".encode("utf-16-be")]
)
def test_needles_are_found_in_utf_16(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.ts"
    path.write_bytes(data)
    tree = Tree(discover(tmp_path), {})

    assert tree.mentions(path, (b"chatkit",))
    assert not tree.mentions(path, (b"ChatKit",))


def test_what_looks_generated_does_so_unless_it_was_named_or_stood_in_for(tmp_path: Path) -> None:
    bundle = "a(1,2,3);" * 1000
    tree = tree_of(tmp_path, {"a.js": bundle, "b.js": "x\n"})
    a, b = tmp_path / "a.js", tmp_path / "b.js"

    assert tree.is_generated(a)
    assert not tree.is_generated(b)
    assert not Tree(Listing.merged([discover(tmp_path)], [a]), {}).is_generated(a)
    assert not tree.with_texts({a: bundle}).is_generated(a)


def test_many_small_files_are_taken_in_as_far_as_one_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.web.parsing._MOST_NODES", 10_000)
    tree = tree_of(tmp_path, {f"{name}.ts": "f(a, b)\n" * 600 for name in "abcd"})

    read = [name for name in "abcd" if tree.document(tmp_path / f"{name}.ts") is not None]
    other = tree.with_texts({tmp_path / "a.ts": "f()\n"})

    assert 0 < len(read) < 4
    assert "the files before it" in tree.problems[tmp_path / "d.ts"].reason
    # What is not there any more leaves room for others.
    assert other.document(tmp_path / "a.ts") is not None


def test_so_are_python_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    tree = tree_of(tmp_path, {f"{name}.py": "f(a, b)\n" * 600 for name in "abcd"})

    read = [name for name in "abcd" if tree.module(tmp_path / f"{name}.py") is not None]

    assert 0 < len(read) < 4
    assert "the files before it" in tree.problems[tmp_path / "d.py"].reason


def test_what_is_taken_over_from_another_tree_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    tree = tree_of(tmp_path, {f"{name}.py": "f(a, b)\n" * 600 for name in "abc"})
    assert [name for name in "ab" if tree.module(tmp_path / f"{name}.py") is not None] == ["a", "b"]

    other = Tree(tree.listing, {}).continuing(tree, set())

    assert other.module(tmp_path / "c.py") is None
