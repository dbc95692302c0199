"""Reads the lock files of Python's package managers: uv.lock, poetry.lock, pdm.lock, Pipfile.lock.

The TOML ones are written by machines in one fixed shape and reach a megabyte, which takes tomllib a tenth of
a second or more; a pattern over their `[[package]]` tables takes a hundredth of that.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.json_files import load_json
from chatkit_doctor.project.manifests.model import Lock, Locked, ManifestError, by_package, normalised, refuse_conflict

if TYPE_CHECKING:
    from chatkit_doctor.source import Location, Source


def read_toml_lock(source: Source) -> Lock:
    """Read a uv.lock, poetry.lock or pdm.lock. Raises ManifestError."""
    refuse_conflict(source)
    entries = list(_ENTRY.finditer(source.text))
    if not _TABLE.search(source.text) and not _SETTING.search(source.text):
        raise ManifestError(source.path, 1, "it holds no packages")
    starts = [*(each.start() for each in entries), len(source.text)]
    locked = [
        Locked(
            normalised(each["name"]),
            each["version"],
            source.location(each.start("version"), each.end("version")),
            is_foreign=_is_foreign(source.text, each.end(), end),
        )
        for each, end in zip(entries, starts[1:], strict=True)
    ]
    members = {posixpath.normpath(match[1].replace("\\\\", "/")) for match in _MEMBER.finditer(source.text)}
    return Lock(source, by_package(locked), members=frozenset({".", *members}))


def read_pipfile_lock(source: Source) -> Lock:
    """Read a Pipfile.lock. Raises ManifestError."""
    values = load_json(source)
    places: dict[str, int] = {}
    for match in _KEY.finditer(source.text):
        places.setdefault(match[1], match.end())
    locked = []
    for group in ("default", "develop"):
        table = values.get(group)
        for name, entry in table.items() if isinstance(table, dict) else ():
            version = entry.get("version") if isinstance(entry, dict) else None
            if isinstance(version, str) and version.startswith("=="):
                at = _json_version(source, places.get(name), version)
                locked.append(Locked(normalised(name), version.lstrip("="), at))
    return Lock(source, by_package(locked))


def _is_foreign(text: str, start: int, next_entry: int) -> bool:
    """Return whether the package whose version ends at `start` comes from elsewhere than a registry."""
    end = text.find("[[package]]", start, next_entry)
    return _ELSEWHERE.search(text, start, end if end >= 0 else next_entry) is not None


def _json_version(source: Source, entry: int | None, version: str) -> Location | None:
    """Return the place of a version in the entry that begins at an offset, which holds no object."""
    if entry is None:
        return None
    start = source.text.find(f'"{version}"', entry, source.text.find("}", entry))
    return source.location(start + 1, start + 1 + len(version)) if start >= 0 else None


_TABLE = regex(r"^\[\[package\]\]", re.MULTILINE)
_ENTRY = regex(r'^name = "(?P<name>[^"\n]+)"\r?\nversion = "(?P<version>[^"\n]+)"', re.MULTILINE)
_MEMBER = regex(r'^source = \{ (?:editable|virtual) = "([^"\n]+)" \}', re.MULTILINE)
# As uv, poetry and pdm write it.
_ELSEWHERE = regex(
    r'^source = \{ (?:directory|editable|git|path|url) = |^type = "(?:directory|file|git|url)"|^(?:git|path|url) = "',
    re.MULTILINE,
)
# What a Pipfile.lock names and opens an object for.
_KEY = regex(r'"([^"\\\n]*)": \{')
_SETTING = regex(r"^(?:version|requires-python|content-hash|lock-version|content_hash) ?=", re.MULTILINE)
