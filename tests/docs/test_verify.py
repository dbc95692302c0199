"""docs/verify.md: its commands, its options, and what it shows of the output, held against a server that forgets."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator

import pytest

from chatkit_doctor.verify.result import TITLES
from tests.commands import ROOT, call
from tests.docs.pages import blocks, blocks_below, options_in, options_of, rows, section
from tests.docs.test_formats import shape
from tests.verify.server import Server

PAGE = "docs/verify.md"
COMMANDS = [
    re.sub(r"\s+#.*", "", line)
    for block in blocks(PAGE)
    for line in block.text.splitlines()
    if line.startswith("chatkit-doctor ")
]
ADDRESS = re.compile(r"https?://[\w.]+(?::\d+)?")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server("forgets") as listening:
        yield listening


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_reach_the_server_that_they_name(command: str, server: Server) -> None:
    _, *arguments = shlex.split(ADDRESS.sub(server.url, command))

    outcome = call(*arguments)

    assert outcome.code == (1 if {"--yes", "--page"} & set(arguments) else 0), outcome.stdout
    assert outcome.stderr == ""
    assert f"{server.url}/chatkit" in outcome.stdout


def test_the_lines_are_those_that_are_printed(server: Server) -> None:
    (example,) = (block.text for block in blocks(PAGE, "") if block.text.startswith("Checking "))
    shown, printed = example.splitlines(), call("verify", server.url, "--yes").stdout.splitlines()

    assert len(shown) == len(printed)
    assert checks(shown) == checks(printed)
    assert [line for line in shown if "= page:" in line] == [line for line in printed if "= page:" in line]
    assert shown[-1] == printed[-1]
    reason = (
        r"^  fail  the second turn remembers the first  told the name \w+ and then asked for it, the assistant says"
    )
    assert all(any(re.search(reason, line) for line in lines) for lines in (shown, printed))


def checks(lines: list[str]) -> list[tuple[str, str]]:
    """Return the status and the title of each check that has a line."""
    found = [(line[2:6], line[8:]) for line in lines if line[:2] == "  " and line[2:6] in {"pass", "fail", "skip"}]
    return [(status, title) for status, rest in found for title in TITLES.values() if rest.startswith(title)]


def test_what_is_to_be_installed_is_an_extra_of_the_project() -> None:
    (extra,) = re.findall(r'^pip install "\.\[(\w+)\]"', blocks(PAGE)[0].text)

    assert (
        extra
        in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )


def test_the_options_are_those_of_the_command() -> None:
    there = [option for cell, _ in rows(PAGE, "## Options") for option in options_in(cell)]

    assert sorted(there) == sorted(options_of("verify"))


def test_the_names_are_those_of_the_checks() -> None:
    named = section(PAGE, "## JSON").partition("(")[2].partition(")")[0]

    assert re.findall(r"`([\w-]+)`", named) == list(TITLES)


def test_the_json_document_is_what_is_printed(server: Server) -> None:
    (text,) = blocks_below(PAGE, "## JSON", "json")
    told = json.loads(text)

    printed = json.loads(call("verify", server.url, "--yes", "--format", "json").stdout)

    memory = next(each for each in printed["checks"] if each["name"] == "memory")
    assert shape(told) == shape(printed | {"checks": [memory]})
    assert told["summary"] == printed["summary"]
