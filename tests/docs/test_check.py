"""docs/check.md: its commands and options, what it shows of the output, and the tests that it tells people to write."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.commands import ROOT, call
from tests.conformance.test_plugin import run as run_pytest
from tests.docs.pages import blocks, options_in, options_of, rows
from tests.forked.checks import fork_checks
from tests.projects import write_files

PAGE = "docs/check.md"
COMMANDS = [line for line in blocks(PAGE)[0].text.splitlines() if line.startswith("chatkit-doctor ")]
CODE = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.conformance.stores import GoodStore\n"
STORE = "{code}\n\nclass {name}(GoodStore):\n    def page(self, rows, after, limit, order):\n"
STORE += "        return super().page(rows, after, limit, {order})\n\nmake_store = {name}\n"
SERVER = f"{CODE}from tests.conformance.servers import GoodServer\nserver = GoodServer()\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    good = STORE.format(code=CODE, name="SqliteStore", order="order")
    write_files(tmp_path, {"app/__init__.py": "", "app/store.py": good, "backend/app/__init__.py": ""})
    write_files(tmp_path, {"backend/app/server.py": SERVER, "backend/app/store.py": good})
    monkeypatch.chdir(tmp_path)
    fork_checks(monkeypatch)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_check_what_they_name(command: str, project: Path) -> None:
    _, *arguments = shlex.split(command)
    if "--python" in arguments:
        # An environment of the project's takes too long to make; what one has is what this one has.
        import sys

        arguments[arguments.index("--python") + 1] = sys.executable

    done = call(*arguments)

    assert done.code == 0, done.stdout + done.stderr
    assert " passed, 0 failed, " in done.stdout


def test_the_lines_are_those_that_are_printed(project: Path) -> None:
    (example,) = (block.text for block in blocks(PAGE, "") if block.text.startswith("Checking "))
    code = STORE.format(code=CODE, name="Messages", order='"asc"')
    # The class begins where the page says.
    write_files(project, {"app/store.py": code})
    properties = ("--property", "thread-not-found", "--property", "items-newest-first")

    printed = call("check", "app.store:Messages", "--context", "{}", *properties).stdout

    released = re.compile(r"openai-chatkit [\d.]+|store.py:\d+| +[0-9]+$")
    lines = [released.sub("", line) for line in printed.splitlines() if "= related" not in line]
    shown = [released.sub("", line) for line in example.splitlines()]
    assert [line for line in lines if "= at:" not in line] == [line for line in shown if "= at:" not in line]
    assert "= at: " in printed


def test_the_options_are_those_of_the_command() -> None:
    there = [option for cell, _ in rows(PAGE, "## Options") for option in options_in(cell)]

    assert sorted(there) == sorted(options_of("check"))


def test_what_is_to_be_installed_is_an_extra_of_the_project() -> None:
    (extra,) = re.findall(r'^pip install "\.\[(\w+)\]"', blocks(PAGE)[0].text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert extra in project["optional-dependencies"]
    assert project["entry-points"]["pytest11"]["chatkit_doctor"] == "chatkit_doctor.conformance.pytest_plugin"


def test_the_tests_of_the_page_are_run_by_pytest(project: Path) -> None:
    (code,) = (block.text for block in blocks(PAGE, "python"))
    store = f"{CODE}\n\nclass SqliteStore(GoodStore):\n    def __init__(self, path):\n        super().__init__()\n"
    write_files(project, {"app/store.py": store, "test_store.py": code})

    status, output = run_pytest(project, "test_store.py")

    # It is in memory, whatever it is called: a second one knows nothing.
    assert (status, "1 failed, 18 passed" in output) == (1, True), output
    assert "a second instance does not know what the first has stored" in output
