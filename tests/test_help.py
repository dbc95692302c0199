"""`--help` of every command: nothing cut, nothing wider than a terminal, and examples that can be called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from chatkit_doctor.commands.cli import app
from tests.commands import PLAIN

ROOT: Any = get_command(app)


def commands(command: Any = ROOT, *above: str) -> Iterator[tuple[str, ...]]:
    """Yield each command by its words, those with commands of their own too."""
    yield above
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, *above, name)


def found(*words: str) -> Any:
    command = ROOT
    for word in words:
        command = command.commands[word]
    return command


def shown(*words: str) -> str:
    """Return the help of a command in a terminal of 80 columns."""
    from typer.testing import CliRunner

    result = CliRunner(env=PLAIN | {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}).invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    return result.stdout


def examples(*words: str) -> list[str]:
    _, heading, listed = shown(*words).partition("\n  Examples:\n")
    assert heading, words
    return [line.strip() for line in listed.strip().splitlines()]


@pytest.mark.parametrize("words", [pytest.param(each, id=" ".join(each) or "root") for each in commands()])
def test_help_fits_a_terminal_and_is_not_cut(words: tuple[str, ...]) -> None:
    text = shown(*words)

    assert [line for line in text.splitlines() if len(line) > 80] == []
    # What a command takes several of is no text that was cut.
    assert re.findall(r"\w\.\.\.(?![\]}]|  )", re.sub(r"\[?\{?\w+\}?\]?\.\.\.", "", text)) == []


@pytest.mark.parametrize("words", [pytest.param(each, id=" ".join(each) or "root") for each in commands()])
def test_each_command_has_examples_that_it_takes(words: tuple[str, ...]) -> None:
    told = examples(*words)

    assert told
    for line in told:
        program, *arguments = shlex.split(line.partition(" < ")[0].partition(" > ")[0])
        assert program == "chatkit-doctor"
        command = ROOT
        while arguments and arguments[0] in getattr(command, "commands", {}):
            command = command.commands[arguments.pop(0)]
        # Raises UsageError for an option that there is not, or one without its value.
        with command.make_context("chatkit-doctor", arguments, resilient_parsing=False):
            pass


def test_the_list_of_commands_says_each_in_one_line() -> None:
    listed = shown().partition("Commands:\n")[2].partition("\n\n")[0].splitlines()

    assert [line.split()[0] for line in listed] == list(ROOT.commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)
