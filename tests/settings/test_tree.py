from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.targets import GivenRelease
from chatkit_doctor.scanning.settings import SettingsError, SettingsTree, open_settings
from tests.commands import environment
from tests.projects import write_files


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tree_of(root: Path, files: Mapping[str, str], *requested: str) -> SettingsTree:
    write_files(root, files)
    return open_settings([root / each for each in requested or (".",)])


def file_of(tree: SettingsTree, path: str) -> str | None:
    """Return the settings file that holds for a file, relative to the working directory."""
    found = tree.of(Path.cwd() / path).path
    return found.relative_to(Path.cwd()).as_posix() if found else None


def kept(tree: SettingsTree, root: Path) -> list[str]:
    listing = tree.without_excluded(discover(root))
    return [path.relative_to(root).as_posix() for path in listing.files if path.suffix == ".py"]


MONOREPO = {
    "pyproject.toml": '[tool.chatkit-doctor]\nignore = ["CK1"]\n[tool.chatkit-doctor.targets]\nopenai = "1.0.0"\n',
    "api/pyproject.toml": '[project]\nname = "api"\n',
    "api/main.py": "",
    "web/chatkit-doctor.toml": 'ignore = ["CK4"]\n',
    "web/src/deep/main.ts": "",
    "both/pyproject.toml": '[tool.chatkit-doctor]\nignore = ["CK2"]\n',
    "both/chatkit-doctor.toml": "",
    "both/a.py": "",
}


def test_the_nearest_settings_hold_whole(root: Path) -> None:
    tree = tree_of(root, MONOREPO)

    assert file_of(tree, "setup.py") == "pyproject.toml"
    assert file_of(tree, "api/main.py") == "pyproject.toml"
    assert file_of(tree, "web/src/deep/main.ts") == "web/chatkit-doctor.toml"
    # Nothing is merged: what the outer file ignores runs here.
    assert "CK101" in tree.of(root / "web/src/deep/main.ts").codes_for(root / "web/src/deep/main.ts")
    assert file_of(tree, "not/there/yet.py") == "pyproject.toml"


def test_a_file_of_its_own_goes_before_a_pyproject(root: Path) -> None:
    tree = tree_of(root, MONOREPO)

    assert file_of(tree, "both/a.py") == "both/chatkit-doctor.toml"
    assert tree.of(root / "both/a.py").ignore == ()


def test_settings_above_the_scanned_folder_hold(root: Path) -> None:
    assert file_of(tree_of(root, MONOREPO, "api"), "api/main.py") == "pyproject.toml"


@pytest.mark.parametrize("requested", [".", "api", "inner", "inner/a.py"])
def test_nothing_above_a_repository_holds_in_it(root: Path, requested: str) -> None:
    tree = tree_of(root, {**MONOREPO, "inner/.git": "gitdir: elsewhere\n", "inner/a.py": ""}, requested)

    assert file_of(tree, "inner/a.py") is None
    assert file_of(tree, "inner/b/c.py") is None


def test_a_broken_file_above_the_repository_is_none_of_ours(root: Path) -> None:
    write_files(root, {"chatkit-doctor.toml": "broken", "inner/.git/HEAD": "", "inner/a.py": ""})

    assert file_of(open_settings([root / "inner"]), "inner/a.py") is None
    assert file_of(open_settings([root / "inner/a.py"]), "inner/a.py") is None


def test_without_a_repository_settings_hold_from_any_folder_above(root: Path) -> None:
    (root / ".git").rmdir()

    assert file_of(tree_of(root, MONOREPO, "web/src/deep"), "web/src/deep/main.ts") == "web/chatkit-doctor.toml"
    assert file_of(tree_of(root, MONOREPO, "api"), "api/main.py") == "pyproject.toml"


def test_isolated_reads_nothing(root: Path) -> None:
    write_files(root, {"chatkit-doctor.toml": "broken"})

    tree = open_settings([root], isolated=True)

    assert file_of(tree, "a.py") is None
    assert tree.overrides() == []


STRICT = """
exclude = ["examples"]
per-file-ignores = { "api/*" = ["CK1"] }
targets = { openai = "2.0.0" }
"""


def test_a_given_file_holds_for_every_file_and_no_other_is_read(root: Path) -> None:
    write_files(
        root,
        {
            "ci/strict.toml": STRICT,
            "api/chatkit-doctor.toml": "broken",
            "api/a.py": "",
            "examples/b.py": "",
            "api/inner/.git": "",
            "api/inner/c.py": "",
        },
    )

    tree = open_settings([root], config=Path("ci/strict.toml"))

    assert file_of(tree, "api/a.py") == file_of(tree, "api/inner/c.py") == "ci/strict.toml"
    # Patterns are relative to the working directory, not to a file that may be kept apart from the project.
    assert kept(tree, root) == ["api/a.py", "api/inner/c.py"]
    assert "CK101" not in tree.of(root / "api/a.py").codes_for(root / "api/a.py")
    assert tree.overrides() == [GivenRelease("openai", "2.0.0", "ci/strict.toml")]


def test_an_error_comes_when_the_listing_needs_the_file(root: Path) -> None:
    tree = tree_of(root, {"a.py": "", "x/chatkit-doctor.toml": "selects = []\n", "x/y/b.py": ""})

    tree.of(root / "a.py")
    with pytest.raises(SettingsError, match=r"^x/chatkit-doctor\.toml:1: unknown key selects"):
        tree.without_excluded(discover(root))


def test_what_is_not_a_file_is_no_pyproject(root: Path) -> None:
    (root / "a").mkdir()
    (root / "a/pyproject.toml").mkdir()
    (root / "b").mkdir()
    (root / "b/pyproject.toml").symlink_to("gone")
    tree = open_settings([root])

    assert file_of(tree, "a/x.py") is None
    assert file_of(tree, "b/x.py") is None


def test_a_loop_of_links_is_an_error(root: Path) -> None:
    (root / "chatkit-doctor.toml").symlink_to("chatkit-doctor.toml")

    with pytest.raises(SettingsError, match=r"^chatkit-doctor\.toml: its symbolic links form a loop$"):
        open_settings([root]).of(root / "a.py")


def test_a_linked_file_holds_where_the_link_is(root: Path) -> None:
    write_files(
        root, {"shared/base.toml": 'exclude = ["gen"]\n', "app/gen/a.py": "", "app/b.py": "", "shared/gen/c.py": ""}
    )
    (root / "app/chatkit-doctor.toml").symlink_to("../shared/base.toml")

    assert kept(open_settings([root]), root) == ["app/b.py", "shared/gen/c.py"]


def test_the_depth_of_a_tree_does_not_matter(root: Path) -> None:
    write_files(root, MONOREPO)

    assert file_of(open_settings([root]), f"{'a/' * 1900}x.py") == "pyproject.toml"


# What is left out

EXCLUDING = {
    "chatkit-doctor.toml": 'exclude = ["examples", "/build.py", "*_gen.py", "docs/**/old", "!kept_gen.py"]\n',
    "a.py": "",
    "a_gen.py": "",
    "kept_gen.py": "",
    "build.py": "",
    "sub/build.py": "",
    "sub/b_gen.py": "",
    "examples/c.py": "",
    "sub/examples/d.py": "",
    "docs/x/y/old/e.py": "",
    "docs/f.py": "",
}


def test_patterns_are_those_of_gitignore(root: Path) -> None:
    assert kept(tree_of(root, EXCLUDING), root) == ["a.py", "docs/f.py", "kept_gen.py", "sub/build.py"]


def test_settings_in_an_excluded_folder_are_not_read(root: Path) -> None:
    tree = tree_of(
        root, {**EXCLUDING, "examples/chatkit-doctor.toml": "broken", "examples/in/chatkit-doctor.toml": "x"}
    )

    assert "examples/c.py" not in kept(tree, root)
    assert tree.excludes(root / "examples/in/deeper/x.py")


def test_inner_settings_say_what_is_left_out_below_them(root: Path) -> None:
    tree = tree_of(root, {**EXCLUDING, "sub/chatkit-doctor.toml": 'exclude = ["build.py"]\n'})

    assert kept(tree, root) == ["a.py", "docs/f.py", "kept_gen.py", "sub/b_gen.py", "sub/examples/d.py"]


def test_a_requested_folder_is_looked_into(root: Path) -> None:
    tree = tree_of(root, EXCLUDING, "examples")

    assert not tree.excludes(root / "examples/c.py")
    assert tree.excludes(root / "examples/x_gen.py")
    assert not tree_of(root, EXCLUDING, "docs/x/y/old/").excludes(root / "docs/x/y/old/e.py")


def test_a_requested_file_is_looked_at_unless_told_otherwise(root: Path) -> None:
    write_files(root, EXCLUDING)
    requested = [root / "examples/c.py", root / "a_gen.py"]

    assert not any(map(open_settings(requested).excludes, requested))
    assert all(map(open_settings(requested, force_exclude=True).excludes, requested))
    # What it is looked at with is still left out.
    assert kept(open_settings(requested), root) == [
        "a.py",
        "a_gen.py",
        "docs/f.py",
        "examples/c.py",
        "kept_gen.py",
        "sub/build.py",
    ]


def test_an_error_in_the_settings_of_a_requested_file_comes_with_the_listing(root: Path) -> None:
    tree = tree_of(root, {"x/chatkit-doctor.toml": "broken", "x/a.py": ""}, "x/a.py")

    with pytest.raises(SettingsError):
        tree.without_excluded(discover(root))


def test_an_excluded_repository_inside_is_left_out(root: Path) -> None:
    tree = tree_of(root, {**EXCLUDING, "examples/sub/.git": "", "examples/sub/a.py": ""})

    assert tree.excludes(root / "examples/sub/a.py")


def test_a_folder_that_cannot_be_read_is_no_problem_where_it_is_left_out(root: Path) -> None:
    write_files(root, {"chatkit-doctor.toml": 'exclude = ["shut/"]\n', "shut/.gitignore": "", "open/.gitignore": ""})
    for each in ("shut", "open"):
        (root / each / ".gitignore").write_bytes(b"x" * 6_000_000)
    listing = discover(root)
    assert len(listing.problems) == 2

    left = open_settings([root]).without_excluded(listing)

    assert [problem.path for problem in left.problems] == [root / "open/.gitignore"]


# Targets


def test_targets_hold_from_their_folder_on_but_not_where_others_do(root: Path) -> None:
    tree = tree_of(root, {**MONOREPO, "old/chatkit-doctor.toml": 'targets.openai = "0.9"\n', "old/a.py": ""})
    tree.without_excluded(discover(root))

    outer, inner = sorted(tree.overrides(), key=lambda each: str(each.folder))

    apart = frozenset({root / "web", root / "both", root / "old"})
    assert outer == GivenRelease("openai", "1.0.0", "pyproject.toml", root, apart)
    assert inner == GivenRelease("openai", "0.9", "old/chatkit-doctor.toml", root / "old")
    assert [each for each in ("api", "web", "old", ".") if outer.holds_in(root / each)] == ["api", "."]
    assert [each for each in ("api", "web", "old", ".") if inner.holds_in(root / each)] == ["old"]


# What it costs

UNUSED = """
import sys
from pathlib import Path
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.scanning.settings import open_settings
tree = open_settings([Path.cwd()])
tree.without_excluded(discover(Path.cwd()))
tree.of(Path.cwd() / "a.py").codes_for(Path.cwd() / "a.py")
print(" ".join(sorted({"tomllib", "pydantic", "rich", "yaml"} & set(sys.modules))))
"""


def test_a_project_without_settings_loads_no_parser(root: Path) -> None:
    write_files(root, {"pyproject.toml": "[project]\n", "a.py": ""})

    done = subprocess.run([sys.executable, "-c", UNUSED], env=environment(), capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_a_file_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tree_of(root, MONOREPO)
    first = tree.of(root / "a/b.py")
    (root / "pyproject.toml").unlink()

    assert tree.of(root / "a/c.py") is first
    assert tree.of(root / "other/d.py") is first
