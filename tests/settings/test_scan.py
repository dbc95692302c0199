"""Each key of the settings as a scan shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import call
from tests.projects import write_files

# CK101, which has a safe fix, and CK201, which has an unsafe one.
MODULE = "from chatkit.stores import Store\n"
STORE = """
    from chatkit.store import Store


    class ShopStore(Store[dict]):
        async def load_thread(self, thread_id, context):
            return self.threads[thread_id]


    store = ShopStore()
    """
FILES = {
    ".git/HEAD": "",
    "api/requirements.txt": "openai-chatkit==1.6.5\n",
    "api/names.py": MODULE,
    "api/tests/fakes.py": STORE,
    "old/requirements.txt": "openai-chatkit==1.6.5\n",
    "old/names.py": MODULE,
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a repository of two apps."""
    write_files(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*arguments: str) -> dict[str, Any]:
    outcome = call("scan", "--format", "json", *arguments)
    assert outcome.code in {0, 1, 3}, outcome.stderr
    document: dict[str, Any] = json.loads(outcome.stdout)
    return document


def found(*arguments: str) -> set[str]:
    """Return what a scan finds, as `path code`."""
    return {f"{each['path']} {each['code']}" for each in report(*arguments)["findings"]}


NAMES = {"api/names.py CK101", "old/names.py CK101"}
FAKES = "api/tests/fakes.py CK201"


def test_without_settings_all_is_found() -> None:
    assert found() == {*NAMES, FAKES}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('select = ["CK2"]', {FAKES}),
        ('ignore = ["unknown-chatkit-module"]', {FAKES}),
        ('per-file-ignores = { "tests/" = ["CK2"], "old/**" = ["CK"] }', {"api/names.py CK101"}),
        ('exclude = ["api"]', {"old/names.py CK101"}),
        ('exclude = ["/*", "!/old"]', {"old/names.py CK101"}),
    ],
)
def test_what_the_settings_leave_is_found(project: Path, text: str, left: set[str]) -> None:
    (project / "chatkit-doctor.toml").write_text(text)

    assert found() == left
    assert found("--isolated") == {*NAMES, FAKES}


def test_the_command_line_goes_before_the_settings(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.chatkit-doctor]\nselect = ["CK2"]\nignore = ["CK102"]\n')

    assert found("--select", "CK1") == NAMES
    assert found("--ignore", "CK201") == set()


def test_each_part_of_a_monorepo_has_its_own(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.chatkit-doctor]\nignore = ["CK1"]\n')
    (project / "old" / "chatkit-doctor.toml").write_text('severity = { CK101 = "info" }\n')

    assert found() == {FAKES, "old/names.py CK101"}
    assert found("old") == {"old/names.py CK101"}
    assert found("api/names.py") == set()
    assert call("scan", "old").code == 0


def test_severities_decide_how_a_scan_ends(project: Path) -> None:
    (project / "chatkit-doctor.toml").write_text('[severity]\nCK = "info"\nCK101 = "warning"\n')

    severities = {each["code"]: each["severity"] for each in report()["findings"]}

    assert severities == {"CK101": "warning", "CK201": "info"}
    assert call("scan").code == 1
    assert call("scan", "api/tests").code == 0
    assert found("--min-severity", "warning") == NAMES


def test_targets_hold_in_the_folder_of_their_file(project: Path) -> None:
    (project / "old" / "chatkit-doctor.toml").write_text('targets.openai-chatkit = "1.4.0"\n')

    def told(*arguments: str) -> dict[str, tuple[str, str]]:
        targets = report(*arguments)["targets"]
        return {each["app"]: (each["version"], each["from"]) for each in targets}

    assert told() == {
        "api": ("1.6.5", "api/requirements.txt"),
        "old": ("1.4.0", "old/chatkit-doctor.toml"),
    }
    assert told("--target", "openai-chatkit=1.4.1")["old"] == ("1.4.1", "--target")


def test_unsafe_fixes_are_made_where_the_settings_let_them(project: Path) -> None:
    before = (project / "api/tests/fakes.py").read_text()
    call("scan", "--fix")
    assert (project / "api/tests/fakes.py").read_text() == before

    (project / "api" / "chatkit-doctor.toml").write_text("unsafe-fixes = true\n")
    call("scan", "--fix")

    assert (project / "api/tests/fakes.py").read_text() != before


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("chatkit-doctor.toml", "selects = []", "chatkit-doctor.toml:1: unknown key selects; the nearest is select"),
        ("api/chatkit-doctor.toml", "[", "api/chatkit-doctor.toml:1: it is not valid TOML: "),
        ("old/pyproject.toml", "[tool.chatkit_doctor]", "old/pyproject.toml:1: the table [tool.chatkit_doctor] is not"),
    ],
)
def test_wrong_settings_end_a_scan_before_anything_is_written(
    project: Path, name: str, text: str, message: str
) -> None:
    (project / name).write_text(text)

    outcome = call("scan", "--fix")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {message}")
    assert outcome.stderr.count("\n") == 1
    assert (project / "api/names.py").read_text() == MODULE


def test_wrong_settings_where_nothing_is_looked_at_are_no_matter(project: Path) -> None:
    write_files(project, {"node_modules/x/pyproject.toml": "[tool.chatkit-doctor]\nx", "node_modules/x/a.py": MODULE})
    write_files(project, {"chatkit-doctor.toml": 'exclude = ["old"]', "old/chatkit-doctor.toml": "x"})

    assert found() == {"api/names.py CK101", FAKES}
