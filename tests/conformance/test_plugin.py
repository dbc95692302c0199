"""The properties in a project's own tests, run by pytest itself in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import ROOT, environment
from tests.forked import programs
from tests.projects import write_files

CONFTEST = """
import pytest
from tests.conformance import stores, servers

@pytest.fixture
def chatkit_contexts():
    return [{"user_id": "a"}, {"user_id": "b"}]
"""


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    # By itself it would look after what all runs of this user have left.
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfs", "--basetemp", str(folder / "temporary")]
    plugin = [] if _is_installed() else ["-p", "chatkit_doctor.conformance.pytest_plugin"]
    done = programs.run([*command, *plugin, *arguments], folder, environment(PYTHONPATH=str(ROOT), COLUMNS="200"))
    return done.returncode, done.stdout + done.stderr


def _is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(each.name == "chatkit_doctor" for each in entry_points(group="pytest11"))


def test_a_good_store_is_a_test_for_each_property(tmp_path: Path) -> None:
    tests = "@pytest.fixture\ndef chatkit_store():\n    return stores.GoodStore()\n\n"
    body = "def test_store(chatkit_store_property):\n    chatkit_store_property.check()\n"
    write_files(tmp_path, {"conftest.py": CONFTEST, "test_mine.py": f"{CONFTEST}\n{tests}{body}"})

    code, output = run(tmp_path)

    assert (code, "18 passed, 1 skipped" in output) == (0, True), output
    assert "name a class or a factory" in output


def test_a_bad_store_fails_with_the_words_and_no_traceback(tmp_path: Path) -> None:
    tests = "@pytest.fixture\ndef chatkit_store():\n    return stores.NoCursor\n\n"
    body = "def test_store(chatkit_store_property):\n    chatkit_store_property.check()\n"
    write_files(tmp_path, {"test_mine.py": f"{CONFTEST}\n{tests}{body}"})

    code, output = run(tmp_path, "-k", "item-pages or thread-pages")

    assert (code, "2 failed" in output) == (1, True), output
    assert "a page says that there is more and gives no cursor" in output
    assert "Traceback" not in output
    assert "pytest_plugin.py" not in output


def test_a_server_is_asked_in_the_same_way(tmp_path: Path) -> None:
    tests = "@pytest.fixture\ndef chatkit_server():\n    return servers.Forgets\n\n"
    body = "def test_server(chatkit_server_property):\n    chatkit_server_property.check()\n"
    write_files(tmp_path, {"test_mine.py": f"{CONFTEST}\n{tests}{body}"})

    code, output = run(tmp_path, "-k", "answers or remembers")

    assert (code, "1 failed, 1 passed" in output) == (1, True), output
    assert "in turn 3 the model does not get what the user said in turn 1" in output


@pytest.mark.parametrize("fixture", ["chatkit_store", "chatkit_server"])
def test_a_fixture_that_nobody_has_written_is_asked_for(tmp_path: Path, fixture: str) -> None:
    write_files(tmp_path, {"test_mine.py": f"def test_it({fixture}_property):\n    {fixture}_property.check()\n"})

    code, output = run(tmp_path, "-x")

    assert code != 0
    assert f"define a fixture {fixture}" in output
