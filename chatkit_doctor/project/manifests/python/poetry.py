"""Reads the dependency tables of Poetry and Pipenv: `name = "^1.4"`, `name = { version = "^1.4", extras = [...] }`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.project.manifests.model import Item, Purpose, Requirement, Syntax, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import KeyPath, PlacedValues


def read_table(document: PlacedValues, path: KeyPath, scope: Purpose, syntax: Syntax) -> Iterator[Item]:
    """Yield the requirements of a table whose keys are package names."""
    for name, value in document.table(*map(str, path)).items():
        if name == "python":
            continue
        alternatives = value if isinstance(value, list) else [value]
        for index, each in enumerate(alternatives):
            at = (*path, name, index) if isinstance(value, list) else (*path, name)
            yield _entry(document, (*path, name), at, each, scope, syntax)


def _entry(document: PlacedValues, key: KeyPath, at: KeyPath, value: Any, scope: Purpose, syntax: Syntax) -> Item:
    name = str(key[-1])
    table = value if isinstance(value, dict) else {"version": value}
    version = table.get("version", "*")
    if not isinstance(version, str):
        return document.error(at, f"the version of {name!r} is not a string")
    name_at = document.key_at(key)
    specifier_at = document.string_at((*at, "version") if isinstance(value, dict) else at)
    extras = table.get("extras")
    optional = table.get("optional") is True
    return Requirement(
        normalised(name),
        version.strip(),
        document.source.location(name_at.start, max(name_at.end, specifier_at.end)),
        name_at,
        specifier_at,
        extras=tuple(sorted(filter(_is_text, extras))) if isinstance(extras, list) else (),
        syntax=syntax,
        scope=Purpose.OPTIONAL if optional else scope,
        conditional=any(each in table for each in _CONDITIONS),
        url=_url(table),
    )


def _url(table: dict[str, Any]) -> str:
    return next((str(table[each]) for each in ("git", "path", "url", "file") if each in table), "")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_CONDITIONS = ("python", "platform", "markers", "sys_platform", "python_version", "platform_system")
