from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chatkit_doctor.scanning.settings.schema import json_schema
from tests.commands import call
from tests.projects import write_files

FILES = {
    "pyproject.toml": """
        [project]
        name = "shop"

        [tool.chatkit-doctor]
        ignore = ["CK103"]
        exclude = ["examples/"]

        [tool.chatkit-doctor.per-file-ignores]
        "tests/**" = ["CK3", "missing-store-methods"]

        [tool.chatkit-doctor.targets]
        "@openai/chatkit" = "1.4.0"
        """,
    "web/chatkit-doctor.toml": 'select = ["CK4"]\nunsafe-fixes = true\nseverity.CK409 = "warning"\n',
    "web/app.ts": "",
    "examples/a.py": "",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a repository with two settings files."""
    write_files(tmp_path, {**FILES, ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*arguments: str) -> str:
    outcome = call("config", "show", *arguments)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.stdout


PROJECT = """\
# settings for .: pyproject.toml

# select = every rule                          # default
ignore = ["CK103"]                             # pyproject.toml:5
exclude = ["examples/"]                        # pyproject.toml:6
unsafe-fixes = false                           # default

[per-file-ignores]                             # pyproject.toml:8
"tests/**" = ["CK3", "missing-store-methods"]  # pyproject.toml:9

[targets]                                      # pyproject.toml:11
"@openai/chatkit" = "1.4.0"                    # pyproject.toml:12

[severity]                                     # default
"""
WEB = """
select = ["CK4"]     # web/chatkit-doctor.toml:1
ignore = []          # default
exclude = []         # default
unsafe-fixes = true  # web/chatkit-doctor.toml:2

[per-file-ignores]   # default

[targets]            # default

[severity]           # web/chatkit-doctor.toml:3
CK409 = "warning"    # web/chatkit-doctor.toml:3
"""


def test_each_value_is_shown_with_where_it_comes_from() -> None:
    assert shown() == PROJECT


def test_the_nearest_file_is_shown() -> None:
    assert shown("web") == "# settings for web: web/chatkit-doctor.toml\n" + WEB
    assert shown("web/app.ts") == "# settings for web/app.ts: web/chatkit-doctor.toml\n" + WEB


def test_a_long_value_does_not_push_the_others_places_away(project: Path) -> None:
    (project / "chatkit-doctor.toml").write_text(f'exclude = ["{"x" * 90}"]\n')

    lines = shown().splitlines()

    assert lines[3] == f"{'ignore = []':60}  # default"
    assert lines[4] == f'exclude = ["{"x" * 90}"]  # chatkit-doctor.toml:1'


def test_what_is_shown_is_a_settings_file_that_says_the_same(project: Path) -> None:
    for path in (".", "web"):
        text = shown(path)
        (project / "copy.toml").write_text(text)

        assert Draft202012Validator(json_schema()).is_valid(tomllib.loads(text))
        copied = json.loads(shown("--config", "copy.toml", "--json"))["settings"]
        original = json.loads(shown(path, "--json"))["settings"]
        assert {key: each["value"] for key, each in copied.items()} == {
            key: each["value"] for key, each in original.items()
        }


def test_a_path_that_is_left_out_is_said_to_be() -> None:
    for path in ("examples", "examples/a.py"):
        assert f"# {path} is excluded" in shown(path).splitlines()
        assert json.loads(shown(path, "--json"))["excluded"] is True
    assert "is excluded" not in shown("web/app.ts")


def test_as_json() -> None:
    assert json.loads(shown("web", "--json")) == {
        "version": 1,
        "path": "web",
        "excluded": False,
        "file": "web/chatkit-doctor.toml",
        "settings": {
            "select": {"value": ["CK4"], "from": "web/chatkit-doctor.toml:1"},
            "ignore": {"value": [], "from": "default"},
            "exclude": {"value": [], "from": "default"},
            "unsafe-fixes": {"value": True, "from": "web/chatkit-doctor.toml:2"},
            "per-file-ignores": {"value": {}, "from": "default"},
            "targets": {"value": {}, "from": "default"},
            "severity": {"value": {"CK409": "warning"}, "from": "web/chatkit-doctor.toml:3"},
        },
    }


def test_a_given_file_and_none() -> None:
    assert shown("--config", "web/chatkit-doctor.toml").startswith("# settings for .: web/chatkit-doctor.toml\n")
    assert shown("--isolated").startswith("# settings for .: no settings file\n")
    assert json.loads(shown("--isolated", "--json"))["file"] is None


def test_hostile_names_steer_nothing_and_are_still_toml(project: Path) -> None:
    (project / "chatkit-doctor.toml").write_text('[per-file-ignores]\n"\\u001b[31m\\u202e \\u0085\\\\" = ["CK1"]\n')

    text = shown()

    assert text.replace("\n", "").isprintable()
    assert tomllib.loads(text)["per-file-ignores"] == {"\x1b[31m\u202e \x85\\": ["CK1"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone"], "gone: there is no such file or folder"),
        (["--config", "gone.toml"], "gone.toml: there is no such file"),
        (["--config", "web/app.ts"], "web/app.ts:1: unknown key"),
        (["--config", "pyproject.toml", "--isolated"], "--config names settings to read, and --isolated reads none"),
        (["broken"], "broken/chatkit-doctor.toml:2: unknown key selects; the nearest is select"),
    ],
)
def test_what_is_wrong_is_one_line(project: Path, arguments: list[str], message: str) -> None:
    write_files(project, {"broken/chatkit-doctor.toml": "ignore = []\nselects = []\n", "web/app.ts": "x = 1\n"})

    outcome = call("config", "show", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {message}")
    assert outcome.stderr.count("\n") == 1


def test_the_schema_is_printed() -> None:
    outcome = call("config", "schema")

    assert outcome.code == 0
    assert json.loads(outcome.stdout) == json_schema()
