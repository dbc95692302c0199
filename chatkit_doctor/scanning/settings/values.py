"""What each key of the settings may hold, checked by hand so that each error is one line that names the place.

`schema` says the same to editors; a test holds that both accept the same files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.project.targets import PACKAGES, GivenRelease
from chatkit_doctor.records import replace
from chatkit_doctor.scanning.settings.model import Settings, shown
from chatkit_doctor.scanning.settings.table import Table, dotted, kind, nearest_of, quoted
from chatkit_doctor.words import the_nearest

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.project.manifests.spans import PlacedValues

# As a release is published: no range, no `v`, no operator. Written for Python and for ECMA 262 alike.
VERSION = {
    Ecosystem.PYTHON: r"^[0-9]{1,9}(\.[0-9]{1,9})*((a|b|rc)[0-9]{1,9})?(\.post[0-9]{1,9})?(\.dev[0-9]{1,9})?$",
    Ecosystem.NODE: r"^(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}(-[a-z]+(\.(0|[1-9][0-9]{0,8}))?)?$",
}
# People write a dozen.
_MOST_PATTERNS = 10_000
# To .gitignore what begins otherwise is a comment, or nothing.
PATTERN = r"^[^# \t]"
# What a `!` takes back in is not one pattern's to say.
FILE_PATTERN = r"^[^#! \t]"


class _Reader(Protocol):
    def __call__(self, table: Table, value: Any, /) -> Any: ...


@cache
def selectors() -> tuple[str, ...]:
    """Return every selector that settings may hold, as it is spelt: codes, their prefixes from `CK` on, names."""
    codes = list(pages())
    prefixes = sorted({code[:length] for code in codes for length in range(2, len(code))})
    return (*codes, *prefixes, *(page.name for page in pages().values()))


def settings_of(document: PlacedValues, keys: tuple[str, ...], folder: Path) -> Settings:
    """Return the settings that the table at a path of a document holds. Raises SettingsError."""
    table = Table(document, keys)
    fields = {name.replace("-", "_"): _reader(table, name)(table, value) for name, value in table.values().items()}
    settings = Settings(document.source.path, folder, lines=table.lines())
    return replace(settings, **fields)


def _reader(table: Table, name: str) -> _Reader:
    if name in _READERS:
        return _READERS[name]
    if name == "tool" and not table.keys:
        raise table.error(
            (name,), "[tool.chatkit-doctor] is for pyproject.toml; in this file its keys stand at the top"
        )
    raise table.error((name,), f"unknown key {dotted((name,))}; {nearest_of(name.replace('_', '-'), KEYS, 'keys')}")


def _select(table: Table, value: Any) -> tuple[str, ...]:
    if value == []:
        raise table.error(("select",), "select is empty, so that no rule would run")
    return _selectors(table, ("select",), value)


def _ignore(table: Table, value: Any) -> tuple[str, ...]:
    return _selectors(table, ("ignore",), value)


def _per_file_ignores(table: Table, value: Any) -> Mapping[str, tuple[str, ...]]:
    entries = table.entries("per-file-ignores", value, '"tests/**" = ["CK3"]')
    _check_count(table, "per-file-ignores", len(entries))
    ignored = {}
    for glob, chosen in entries.items():
        path = ("per-file-ignores", glob)
        _check_pattern(table, path, glob, FILE_PATTERN)
        ignored[glob] = _selectors(table, path, chosen)
    return ignored


def _exclude(table: Table, value: Any) -> tuple[str, ...]:
    patterns = table.strings(("exclude",), value, "examples/")
    _check_count(table, "exclude", len(patterns))
    for index, each in enumerate(patterns):
        _check_pattern(table, ("exclude", index), each, PATTERN)
    return patterns


def _targets(table: Table, value: Any) -> tuple[GivenRelease, ...]:
    entries = table.entries("targets", value, 'openai-chatkit = "1.4.0"')
    return tuple(_target(table, package, version) for package, version in entries.items())


def _target(table: Table, package: str, version: Any) -> GivenRelease:
    path = ("targets", package)
    if package not in PACKAGES:
        raise table.error(path, f"unknown package {quoted(package)}; {nearest_of(package, PACKAGES, 'packages')}")
    if not isinstance(version, str):
        raise table.error(path, f'{dotted(path)} is {kind(version)}, and must be a string, such as "1.4.0"')
    if re.search(VERSION[PACKAGES[package]], version) is None:
        raise table.error(path, f"{quoted(version)} is not a version of {package}, such as 1.4.0")
    return GivenRelease(package, version.strip(), shown(table.document.source.path))


def _severity(table: Table, value: Any) -> Mapping[str, Severity]:
    entries = table.entries("severity", value, 'CK409 = "warning"')
    return {selector: _level(table, selector, level) for selector, level in entries.items()}


def _level(table: Table, selector: str, level: Any) -> Severity:
    path = ("severity", selector)
    _check_selector(table, path, selector)
    if not isinstance(level, str):
        raise table.error(path, f'{dotted(path)} is {kind(level)}, and must be a string, such as "warning"')
    if level not in set(Severity):
        raise table.error(path, f"unknown severity {quoted(level)}; {nearest_of(level, Severity, 'severities')}")
    return Severity(level)


def _unsafe_fixes(table: Table, value: Any) -> bool:
    if not isinstance(value, bool):
        raise table.error(("unsafe-fixes",), f"unsafe-fixes is {kind(value)}, and must be true or false")
    return value


def _selectors(table: Table, path: tuple[str, ...], value: Any) -> tuple[str, ...]:
    chosen = table.strings(path, value, "CK1")
    for index, each in enumerate(chosen):
        _check_selector(table, (*path, index), each)
    return chosen


def _check_selector(table: Table, path: tuple[str | int, ...], selector: str) -> None:
    if selector in selectors():
        return
    # A prefix is what was meant only by a prefix in other letters.
    known = [each for each in selectors() if len(each) >= len("CK101") or each == selector.upper()]
    hint = the_nearest(selector, known) or "`chatkit-doctor rules` lists them all"
    raise table.error(path, f"no rule has the code, prefix or name {quoted(selector)}; {hint}")


def _check_count(table: Table, name: str, count: int) -> None:
    if count > _MOST_PATTERNS:
        raise table.error((name,), f"{name} has {count:,} patterns, more than the {_MOST_PATTERNS:,} that are read")


def _check_pattern(table: Table, path: tuple[str | int, ...], pattern: str, allowed: str) -> None:
    if re.search(allowed, pattern) is None:
        problem = f"cannot begin with {quoted(pattern[0])}" if pattern else "is empty"
        raise table.error(path, f"a pattern of {path[0]} {problem}")


_READERS: dict[str, _Reader] = {
    "select": _select,
    "ignore": _ignore,
    "per-file-ignores": _per_file_ignores,
    "exclude": _exclude,
    "targets": _targets,
    "severity": _severity,
    "unsafe-fixes": _unsafe_fixes,
}
KEYS = tuple(_READERS)
