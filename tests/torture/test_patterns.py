"""Patterns that somebody wrote to be matched for ever: time grows in proportion to the pattern, and to the name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.frontend.proxies.model import UNKNOWN_UPSTREAM, Forward, ProxyServer
from chatkit_doctor.frontend.proxies.path_patterns import regular, route
from chatkit_doctor.project.files.gitignore import Rules
from chatkit_doctor.project.manifests.npm.package_json import is_member
from chatkit_doctor.scanning.settings.model import Settings
from chatkit_doctor.source import Source
from tests.torture.scale import amount, chance, grows_in_proportion

# Each was once, somewhere, a pattern with no end. The size is how often the piece is repeated.
PATTERNS: dict[str, Callable[[int], str]] = {
    "stars and ones": lambda size: "*?" * size + "b",
    "stars and letters": lambda size: "*a" * size + "b",
    "stars and sets": lambda size: "*[a-z]" * size + "!",
    "folders": lambda size: "**/a/" * size + "b",
    "any folders": lambda size: "**/" * size + "b",
    "folders of stars": lambda size: "**/*a*/" * size + "b",
    "stars": lambda size: "*" * size + "b",
    "blanks": lambda size: "*" + " " * size + "b",
    "blanks at the end": lambda size: "b?" + "\\ " * (size // 2) + " " * size,
    "a set": lambda size: "[" + "a-z" * size + "]*b",
    "open sets": lambda size: "*" + "[" * size,
    "open classes": lambda size: "*[" + "[:" * size + "]",
    "classes": lambda size: "*[" + "[:alpha:]" * size + "]!",
    "escapes": lambda size: "*" + "\\a" * size,
    "slashes": lambda size: "*" + "/" * size + "b",
    "ones": lambda size: "?" * size + "b",
}
NAMES: dict[str, Callable[[int], str]] = {
    "letters": lambda size: "a" * size,
    "folders": lambda size: "a/" * (size // 2) + "a",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_matched_in_proportion_to_its_length(pattern: str, name: str) -> None:
    path = "/r/" + NAMES[name](200)

    def work(size: int) -> Callable[[], object]:
        line = PATTERNS[pattern](size)
        return lambda: [Rules("/r/", [line]).verdict(path, is_folder=False) for _ in range(3)]

    grows_in_proportion(work, amount(20_000, 1_000_000))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_path_is_matched_in_proportion_to_its_length(pattern: str, name: str) -> None:
    rules = Rules("/r/", [PATTERNS[pattern](50)])

    def work(size: int) -> Callable[[], object]:
        path = "/r/" + NAMES[name](size)
        return lambda: rules.verdict(path, is_folder=False)

    grows_in_proportion(work, amount(40_000, 1_000_000))


LINES: dict[str, Callable[[int], str]] = {
    "names": lambda number: f"name-{number}",
    "suffixes": lambda number: f"*.x{number}",
    "endings": lambda number: f"*x{number:b}",
    "beginnings": lambda number: f"{number:b}*",
    "inner stars": lambda number: f"*x{number}*",
    "sets": lambda number: f"*[{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}]{number % 7}?",
    "paths": lambda number: f"a/b/{number}",
    "globs of paths": lambda number: f"**/{number}/*b",
    "the other way round": lambda number: "!*?" if number % 2 else "*?",
}


@pytest.mark.parametrize("kind", LINES)
def test_a_file_of_rules_is_read_and_matched_in_proportion_to_its_length(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        lines = [LINES[kind](number) for number in range(size)]

        def match() -> None:
            rules = Rules("/r/", lines)
            for number in range(20):
                rules.verdict(f"/r/a/b/x{number}.py", is_folder=False)

        return match

    grows_in_proportion(work, amount(5_000, 200_000))


@pytest.mark.parametrize("kind", LINES)
def test_patterns_of_settings_are_matched_in_proportion_to_their_number(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        globs = {LINES[kind](number).lstrip("!"): ("CK1",) for number in range(size)}
        found = Settings(folder=Path("/r"), per_file_ignores=globs, exclude=tuple(globs))

        def match() -> None:
            for number in range(5):
                found.codes_for(Path(f"/r/a/b/x{number}.py"))
                found.excludes(f"/r/a/b/x{number}.py", is_folder=False)

        return match

    grows_in_proportion(work, amount(5_000, 100_000))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_workspace_is_matched_in_proportion_to_its_length(pattern: str) -> None:
    def work(size: int) -> Callable[[], object]:
        patterns = (PATTERNS[pattern](size),)
        return lambda: [is_member((*patterns, str(turn)), NAMES["folders"](200)) for turn in range(3)]

    grows_in_proportion(work, amount(20_000, 1_000_000))


# What a proxy hands on is written as a pattern as well, in several languages.
PROXIES: dict[str, Callable[[int], re.Pattern[str] | None]] = {
    "anything": lambda size: regular("^/" + ".*" * size + "b$"),
    "groups": lambda size: regular("^/" + "(.+)" * size + "b$"),
    "parts": lambda size: regular("/" + "([^/]*)" * size + "b"),
    "parameters": lambda size: route("/" + "/".join(f":a{number}*" for number in range(size)) + "/b"),
    "rests": lambda size: route("/(.*)" * size + "/b"),
}


@pytest.mark.parametrize("kind", PROXIES)
def test_a_path_is_matched_by_no_pattern_that_may_take_it_in_many_ways(kind: str) -> None:
    assert PROXIES[kind](1) is not None
    assert PROXIES[kind](40) is None


def test_a_path_that_grows_as_it_is_rewritten_is_let_go() -> None:
    pattern = regular("^(.*)$")
    assert pattern is not None
    at = Source(Path("/r/vite.config.ts"), "").location(0, 0)
    forward = Forward("/", pattern, ((pattern, r"\g<1>\g<1>"),) * 60, UNKNOWN_UPSTREAM, at)

    assert forward.mapped("/a") is None
    handed = ProxyServer("Vite", Path("/r/vite.config.ts"), None, (forward,)).hands_on("/" + "a" * 1_000_000)
    assert handed is not None
    assert handed.path is None


def test_patterns_at_random_are_matched_in_proportion_to_their_length() -> None:
    draw = chance("patterns")
    for _ in range(amount(10, 500)):
        piece = "".join(draw.choice(["*", "**", "/", "?", "[a-b]", "a", "b", "\\", "[!a]", " "]) for _ in range(6))

        def work(size: int, piece: str = piece) -> Callable[[], object]:
            rules = Rules("/r/", [piece * size + "!"])
            return lambda: rules.verdict("/r/" + "ab/" * 60 + "a", is_folder=False)

        grows_in_proportion(work, amount(4_000, 40_000))
