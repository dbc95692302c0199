"""The settings that hold for a file, with where each value comes from: as TOML with comments, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chatkit_doctor.reports import edge
from chatkit_doctor.reports.drawing.cells import width
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.scanning.settings.model import shown
from chatkit_doctor.scanning.settings.table import is_bare

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.scanning.settings.model import Settings

# A line of TOML, and the comment behind it.
_Line = tuple[str, str]


def as_toml(settings: Settings, path: Path, *, is_excluded: bool) -> str:
    """Return the settings that hold for a path as a TOML file with the place of each value behind it."""
    source = shown(settings.path) if settings.path else "no settings file"
    head = [f"# settings for {shown(path)}: {source}"] + [f"# {shown(path)} is excluded"] * is_excluded
    lines = list(_lines(settings))
    column = min(max(width(text) for text, _ in lines), _WIDEST)
    body = [f"{text}{' ' * (column - width(text))}  # {comment}" if comment else text for text, comment in lines]
    return printed_lines([*head, "", *body])


def as_json(settings: Settings, path: Path, *, is_excluded: bool) -> str:
    """Return the same as a JSON object; `file` is null where there is no settings file."""
    document = {
        "version": 1,
        "path": shown(path),
        "excluded": is_excluded,
        "file": shown(settings.path) if settings.path else None,
        "settings": {
            key: {"value": value, "from": _origin(settings, (key,))} for key, value in values(settings).items()
        },
    }
    return edge.as_json(document)


def values(settings: Settings) -> dict[str, Any]:
    """Return what each key stands for, defaults included, as JSON has it; null for the `select` of every rule."""
    return {
        "select": list(settings.select) if settings.select is not None else None,
        "ignore": list(settings.ignore),
        "exclude": list(settings.exclude),
        "unsafe-fixes": bool(settings.unsafe_fixes),
        "per-file-ignores": {glob: list(ignored) for glob, ignored in settings.per_file_ignores.items()},
        "targets": {target.package: target.version for target in settings.targets},
        "severity": {selector: severity.value for selector, severity in settings.severity.items()},
    }


def _lines(settings: Settings) -> Iterator[_Line]:
    """Yield the lines: plain values first, as TOML wants it, then tables."""
    for key, value in values(settings).items():
        origin = _origin(settings, (key,))
        if value is None:
            yield f"# {key} = every rule", origin
        elif not isinstance(value, dict):
            yield f"{key} = {_toml(value)}", origin
        else:
            yield "", ""
            yield f"[{key}]", origin
            yield from _entries(settings, key, value)


def _entries(settings: Settings, key: str, table: Mapping[str, Any]) -> Iterator[_Line]:
    for name, value in table.items():
        yield f"{name if is_bare(name) else _toml(name)} = {_toml(value)}", _origin(settings, (key, name))


def _origin(settings: Settings, keys: tuple[str, ...]) -> str:
    line = settings.lines.get(keys)
    return "default" if settings.path is None or line is None else f"{shown(settings.path)}:{line}"


def _toml(value: Any) -> str:
    """Return strings, lists of strings and booleans, which TOML writes as JSON does."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)


# In cells; comments behind longer lines stand where those end.
_WIDEST = 60
