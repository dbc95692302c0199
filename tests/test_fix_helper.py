"""The helper that every fix is tested through sees what it is there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_helper import assert_comments_survive, assert_parses_no_worse, fixed_files


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.py", "x = 1  # why\n", "x = 1\n"),
        ("a.py", "# one\n# one\n", "# one\n"),
        ("a.tsx", "f(/* why */ 1) // what\n", "f(1) // what\n"),
        ("a.tsx", "const a = <p>{/* why */}</p>", "const a = <p></p>"),
        ("a.html", "<!-- why --><p></p>", "<p></p>"),
        ("a.vue", "<script>\n// why\nf()\n</script>", "<script>\nf()\n</script>"),
    ],
)
def test_lost_comments_are_seen(name: str, before: str, after: str) -> None:
    with pytest.raises(AssertionError, match="lost comments"):
        assert_comments_survive(Path(name), before, after)
    assert_comments_survive(Path(name), after, before)


def test_comments_that_may_go_are_not_missed() -> None:
    assert_comments_survive(Path("a.py"), "# one\n# two\n", "# two\n", ["# one"])


@pytest.mark.parametrize(
    ("name", "error"), [("a.py", SyntaxError), ("a.ts", AssertionError), ("a.html", AssertionError)]
)
def test_broken_files_are_seen(name: str, error: type[Exception]) -> None:
    before, after = ("<p></p>", "<p></p><b") if name == "a.html" else ("f(1)\n", "f((1)\n")
    with pytest.raises(error):
        assert_parses_no_worse(Path(name), before, after)
    assert_parses_no_worse(Path(name), after, before)


def test_a_fix_is_followed_to_the_disk_and_back(tmp_path: Path) -> None:
    files = {"app.py": "from chatkit.stores import Store  # the base\n", "other.py": "x = 1\n"}

    changed = fixed_files(tmp_path, files, ["CK101"])

    assert changed == {"app.py": "from chatkit.store import Store  # the base\n"}
    assert (tmp_path / "app.py").read_text() == changed["app.py"]


def test_nothing_to_fix_is_a_mistake_in_the_test(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="nothing was fixed"):
        fixed_files(tmp_path, {"app.py": "from chatkit.store import Store\n"}, ["CK101"])
