"""Single rules against git: on names that are odd for a glob, every rule says of every path what git says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.project.files.gitignore import Rules

FOLDERS = ["a", "a/b", "a/b/c", "ab", "ab/c", "b", "b/a", "-x", "a/-"]
NAMES = ["x", "ba", "aab", "é", "a b", "]", "[", "^", "!", "b-", "a.b", "\\", "a*", "a:", "a:]", "fa", "\x01"]
PATHS = sorted({*FOLDERS, *(f"{folder}/{name}" for folder in FOLDERS for name in NAMES), *NAMES})
PIECES = [
    *("a", "b", "c", "f", "x", ".", "é", " ", "-", "*", "**", "***", "/", "**/", "/**", "?", "\\", "!", "^"),
    *(
        "[",
        "]",
        "[]",
        "[^]",
        "[a-b]",
        "[!a]",
        "[b-]",
        "[[:alpha:]]",
        "[^[:alnum:]]",
        "[:",
        ":]",
        "[[:nothing:]]",
        "[\\]]",
    ),
]
RULE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
# Git is asked about so many rules at once, each in a folder of its own.
AT_ONCE = 20


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("globs")
    subprocess.run(["git", "init", "--quiet"], cwd=top, check=True)
    for number in range(AT_ONCE):
        for path in FOLDERS:
            (top / f"{number}" / path).mkdir(parents=True)
        for path in set(PATHS) - set(FOLDERS):
            (top / f"{number}" / path).touch()
    return top


def matched_by_git(root: Path, rules: list[str]) -> set[str]:
    """Return the paths that git has a rule for, each rule in its folder."""
    for number, rule in enumerate(rules):
        (root / f"{number}" / ".gitignore").write_bytes(f"{rule}\n".encode())
    paths = "\0".join(f"{number}/{path}" for number in range(len(rules)) for path in PATHS)
    asked = ["git", "check-ignore", "--verbose", "--non-matching", "--stdin", "-z"]
    done = subprocess.run(asked, cwd=root, input=os.fsencode(paths), capture_output=True, check=False)
    assert done.stderr == b""
    fields = done.stdout.split(b"\0")
    return {os.fsdecode(path) for pattern, path in zip(fields[2::4], fields[3::4], strict=False) if pattern}


@settings(max_examples=25, deadline=None)
@given(st.lists(RULE, min_size=AT_ONCE, max_size=AT_ONCE))
def test_a_rule_matches_what_git_says_that_it_matches(root: Path, rules: list[str]) -> None:
    by_git = matched_by_git(root, rules)

    for number, rule in enumerate(rules):
        base = os.path.join(root, f"{number}", "")  # noqa: PTH118 - it ends with a separator
        one = Rules(base, [rule])
        verdicts = {path: one.verdict(base + path, is_folder=path in FOLDERS) for path in PATHS}
        for path, verdict in verdicts.items():
            around = (each.as_posix() for each in Path(path).parents)
            # Git says of what is in an ignored folder that the rule ignores it.
            expected = verdict is not None or any(verdicts.get(each) for each in around)
            assert (f"{number}/{path}" in by_git) == expected, (rule, path)
            found = one.matching(base + path, is_folder=path in FOLDERS)
            assert found == (set() if verdict is None else {0}), (rule, path)


@settings(max_examples=60)
@given(st.lists(RULE.filter(lambda rule: not rule.startswith(("#", " "))), max_size=12))
def test_many_rules_say_what_each_of_them_says_alone(rules: list[str]) -> None:
    together = Rules("/r/", rules)
    alone = [Rules("/r/", [rule]) for rule in rules]

    assert bool(together) == any(alone)
    for path in PATHS:
        is_folder = path in FOLDERS
        verdicts = [each.verdict(f"/r/{path}", is_folder=is_folder) for each in alone]
        matching = {index for index, verdict in enumerate(verdicts) if verdict is not None}
        assert together.matching(f"/r/{path}", is_folder=is_folder) == matching
        assert together.verdict(f"/r/{path}", is_folder=is_folder) == (verdicts[max(matching)] if matching else None)


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "/\n", "!\n", "  \n"])
def test_a_file_without_a_rule_is_known_for_one(tmp_path: Path, text: str) -> None:
    (tmp_path / ".gitignore").write_text(text)

    assert not Rules.read(tmp_path / ".gitignore", f"{tmp_path}/")


def test_a_rule_ends_at_a_nul_as_git_reads_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"a.py\0b\n")
    rules = Rules.read(tmp_path / ".gitignore", f"{tmp_path}/")

    assert rules.verdict(f"{tmp_path}/a.py", is_folder=False)
    assert not rules.verdict(f"{tmp_path}/b", is_folder=False)


def test_a_backslash_in_a_rule_is_no_separator_where_that_of_paths_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.project.files.gitignore.os", SimpleNamespace(sep="\\"))
    rules = Rules("C:\\app\\", ["\\#x?y", "b/\\#x?y"])

    assert rules.verdict("C:\\app\\a\\#xay", is_folder=False) is True
    assert rules.matching("C:\\app\\b\\#xay", is_folder=False) == {0, 1}
    assert rules.verdict("C:\\app\\a\\xay", is_folder=False) is None
