"""A scan as it was called: its flags and paths, and the reading of a command line that is written plainly.

What is read here is what typer would read; whatever is not written plainly is left to typer, whose words for wrong
calls nobody repeats here. A scan that goes past typer starts in half the time.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent")
COLORS = ("auto", "always", "never")
SEVERITIES = ("error", "warning", "info")


class ScanCall:
    """What a scan is called with, each flag as it was given; () and None where it was not."""

    paths: tuple[str, ...] = ()
    fix: bool = False
    unsafe_fixes: bool | None = None
    diff: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    format: str = "text"
    output: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    force_exclude: bool = False
    baseline: str | None = None
    since: str | None = None
    staged: bool = False
    add_ignores: bool = False
    min_severity: str = "info"
    statistics: bool = False
    stdin_filename: str | None = None
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"
    no_cache: bool = False

    def __init__(self, **given: object) -> None:
        assert given.keys() <= set(ScanCall.__annotations__), given
        self.__dict__.update(given)


def may_be_kept(call: ScanCall) -> bool:
    """Return whether a scan only reads and prints, so that its text may be kept."""
    writes = (call.fix, call.diff, call.add_ignores, call.output, call.stdin_filename)
    # What git has is not among what a kept text goes by.
    asks_git = (call.since, call.staged)
    return not call.no_cache and not any(writes) and not any(asks_git)


def read_scan(words: Sequence[str]) -> ScanCall | None:
    """Return the call that the words behind `scan` make; None where they are for typer to read or to complain of."""
    if _is_expanded_on_windows(words) or "" in words:
        return None
    given: dict[str, object] = {}
    paths: list[str] = []
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        name, mark, value = word.partition("=")
        if word in _SWITCHES:
            field, state = _SWITCHES[word]
            given[field] = state
        elif name in _VALUES and (mark or waiting):
            value = value if mark else waiting.pop()
            if not _take(given, name, value, is_apart=not mark):
                return None
        elif word == "-" or not word.startswith("-"):
            paths.append(word)
        else:
            return None
    return ScanCall(paths=tuple(paths), **given)


def _take(given: dict[str, object], name: str, value: str, *, is_apart: bool) -> bool:
    """Add an option's value, if it is one that can be meant; return whether it is."""
    allowed = _VALUES[name]
    if not value or (is_apart and value.startswith("-")) or (allowed and value not in allowed):
        return False
    field = name.removeprefix("--").replace("-", "_")
    if name in _REPEATABLE:
        known = given.get(field, ())
        assert isinstance(known, tuple)
        given[field] = (*known, value)
    else:
        given[field] = value
    return True


def _is_expanded_on_windows(words: Sequence[str]) -> bool:
    """Return whether a word may stand for others, which no shell of Windows expands."""
    return os.name == "nt" and any(character in word for word in words for character in "*?[~$%")


_SWITCHES: dict[str, tuple[str, bool]] = {
    "--fix": ("fix", True),
    "--unsafe-fixes": ("unsafe_fixes", True),
    "--no-unsafe-fixes": ("unsafe_fixes", False),
    "--diff": ("diff", True),
    "--isolated": ("isolated", True),
    "--force-exclude": ("force_exclude", True),
    "--add-ignores": ("add_ignores", True),
    "--statistics": ("statistics", True),
    "--exit-zero": ("exit_zero", True),
    "--exit-non-zero-on-fix": ("exit_non_zero_on_fix", True),
    "--quiet": ("quiet", True),
    "-q": ("quiet", True),
    "--verbose": ("verbose", True),
    "-v": ("verbose", True),
    "--no-cache": ("no_cache", True),
    "--staged": ("staged", True),
}
_VALUES: dict[str, tuple[str, ...]] = {
    "--select": (),
    "--ignore": (),
    "--format": FORMATS,
    "--output": (),
    "--target": (),
    "--config": (),
    "--baseline": (),
    "--since": (),
    "--min-severity": SEVERITIES,
    "--stdin-filename": (),
    "--color": COLORS,
}
_REPEATABLE = frozenset({"--select", "--ignore", "--output", "--target"})
