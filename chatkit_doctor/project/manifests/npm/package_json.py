"""Reads package.json: its dependencies and the folders that are its workspaces."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.globs import Globs
from chatkit_doctor.project.manifests.model import Item, Purpose, Requirement, Syntax
from chatkit_doctor.project.versions.semver import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import PlacedValues


def read_package_json(document: PlacedValues) -> Iterator[Item]:
    """Yield every requirement of a package.json."""
    for table, scope in _TABLES.items():
        declared = document.values.get(table, {})
        if not isinstance(declared, dict):
            yield document.error((table,), f"{table} is not an object")
            continue
        for name, value in declared.items():
            if isinstance(value, str):
                yield _requirement(document, table, name, value, scope)
            else:
                yield document.error((table, name), f"the version of {name!r} is not a string")


def workspaces(document: PlacedValues) -> tuple[str, ...]:
    """Return the patterns of the folders that share this package.json's lock file."""
    declared = document.values.get("workspaces", [])
    patterns = declared.get("packages", []) if isinstance(declared, dict) else declared
    return tuple(each for each in patterns if isinstance(each, str)) if isinstance(patterns, list) else ()


def is_member(patterns: tuple[str, ...], folder: str) -> bool:
    """Return whether workspace patterns cover a folder, relative with `/`; a later `!pattern` takes out."""
    last = _globs(patterns).last_match_of(folder)
    return last >= 0 and not patterns[last].startswith("!")


def _requirement(document: PlacedValues, table: str, name: str, value: str, scope: Purpose) -> Requirement:
    key_at, value_at = document.key_at((table, name)), document.string_at((table, name))
    alias = _ALIAS.fullmatch(value)
    package, specifier = (alias["name"], alias["range"] or "*") if alias else (name, value)
    specifier = specifier.removeprefix("npm:").strip()
    is_range = Range.parse(specifier) is not None or specifier == "latest"
    return Requirement(
        package,
        specifier,
        document.source.location(key_at.start, value_at.end),
        key_at,
        value_at,
        syntax=Syntax.NPM,
        scope=scope,
        url="" if is_range else specifier,
    )


@lru_cache(maxsize=64)
def _globs(patterns: tuple[str, ...]) -> Globs:
    globs = Globs()
    for index, pattern in enumerate(patterns):
        glob = pattern.removeprefix("!").removeprefix("./").rstrip("/")
        globs.add(index, glob.encode("utf-8", "surrogatepass"), only_folders=False)
    return globs


_TABLES = {
    "dependencies": Purpose.MAIN,
    "devDependencies": Purpose.MAIN,
    "optionalDependencies": Purpose.MAIN,
    "peerDependencies": Purpose.OPTIONAL,
}
_ALIAS = regex(r"npm:(?P<name>(?:@[^/@]+/)?[^@]+)(?:@(?P<range>.*))?")
