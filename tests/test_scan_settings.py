"""What settings do to a scan, as its user sees it: which rules run where, how bad they are, what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import Outcome, call
from tests.projects import write_files

IMPORT = "from chatkit.stores import Store\n"
OPTIONS = """
import type { ChatKitOptions } from '@openai/chatkit'

export const options: ChatKitOptions = { api: { url: '/chatkit' } }
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: an app of two sides with an error in each."""
    write_files(tmp_path, {"backend/store.py": IMPORT, "frontend/chat.ts": OPTIONS, ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: str) -> list[tuple[str, str]]:
    document = json.loads(call("scan", "--format", "json", *arguments).stdout)
    return [(each["path"], each["code"]) for each in document["findings"]]


def refused(*arguments: str) -> str:
    """Return the one line with which a scan is refused."""
    outcome = call("scan", *arguments)
    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    return outcome.stderr


def set_(project: Path, text: str, name: str = "chatkit-doctor.toml") -> None:
    write_files(project, {name: text})


BOTH = [("backend/store.py", "CK101"), ("frontend/chat.ts", "CK401")]


def test_without_settings_everything_is_found() -> None:
    assert found() == BOTH


def test_select_and_ignore(project: Path) -> None:
    set_(project, 'select = ["CK1", "missing-domain-key"]\nignore = ["CK401"]\n')

    assert found() == BOTH[:1]
    assert found("--select", "CK4") == []
    assert found("--select", "CK401") == []
    assert found("--ignore", "CK101") == []


def test_ignores_for_some_files(project: Path) -> None:
    set_(project, '[per-file-ignores]\n"backend/**" = ["CK1"]\n"*.tsx" = ["CK401"]\n')

    assert found() == BOTH[1:]


def test_excluded_files_are_left_out_unless_they_are_named(project: Path) -> None:
    set_(project, 'exclude = ["frontend/"]\n')

    assert found() == BOTH[:1]
    assert found("frontend/chat.ts") == BOTH[1:]
    assert found("--force-exclude", "frontend/chat.ts", "backend/store.py") == BOTH[:1]


def test_a_hook_that_names_nothing_but_excluded_files_passes(project: Path) -> None:
    set_(project, 'exclude = ["frontend/"]\n')

    outcome = call("scan", "--force-exclude", "frontend/chat.ts")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == "Nothing to scan: the settings exclude 1 Python or web file, and there is no other.\n"


@pytest.mark.parametrize("command", ["scan", "baseline"])
def test_where_the_settings_exclude_all_that_is_said(project: Path, command: str) -> None:
    set_(project, 'exclude = ["*"]\n')

    outcome = call(command)

    assert (outcome.code, outcome.stderr) == (3, "")
    assert "the settings exclude 2 Python or web files, and there is no other." in outcome.stdout


def test_an_editor_gets_an_excluded_file_back_as_it_is(project: Path) -> None:
    set_(project, 'exclude = ["frontend/"]\n')

    outcome = call(
        "scan", "--fix", "--force-exclude", "--stdin-filename", "frontend/chat.ts", "-", stdin=OPTIONS.encode()
    )

    assert (outcome.code, outcome.stdout) == (0, OPTIONS)


def test_a_severity_decides_on_the_exit_code_and_the_least_severity(project: Path) -> None:
    set_(project, '[severity]\nCK101 = "info"\nmissing-domain-key = "warning"\n')

    outcome = call("scan", "backend", "--format", "concise")
    assert outcome.code == 0
    assert ": info: " in outcome.stdout
    assert found("--min-severity", "warning") == BOTH[1:]
    assert call("scan", "frontend").code == 1


def test_unsafe_fixes_may_be_a_matter_of_the_project(project: Path) -> None:
    write_files(project, {"backend/app.py": "from chatkit.types import FilePart\n\nprint(FilePart(text=''))\n"})
    before = (project / "backend/app.py").read_text()

    def fixed(*flags: str) -> Outcome:
        return call("scan", "--diff", "backend/app.py", *flags)

    assert fixed().stdout == ""
    unsafe = fixed("--unsafe-fixes").stdout
    set_(project, "unsafe-fixes = true\n")
    assert fixed().stdout == unsafe
    assert fixed("--no-unsafe-fixes").stdout == ""
    assert (project / "backend/app.py").read_text() == before


def test_targets_hold_for_the_apps_below_the_settings(project: Path) -> None:
    write_files(
        project,
        {
            "backend/requirements.txt": "openai-chatkit==1.6.5\n",
            "backend/store.py": "from chatkit.types import GeneratedImageItem\n",
            "other/requirements.txt": "openai-chatkit==1.6.5\n",
            "other/store.py": "from chatkit.types import GeneratedImageItem\n",
        },
    )
    set_(project, '[targets]\nopenai-chatkit = "1.4.0"\n', "backend/chatkit-doctor.toml")

    assert found("--select", "CK1") == [("backend/store.py", "CK102")]
    assert found("--select", "CK1", "--target", "openai-chatkit=1.6.5") == []


def test_the_nearest_settings_hold_whole(project: Path) -> None:
    set_(project, '[tool.chatkit-doctor]\nselect = ["CK4"]\nseverity = { CK401 = "info" }\n', "pyproject.toml")
    set_(project, 'ignore = ["CK9"]\n', "backend/chatkit-doctor.toml")

    assert found() == BOTH
    assert found("backend/store.py") == BOTH[:1]
    assert call("scan", "frontend").code == 0


def test_settings_given_or_left_alone(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    set_(project, 'select = ["CK1"]\n')
    other = tmp_path_factory.mktemp("other") / "ours.toml"
    other.write_text('select = ["CK4"]\n')

    assert found("--config", str(other)) == BOTH[1:]
    assert found("--isolated") == BOTH
    assert "--isolated" in refused("--isolated", "--config", str(other))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("selct = []\n", "chatkit-doctor.toml:1: "),
        ('ignore = ["CK100"]\n', "CK10"),
        ('[severity]\nCK101 = "fatal"\n', "chatkit-doctor.toml:2: "),
        ("select = [\n", "chatkit-doctor.toml:"),
        ('[targets]\nopenai-chatkit = "new"\n', "chatkit-doctor.toml:2: "),
    ],
)
def test_wrong_settings_are_one_line_that_names_the_place(project: Path, text: str, wanted: str) -> None:
    set_(project, text)

    assert wanted in refused()


def test_settings_that_are_not_there_are_one_line() -> None:
    assert "nowhere.toml" in refused("--config", "nowhere.toml")
