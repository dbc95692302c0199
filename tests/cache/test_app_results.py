"""A change in one app has that app checked anew and no other, and what is told of the others is true of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatkit_doctor.project.app import App, Surroundings
from chatkit_doctor.scanning import cache
from chatkit_doctor.scanning.results import found, units
from tests.cache.apps import PROJECT, WRONG
from tests.cache.conftest import Scan
from tests.cache.edits import LOCKED, install, make, replace
from tests.projects import write_files


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write_files(root, PROJECT)
    monkeypatch.chdir(root)
    return root


ALL = ["one", "shop-server", "shop-web", "stores", "two", "widgets"]


def test_the_first_scan_checks_every_app(project: Path, scan: Scan, checked: list[str]) -> None:
    scan()

    assert sorted(checked) == ALL


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a file": (lambda root: (root / "two/main.py").write_text("from chatkit.storage import Store\n"), ["two"]),
    "a file that is imported": (
        lambda root: (root / "stores/stores/base.py").write_text("from chatkit.store import Store as Half\n"),
        ["one", "stores"],
    ),
    "a file of one half": (
        lambda root: (root / "shop-web/src/options.ts").write_text(""),
        ["shop-server", "shop-web", "widgets"],
    ),
    "a file that is new": (lambda root: make(root / "two/new.py", WRONG), ["two"]),
    "a file that is gone": (lambda root: (root / "one/one/memory.py").unlink(), ["one", "stores"]),
    "the release in a lock": (lambda root: make(root / "two/uv.lock", f'{LOCKED}version = "1.0.0"\n'), ["two"]),
    "what the manifest of a folder above asks for": (
        lambda root: make(root / "pyproject.toml", '[project]\nname = "all"\ndependencies = ["openai-chatkit"]\n'),
        ALL,
    ),
    "what is installed": (lambda root: install(root / "two", "1.1.0"), ["two"]),
    "an app that is new": (lambda root: write_files(root, {"new/setup.cfg": "", "new/a.py": WRONG}), ["new"]),
    "the times of a file alone": (lambda root: os.utime(root / "two/main.py", (1, 1)), []),
    "settings": (lambda root: make(root / "chatkit-doctor.toml", 'severity = { CK101 = "info" }\n'), []),
    "a file that nobody reads": (lambda root: make(root / "two/notes.txt", "chatkit\n"), []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_has_nothing_to_do_with_is_not_checked_again(
    change: str, project: Path, scan: Scan, checked: list[str]
) -> None:
    scan()
    edit, wanted = CHANGES[change]
    edit(project)
    checked.clear()

    told = scan("--format", "json")

    assert sorted(checked) == wanted
    assert told == scan("--format", "json", "--no-cache")


@pytest.mark.parametrize("words", [["--select", "CK1"], ["--target", "openai-chatkit=1.0.0"], ["two"]])
def test_another_question_has_another_answer(words: list[str], project: Path, scan: Scan) -> None:
    scan()

    assert scan(*words) == scan(*words, "--no-cache")


def test_the_edits_of_a_fix_are_told_by_a_scan_that_shows_them(project: Path, scan: Scan, checked: list[str]) -> None:
    scan("--format", "concise")
    checked.clear()

    told = scan("--format", "json")

    assert checked == []
    assert '"edits": [' in told[0]
    assert told == scan("--format", "json", "--no-cache")


def test_a_file_that_a_rule_could_not_read_is_told_of_again(project: Path, scan: Scan, checked: list[str]) -> None:
    # It says nothing of ChatKit, so that nobody but a rule that follows the import comes upon it.
    (project / "one/one/memory.py").write_text("class Memory(:\n")
    assert "memory.py cannot be read" in scan()[0]
    make(project / "two/new.py", WRONG)
    checked.clear()

    told = scan()

    assert checked == ["two"]
    assert "memory.py cannot be read" in told[0]


def test_what_a_workspace_holds_beside_an_app_is_noticed(project: Path, scan: Scan) -> None:
    site = '{"name": "site", "dependencies": {"@openai/chatkit-react": "1.6.1"}}'
    write_files(project, {"package.json": '{"workspaces": ["site", "desk"]}', "site/package.json": site})
    write_files(project, {"site/main.ts": "// ChatKit\n", "desk/package.json": '{"name": "desk"}'})
    called = ("--select", "CK609", "--format", "json")

    told = [scan(*called)]
    make(project / "desk/chat.ts", "export { ChatKit } from '@openai/chatkit-react'\n")
    told.append(scan(*called))

    assert ["CK609" in text for text, _ in told] == [True, False]


def test_every_question_to_a_project_is_one_that_is_known_of_here() -> None:
    """What is asked by a new way has to be noted by the app that asks it, or told by the key of what it reaches."""
    noted = {"read", "module", "document", "mentions", "mentions_pattern", "target", "declared", "declared_around"}
    noted |= {"speaking_below"}
    reached = {"folders", "places", "apps_at", "apps_that_show", "packages", "modules_in", "documents_in", "files_in"}
    reached |= {"leading_to"}

    assert {name for name in vars(Surroundings) if not name.startswith("_")} == noted | reached


@pytest.mark.parametrize(("kind", "lines"), [("py", 900), ("ts", 700)])
def test_what_other_files_left_no_room_for_is_taken_in_where_they_do(
    kind: str, lines: int, project: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project / f"two/large.{kind}", "f(chatkit, a, b)\n" * lines)
    make(project / f"stores/large.{kind}", "f(chatkit, a, b)\n" * lines)
    with monkeypatch.context() as patched:
        patched.setattr("chatkit_doctor.python.density._MOST", 5_000)
        patched.setattr("chatkit_doctor.web.parsing._MOST_NODES", 5_000)
        cut, _ = scan()

    told = scan()

    assert f"large.{kind} cannot be read: it" in cut
    assert "cannot be read" not in told[0]
    assert told == scan("--no-cache")


@pytest.mark.parametrize(("kind", "lines"), [("py", 900), ("ts", 500)])
def test_what_is_told_again_takes_its_room(
    kind: str, lines: int, project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    monkeypatch.setattr("chatkit_doctor.web.parsing._MOST_NODES", 5_000)
    make(project / f"stores/large.{kind}", "f(chatkit, a, b)\n" * lines)
    assert "cannot be read" not in scan()[0]
    make(project / f"two/large.{kind}", "f(chatkit, a, b)\n" * lines)
    checked.clear()

    told = scan()

    assert f"large.{kind} cannot be read: it" in told[0]
    assert told == scan("--no-cache")


def test_the_room_is_there_again_where_what_took_it_is_gone(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.python.density._MOST", 5_000)
    for lines in range(900, 904):
        make(project / "stores/large.py", "f(chatkit, a, b)\n" * lines)
        assert "cannot be read" not in scan()[0]
    checked.clear()

    make(project / "two/new.py", WRONG)
    scan()

    assert sorted(checked) == ["two"]


def test_what_the_clock_cut_short_is_checked_again(project: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(rule: object, app: App, so_far: found.Found, clock: object) -> list[object]:
        so_far.is_late = True
        return []

    with monkeypatch.context() as patched:
        patched.setattr(found, "_run_rule", late)
        cut, _ = scan()

    assert "CK101" not in cut
    assert "CK101" in scan()[0]


def test_what_a_rule_crashed_on_is_checked_again(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatkit_doctor.checks.names import unknown_chatkit_module as rule

    def crash(app: App) -> Iterator[object]:
        if app.folder.name == "two":
            raise ValueError("a bug")
        yield from ()

    with monkeypatch.context() as patched:
        patched.setattr(rule, "unknown_chatkit_module", crash)
        scan()
    checked.clear()

    told = scan()

    assert checked == ["two"]
    assert told == scan("--no-cache")


def test_what_changes_during_a_scan_is_not_kept(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "two/main.py"
    text = path.read_text()

    def meddling(app: App, *arguments: object) -> found.Found:
        if app.folder.name == "two":
            replace(path, text.replace("stores", "storage"))
            replace(path, text)
        return found.check_app(app, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(units, "check_app", meddling)
        scan()
    checked.clear()
    scan()

    assert checked == ["two"]


def test_an_app_with_a_young_file_is_not_kept(
    project: Path, scan: Scan, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "YOUNG", 3_600_000_000_000)
    scan()
    checked.clear()
    scan()

    assert sorted(checked) == ALL
