"""Reads bun.lock, Bun's text lock file: JSON with comments and trailing commas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.json_files import load_jsonc
from chatkit_doctor.project.manifests.model import Lock, Locked, by_package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatkit_doctor.source import Source


def read_bun_lock(source: Source) -> Lock:
    """Read a bun.lock. Raises ManifestError."""
    values = load_jsonc(source)
    workspaces = _table(values, "workspaces")
    folders = {
        str(entry["name"]): key or "."
        for key, entry in workspaces.items()
        if isinstance(entry, dict) and "name" in entry
    }
    places: dict[str, int] = {}
    for match in _OURS.finditer(source.text):
        places.setdefault(match[1], match.end(1))
    hoisted: list[Locked] = []
    nested: list[Locked] = []
    direct: dict[str, dict[str, Locked]] = {}
    for key, entry in _table(values, "packages").items():
        locked = _locked(source, entry, places)
        if locked is None:
            continue
        owner = key.removesuffix(locked.package).rstrip("/")
        if not owner or owner == key:
            hoisted.append(locked)
        elif owner in folders:
            direct.setdefault(folders[owner], {})[locked.package] = locked
        else:
            nested.append(locked)
    members = frozenset({".", *(key or "." for key in workspaces)})
    return Lock(source, {**by_package(nested), **by_package(hoisted)}, members, direct)


def _locked(source: Source, entry: object, places: Mapping[str, int]) -> Locked | None:
    """Return the package of an entry, whose first element is `name@version`. places: where such an element ends."""
    if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
        return None
    name, _, version = entry[0].rpartition("@")
    if not name or not version[:1].isdigit():
        return None
    end = places.get(entry[0])
    return Locked(name, version, source.location(end - len(version), end) if end is not None else None)


def _table(values: dict[str, Any], key: str) -> dict[str, Any]:
    table = values.get(key)
    return table if isinstance(table, dict) else {}


# The first element of an entry of OpenAI's, at its first place.
_OURS = regex(r'\["(@openai/[^"\\\n]*+)"')
