from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.project.apps import AppFolder
from chatkit_doctor.project.manifests.folders import Folders
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.project.targets import PACKAGES, GivenRelease, KnownBy, Target, TargetError, Targets, parse_target
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RELEASES = {
    "openai-chatkit": ("1.3.1", "1.4.0", "1.4.1", "1.6.5"),
    "@openai/chatkit-react": ("0.0.0", "1.1.1", "1.3.0", "1.4.3"),
}
CHATKIT = "openai-chatkit"
REACT = "@openai/chatkit-react"


class Tree:
    """A repository on disk, and the targets found in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read: list[Path] = []
        (root / ".git").mkdir()

    def write(self, path: str, text: str = "") -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text))

    def targets(self, overrides: Sequence[GivenRelease] = (), root: str = ".") -> Targets:
        return Targets(self.root / root, Folders(self._read), lambda package: RELEASES.get(package, ()), overrides)

    def told(self, app: str, package: str = CHATKIT) -> tuple[str | None, str] | None:
        target = self.targets().of(self.root / app, package)
        return (target.version, target.told_from(self.root)) if target else None

    def _read(self, path: Path) -> Source | None:
        self.read.append(path)
        return Source.from_bytes(path, path.read_bytes())


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def uv_lock(version: str, source: str = "") -> str:
    member = f'[[package]]\nname = "member"\nversion = "0"\nsource = {{ virtual = "{source}" }}\n' if source else ""
    return f'version = 1\n{member}[[package]]\nname = "openai-chatkit"\nversion = "{version}"\n'


def install(tree: Tree, environment: str, version: str) -> None:
    tree.write(f"{environment}/lib/python3.11/site-packages/openai_chatkit-{version}.dist-info/METADATA")


def test_a_lock_goes_before_installed_before_a_pin_before_a_range(tree: Tree) -> None:
    tree.write("api/pyproject.toml", '[project]\ndependencies = ["openai-chatkit>=1.4"]\n')
    assert tree.told("api") == ("1.6.5", "range in api/pyproject.toml")
    tree.write("api/requirements.txt", "openai-chatkit==1.4.1\n")
    assert tree.told("api") == ("1.4.1", "api/requirements.txt")
    install(tree, "api/.venv", "1.3.1")
    assert tree.told("api") == ("1.3.1", "api/.venv")
    tree.write("api/uv.lock", uv_lock("1.4.0"))
    assert tree.told("api") == ("1.4.0", "api/uv.lock")


def test_what_the_user_gives_goes_before_all(tree: Tree) -> None:
    tree.write("api/uv.lock", uv_lock("1.4.0"))
    target = tree.targets([parse_target("openai-chatkit=1.3.1")]).of(tree.root / "api", CHATKIT)
    assert target == Target(CHATKIT, "1.3.1", KnownBy.GIVEN, tree.root / "api", given_by="--target")
    assert target.told_from(tree.root) == "--target"


def test_a_release_given_for_a_folder_holds_in_its_apps_alone(tree: Tree) -> None:
    tree.write("api/uv.lock", uv_lock("1.4.0"))
    tree.write("old/uv.lock", uv_lock("1.4.1"))
    given = GivenRelease(CHATKIT, "1.3.1", "old/pyproject.toml", tree.root / "old")
    targets = tree.targets([given])
    told = {app: targets.of(tree.root / app, CHATKIT) for app in ("api", "old", "old/inner")}
    assert {app: (each.version, each.given_by) if each else None for app, each in told.items()} == {
        "api": ("1.4.0", ""),
        "old": ("1.3.1", "old/pyproject.toml"),
        "old/inner": ("1.3.1", "old/pyproject.toml"),
    }


def test_the_nearest_folder_decides_and_what_holds_everywhere_goes_before(tree: Tree) -> None:
    outer = GivenRelease(CHATKIT, "1.3.1", "outer", tree.root, apart=frozenset({tree.root / "own"}))
    inner = GivenRelease(CHATKIT, "1.4.0", "inner", tree.root / "api")
    everywhere = GivenRelease(CHATKIT, "1.4.1")

    def version(app: str, *overrides: GivenRelease) -> str | None:
        target = tree.targets(overrides).of(tree.root / app, CHATKIT)
        return target.version if target else None

    assert version("api", outer, inner) == version("api", inner, outer) == "1.4.0"
    assert version("web", outer, inner) == "1.3.1"
    assert version("own/app", outer, inner) is None
    assert version("api", everywhere, inner, outer) == version("own", everywhere, inner, outer) == "1.4.1"
    assert version("api", everywhere, parse_target("openai-chatkit=1.6.5")) == "1.6.5"


def test_a_lock_of_another_app_does_not_leak(tree: Tree) -> None:
    tree.write("a/uv.lock", uv_lock("1.4.0"))
    tree.write("b/requirements.txt", "fastapi\n")
    tree.write("uv.lock", uv_lock("1.3.1"))
    tree.write("pyproject.toml", '[project]\ndependencies = ["openai-chatkit"]\n')
    assert tree.told("a") == ("1.4.0", "a/uv.lock")
    assert tree.told("b") is None


def test_a_workspace_lock_covers_its_members_alone(tree: Tree) -> None:
    tree.write("uv.lock", uv_lock("1.3.1", "api"))
    tree.write("api/pyproject.toml", '[project]\ndependencies = ["openai-chatkit"]\n')
    tree.write("other/pyproject.toml", '[project]\ndependencies = ["openai-chatkit"]\n')
    assert tree.told("api") == ("1.3.1", "uv.lock")
    assert tree.told("other") == ("1.6.5", "range in other/pyproject.toml")


def test_a_lock_without_the_package_ends_the_search(tree: Tree) -> None:
    tree.write("requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("api/uv.lock", 'version = 1\n[[package]]\nname = "fastapi"\nversion = "1"\n')
    assert tree.told("api") is None


def test_a_folder_that_declares_nothing_belongs_to_the_one_above(tree: Tree) -> None:
    tree.write("requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("api/pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    assert tree.told("api/app") == ("1.4.0", "requirements.txt")


def test_nothing_above_the_repository_counts(tree: Tree) -> None:
    tree.write("requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("inner/.git/HEAD")
    tree.write("inner/main.py")
    assert tree.told("inner") is None


def test_manifests_between_the_scanned_folder_and_the_repository_count(tree: Tree) -> None:
    tree.write("api/requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("api/app/main.py")
    target = tree.targets(root="api/app").of(tree.root / "api/app", CHATKIT)
    assert target is not None
    assert target.version == "1.4.0"


def test_without_a_repository_nothing_above_the_root_counts(tree: Tree) -> None:
    (tree.root / ".git").rmdir()
    tree.write("requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("api/main.py")
    assert tree.targets(root="api").of(tree.root / "api", CHATKIT) is None


def test_an_environment_at_the_top_serves_the_apps_below(tree: Tree) -> None:
    install(tree, "venv", "1.4.1")
    tree.write("api/requirements.txt", "openai-chatkit\n")
    assert tree.told("api") == ("1.4.1", "venv")


def test_an_environment_that_cannot_be_read_is_passed_over(tree: Tree) -> None:
    tree.write("api/requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("api/.venv", "a file, not a folder\n")
    assert tree.told("api") == ("1.4.0", "api/requirements.txt")


def test_node_modules_are_found_as_node_finds_them(tree: Tree) -> None:
    tree.write("package.json", '{"workspaces": ["web"]}')
    tree.write("web/package.json", f'{{"dependencies": {{"{REACT}": "^1.1.1"}}}}')
    assert tree.told("web", REACT) == ("1.4.3", "range in web/package.json")
    tree.write(f"node_modules/{REACT}/package.json", '{"version": "1.3.0"}')
    assert tree.told("web", REACT) == ("1.3.0", f"node_modules/{REACT}/package.json")


YARN = f"""\
# yarn lockfile v1

"{REACT}@^1.1.1":
  version "1.1.1"

"{REACT}@^1.3.0":
  version "1.3.0"
"""


def test_yarn_classic_members_are_those_of_the_workspaces_and_their_ranges_choose(tree: Tree) -> None:
    tree.write("yarn.lock", YARN)
    tree.write("package.json", '{"workspaces": ["apps/*"]}')
    for app, asked in {"apps/old": "^1.1.1", "apps/new": "^1.3.0", "outside": "^1.1.1"}.items():
        tree.write(f"{app}/package.json", f'{{"dependencies": {{"{REACT}": "{asked}"}}}}')
    assert tree.told("apps/old", REACT) == ("1.1.1", "yarn.lock")
    assert tree.told("apps/new", REACT) == ("1.3.0", "yarn.lock")
    assert tree.told("outside", REACT) == ("1.4.3", "range in outside/package.json")


def test_a_range_that_no_release_satisfies_is_told_with_its_place(tree: Tree) -> None:
    tree.write("web/package.json", f'{{"dependencies": {{"{REACT}": "^0.1.1"}}}}')
    target = tree.targets().of(tree.root / "web", REACT)
    assert target is not None
    assert (target.version, target.is_impossible) == (None, True)
    assert target.reason == "no release satisfies ^0.1.1; the newest known is 1.4.3"
    assert target.at is not None
    assert target.at.first.line == 1


def test_a_broken_manifest_is_told_once_and_the_others_still_count(tree: Tree) -> None:
    tree.write("api/uv.lock", "<<<<<<< HEAD\n")
    tree.write("api/pyproject.toml", "[project\n")
    (tree.root / "api/requirements.txt").write_bytes(b"openai-chatkit==1.4.0\n")
    (tree.root / "api/requirements-dev.txt").write_bytes(b"\xff\xffopenai\n")
    targets = tree.targets()
    for package in (CHATKIT, "openai-agents"):
        targets.of(tree.root / "api", package)
    target = targets.of(tree.root / "api", CHATKIT)
    assert target is not None
    assert target.version == "1.4.0"
    assert [(each.path.name, each.line) for each in targets.errors] == [
        ("uv.lock", 1),
        ("pyproject.toml", 1),
        ("requirements-dev.txt", 1),
    ]


def test_nothing_is_read_before_it_is_asked_for_and_nothing_twice(tree: Tree) -> None:
    tree.write("api/pyproject.toml", '[project]\ndependencies = ["openai-chatkit>=1.4"]\n')
    tree.write("web/package.json", "{}")
    targets = tree.targets()
    assert tree.read == []
    for package in (CHATKIT, "openai-agents", "openai"):
        targets.of(tree.root / "api", package)
    assert tree.read == [tree.root / "api/pyproject.toml"]


def test_an_app_has_the_targets_of_its_ecosystems(tree: Tree) -> None:
    tree.write("requirements.txt", "openai-chatkit==1.4.0\nlitellm\n")
    tree.write("package.json", f'{{"dependencies": {{"{REACT}": "1.3.0"}}}}')
    found = tree.targets().of_app(AppFolder(str(tree.root), frozenset({Ecosystem.PYTHON})))
    assert [(each.package, each.version, each.reason) for each in found] == [
        (CHATKIT, "1.4.0", ""),
        ("litellm", None, "its releases are not known"),
    ]


def test_a_folder_inside_an_app_has_the_targets_of_the_manifests_above(tree: Tree) -> None:
    tree.write(".git/HEAD", "")
    tree.write("requirements.txt", "openai-chatkit==1.4.0\n")
    tree.write("src/a.py", "")
    found = tree.targets().of_app(AppFolder(str(tree.root / "src")))
    assert [(each.package, each.version) for each in found] == [(CHATKIT, "1.4.0")]


@pytest.mark.parametrize(
    ("text", "package", "version"),
    [
        ("openai-chatkit=1.4.0", CHATKIT, "1.4.0"),
        ("OpenAI_ChatKit==1.4.0", CHATKIT, "1.4.0"),
        (" @openai/chatkit-react = 1.3.0 ", REACT, "1.3.0"),
    ],
)
def test_given_targets(text: str, package: str, version: str) -> None:
    assert parse_target(text) == GivenRelease(package, version, "--target")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openai-chatkit", "--target: 'openai-chatkit' is not of the form package=version"),
        ("openai-chatkit=", "--target: 'openai-chatkit=' is not of the form package=version"),
        (
            "chatkit=1.4.0",
            f"--target: unknown package 'chatkit'; the packages are {', '.join(PACKAGES)}",
        ),
        ("openai-chatkit=newest", "--target: 'newest' is not a version of openai-chatkit, such as 1.4.0"),
        ("@openai/chatkit=1.4", "--target: '1.4' is not a version of @openai/chatkit, such as 1.4.0"),
    ],
)
def test_targets_that_cannot_be_taken(text: str, message: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert str(caught.value) == message


FOREIGN_LOCKS = {
    "uv, a folder": ("uv.lock", 'version = 1\n\n[[package]]\nname = "openai-chatkit"\nversion = "1.0.2"\n{}\n'),
    "poetry": (
        "poetry.lock",
        (
            '[[package]]\nname = "openai-chatkit"\nversion = "1.0.2"\n\n[package.source]\ntype = "git"\n'
            'url = "https://example.org/fork.git"\n\n[metadata]\nlock-version = "2.1"\n'
        ),
    ),
}


@pytest.mark.parametrize(("name", "text"), FOREIGN_LOCKS.values(), ids=FOREIGN_LOCKS)
def test_a_locked_folder_or_repository_is_no_release(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text.replace("{}", 'source = { directory = "../fork" }'), encoding="utf-8")

    found = Tree(tmp_path).targets().of(tmp_path, CHATKIT)

    assert found
    assert found.is_foreign


def test_a_locked_release_of_the_registry_is_none_of_its_own(tmp_path: Path) -> None:
    lock = FOREIGN_LOCKS["uv, a folder"][1].replace("{}", 'source = { registry = "https://example.org/simple" }')
    (tmp_path / "uv.lock").write_text(lock, encoding="utf-8")

    found = Tree(tmp_path).targets().of(tmp_path, CHATKIT)

    assert found
    assert not found.is_foreign


def test_a_direct_reference_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("openai-chatkit @ git+https://example.org/fork.git\n", encoding="utf-8")

    found = Tree(tmp_path).targets().of(tmp_path, CHATKIT)

    assert found
    assert found.is_foreign


_MANY = [f"package{number}" for number in range(5)]
_ASKING_FOR_MANY = {
    "requirements.txt": {"requirements.txt": "-r more.txt\nopenai\n", "more.txt": "\n".join(_MANY)},
    "pyproject.toml": {"pyproject.toml": f"[project]\ndependencies = {_MANY}\n"},
    "package.json": {"package.json": json.dumps({"dependencies": dict.fromkeys(_MANY, "1")})},
}


@pytest.mark.parametrize("manifest", _ASKING_FOR_MANY)
def test_of_a_manifest_that_asks_for_very_many_packages_the_first_are_taken_in(
    manifest: str, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.project.manifests.folders._MOST_ITEMS", 3)
    for path, text in _ASKING_FOR_MANY[manifest].items():
        tree.write(path, text)
    folders = Folders(tree._read)

    (found,) = folders.declared(tree.root, Ecosystem.NODE if manifest == "package.json" else Ecosystem.PYTHON)

    assert [each.package for each in found.requirements] == _MANY[:3]
    assert [each.reason for each in folders.errors] == ["it asks for more than 3 packages, too many to take in"]
