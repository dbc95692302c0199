from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.project.targets import GivenRelease
from chatkit_doctor.scanning.settings import Settings, SettingsError, open_settings
from chatkit_doctor.scanning.settings.reading import read_settings

OWN = "chatkit-doctor.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str | bytes, name: str = OWN) -> Settings | None:
    path = Path.cwd() / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_settings(path)


def error(text: str | bytes, name: str = OWN) -> str:
    with pytest.raises(SettingsError) as caught:
        read(text, name)
    message = str(caught.value)
    assert message.isprintable()
    return message


EVERYTHING = """\
select = ["CK1", "missing-store-methods"]
ignore = ["CK103"]
exclude = [
  "examples/",
  "!examples/kept",
]
unsafe-fixes = true

[per-file-ignores]
"tests/**" = ["CK1"]
"*.html" = []

[targets]
openai-chatkit = "1.4.0"
"@openai/chatkit-react" = "1.1.1"

[severity]
CK4 = "warning"
thread-not-persisted = "error"
"""


def test_every_key_is_read_with_its_line(folder: Path) -> None:
    settings = read(EVERYTHING)

    assert settings is not None
    assert settings.path == folder / OWN
    assert settings.folder == folder
    assert settings.select == ("CK1", "missing-store-methods")
    assert settings.ignore == ("CK103",)
    assert settings.exclude == ("examples/", "!examples/kept")
    assert settings.unsafe_fixes is True
    assert settings.per_file_ignores == {"tests/**": ("CK1",), "*.html": ()}
    assert settings.targets == (
        GivenRelease("openai-chatkit", "1.4.0", OWN),
        GivenRelease("@openai/chatkit-react", "1.1.1", OWN),
    )
    assert settings.severity == {"CK4": Severity.WARNING, "thread-not-persisted": Severity.ERROR}
    assert settings.lines["exclude",] == 3
    assert settings.lines["per-file-ignores", "*.html"] == 11
    assert settings.lines["severity", "CK4"] == 18


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"\n[tool.chatkit-doctor]\nignore = ["CK1"]\n',
        'tool.chatkit-doctor.ignore = ["CK1"]\n',
        '[tool]\nchatkit-doctor = { ignore = ["CK1"] }\n',
        '[tool."chatkit-doctor"]\r\nignore = [\r\n"CK1",\r\n]\r\n',
        '\ufeff[tool.chatkit-doctor]\nignore = ["CK1"]\n',
    ],
)
def test_the_table_of_a_pyproject_is_read_however_it_is_written(text: str) -> None:
    settings = read(text, "pyproject.toml")

    assert settings is not None
    assert settings.ignore == ("CK1",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool.ruff]\nselect = 3\n",
        '[project]\ndependencies = ["chatkit-doctor>=0.1"]\n',
        '# [tool.chatkit-doctor]\ntool = "chatkit-doctor"\n',
        "this [ is no TOML, and none of ours\n",
    ],
)
def test_a_pyproject_without_the_table_says_nothing(text: str) -> None:
    assert read(text, "pyproject.toml") is None


def test_an_empty_file_of_its_own_is_settings_that_say_nothing() -> None:
    settings = read("")

    assert settings is not None
    assert (settings.select, settings.unsafe_fixes, settings.lines) == (None, None, {})


KEYS = "the keys are select, ignore, per-file-ignores, exclude, targets, severity, unsafe-fixes"
PACKAGES = "the packages are openai-chatkit, openai-agents, openai, litellm, @openai/chatkit, @openai/chatkit-react"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        # Keys
        ("per-file-ignore = {}", 1, "unknown key per-file-ignore; the nearest is per-file-ignores"),
        ("per_file_ignores = {}", 1, "unknown key per_file_ignores; the nearest is per-file-ignores"),
        ("perFileIgnores = {}", 1, "unknown key perFileIgnores; the nearest is per-file-ignores"),
        ("\n\n[Severities]", 3, "unknown key Severities; the nearest is severity"),
        ("line-length = 100", 1, f"unknown key line-length; {KEYS}"),
        ('"" = 1', 1, f'unknown key ""; {KEYS}'),
        (f"{'x' * 500} = 1", 1, f'unknown key "{"x" * 80}…"; {KEYS}'),
        (
            "[tool.chatkit-doctor]\nselect = []",
            1,
            "[tool.chatkit-doctor] is for pyproject.toml; in this file its keys stand at the top",
        ),
        # Rules
        (
            'ignore = [\n  "CK1",\n  "store-colour",\n]',
            3,
            'no rule has the code, prefix or name "store-colour"; the nearest is store-method-colour',
        ),
        ('ignore = ["ck1"]', 1, 'no rule has the code, prefix or name "ck1"; the nearest is CK1'),
        ('ignore = [" CK101"]', 1, 'no rule has the code, prefix or name " CK101"; the nearest is CK101'),
        (
            'select = ["missing-store-method"]',
            1,
            'no rule has the code, prefix or name "missing-store-method"; the nearest is missing-store-methods',
        ),
        ('select = ["F"]', 1, 'no rule has the code, prefix or name "F"; `chatkit-doctor rules` lists them all'),
        (
            '[severity]\nunparsable = "error"',
            2,
            'no rule has the code, prefix or name "unparsable"; the nearest is unparsable-file',
        ),
        # More than anybody writes
        (
            "\nexclude = [" + "'a', " * 10_001 + "]",
            2,
            "exclude has 10,001 patterns, more than the 10,000 that are read",
        ),
        # Wrong types
        ('select = "CK1"', 1, 'select is a string, and must be a list of strings, such as select = ["CK1"]'),
        ("ignore = [\n1]", 1, 'ignore holds a number, and must be a list of strings, such as ignore = ["CK1"]'),
        ("exclude = true", 1, 'exclude is a boolean, and must be a list of strings, such as exclude = ["examples/"]'),
        (
            "select = 1979-05-27",
            1,
            'select is a date or a time, and must be a list of strings, such as select = ["CK1"]',
        ),
        (
            '[per-file-ignores]\n"a/*.py" = "CK1"',
            2,
            'per-file-ignores."a/*.py" is a string, and must be a list of strings, such as "a/*.py" = ["CK1"]',
        ),
        (
            "per-file-ignores = []",
            1,
            'per-file-ignores is a list, and must be a table with entries such as "tests/**" = ["CK3"]',
        ),
        ('targets = "x"', 1, 'targets is a string, and must be a table with entries such as openai-chatkit = "1.4.0"'),
        (
            "[targets]\nopenai-chatkit = 1.4",
            2,
            'targets.openai-chatkit is a number, and must be a string, such as "1.4.0"',
        ),
        ("severity = 1", 1, 'severity is a number, and must be a table with entries such as CK409 = "warning"'),
        ("severity.CK4 = {}", 1, 'severity.CK4 is a table, and must be a string, such as "warning"'),
        ('unsafe-fixes = "yes"', 1, "unsafe-fixes is a string, and must be true or false"),
        ("unsafe-fixes = 1", 1, "unsafe-fixes is a number, and must be true or false"),
        # Nothing in them
        ("select = []", 1, "select is empty, so that no rule would run"),
        ('ignore = [""]', 1, "ignore holds an empty string"),
        ('exclude = ["a", ""]', 1, "exclude holds an empty string"),
        ('[per-file-ignores]\n"" = ["CK1"]', 2, "a pattern of per-file-ignores is empty"),
        # Values
        ('exclude = ["# all"]', 1, 'a pattern of exclude cannot begin with "#"'),
        ('[per-file-ignores]\n"!a" = []', 2, 'a pattern of per-file-ignores cannot begin with "!"'),
        ('severity.CK409 = "warn"', 1, 'unknown severity "warn"; the nearest is warning'),
        ('severity.CK409 = "Error"', 1, 'unknown severity "Error"; the nearest is error'),
        ('severity.CK409 = "off"', 1, 'unknown severity "off"; the severities are error, warning, info'),
        ('targets.openai_chatkit = "1.4.0"', 1, 'unknown package "openai_chatkit"; the nearest is openai-chatkit'),
        ('targets.flask = "1.4.0"', 1, f'unknown package "flask"; {PACKAGES}'),
        ('targets.openai-chatkit = ">=1.4"', 1, '">=1.4" is not a version of openai-chatkit, such as 1.4.0'),
        ('targets.litellm = ""', 1, '"" is not a version of litellm, such as 1.4.0'),
        ('targets."@openai/chatkit" = "1.4"', 1, '"1.4" is not a version of @openai/chatkit, such as 1.4.0'),
        (f'targets.openai = "{"9" * 5000}"', 1, f'"{"9" * 80}…" is not a version of openai, such as 1.4.0'),
        # TOML
        ("select = [", 1, "it is not valid TOML: invalid value"),
        ('ignore = []\nexclude = "', 2, "it is not valid TOML: unterminated string"),
        ("ignore = []\nignore = []\n", 2, "it is not valid TOML: a key or a table is there twice"),
        ("[targets]\n[targets]\n", 2, "it is not valid TOML: a key or a table is there twice"),
        ("ignore = []\n\x1b[31m", 2, "it is not valid TOML: invalid statement"),
        ("<<<<<<< HEAD\nignore = []\n", 1, "it holds an unresolved merge conflict"),
        (f"ignore = {'[' * 5000}", 1, "it is nested too deeply"),
        (f"a{'.a' * 50_000} = 1", 1, "it is nested too deeply"),
        (b"ignore = []\n# caf\xe9\n", 2, "byte 17 is not valid utf-8"),
        (b"ignore = []\n\0", 2, "it holds NUL bytes, so it is not text"),
        # What steers a terminal
        ('"\\u001b[31m" = 1', 1, f'unknown key "\\u001b[31m"; {KEYS}'),
        ('"\u202ekey" = 1', 1, f'unknown key "\\u202ekey"; {KEYS}'),
        ('select = ["CK101\\n"]', 1, 'no rule has the code, prefix or name "CK101\\n"; the nearest is CK101'),
    ],
)
def test_an_error_is_one_line_with_the_place(text: str | bytes, line: int, reason: str) -> None:
    assert error(text) == f"{OWN}:{line}: {reason}"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            "[tool.chatkit_doctor]\nselect = []",
            1,
            "the table [tool.chatkit_doctor] is not known; the nearest is [tool.chatkit-doctor]",
        ),
        ("[[tool.chatkit-doctor]]", 1, "tool.chatkit-doctor is a list, and must be a table"),
        ("[tool]\nchatkit-doctor = 1", 2, "tool.chatkit-doctor is a number, and must be a table"),
        ("\n[tool.chatkit-doctor]\nselects = []", 3, "unknown key selects; the nearest is select"),
        ('[tool.chatkit-doctor]\nselect = ["CK1"', 2, "it is not valid TOML: unclosed array"),
        ("[tool.chatkit-doctor]\n[tool.chatkit-doctor.tool]", 2, f"unknown key tool; {KEYS}"),
    ],
)
def test_an_error_in_a_pyproject_names_the_place(text: str, line: int, reason: str) -> None:
    assert error(text, "pyproject.toml") == f"pyproject.toml:{line}: {reason}"


def test_a_file_in_another_encoding_is_refused() -> None:
    assert error("ignore = []\n".encode("utf-16")) == f"{OWN}: it is encoded as utf-16-le, and TOML is UTF-8"


@pytest.mark.parametrize("name", [OWN, "pyproject.toml"])
def test_a_file_of_ten_megabytes_is_not_read(name: str) -> None:
    data = b'[tool.chatkit-doctor]\nignore = ["CK1"]\n' + b"# padding\n" * 1_000_000

    assert error(data, name) == f"{name}: it is 10.1 MB, over the 5 MB that are read"


def test_what_is_no_readable_file_is_refused(folder: Path) -> None:
    path = folder / OWN
    cases: list[tuple[Callable[[], None], str]] = [
        (lambda: path.symlink_to(path), "its symbolic links form a loop"),
        (lambda: path.symlink_to(folder / "gone.toml"), "it is not there any more"),
        (path.mkdir, "it is a folder, not a regular file"),
        (lambda: os.mkfifo(path), "it is a named pipe, not a regular file"),
    ]
    for make, reason in cases:
        make()
        with pytest.raises(SettingsError) as caught:
            read_settings(path)
        assert str(caught.value) == f"{OWN}: {reason}"
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_file_is_refused(folder: Path) -> None:
    (folder / OWN).write_text("")
    (folder / OWN).chmod(0)

    with pytest.raises(SettingsError, match="it cannot be read: permission denied"):
        read_settings(folder / OWN)


def test_a_file_given_by_name_must_hold_settings(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project]\n")
    for name, reason in (
        ("gone.toml", "there is no such file"),
        ("pyproject.toml", "it has no table [tool.chatkit-doctor]"),
        (".", "it is a folder, not a regular file"),
    ):
        with pytest.raises(SettingsError) as caught:
            open_settings(config=Path(name))
        assert str(caught.value) == f"{name}: {reason}"
