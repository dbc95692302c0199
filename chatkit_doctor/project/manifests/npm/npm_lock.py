"""Reads package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.json_files import load_json
from chatkit_doctor.project.manifests.model import Lock, Locked, by_package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.source import Location, Source


def read_npm_lock(source: Source) -> Lock:
    """Read a package-lock.json. Raises ManifestError."""
    values = load_json(source)
    packages = values.get("packages")
    if not isinstance(packages, dict):
        return Lock(source, by_package(_version_1(source, values.get("dependencies"))))
    members = frozenset("." if key == "" else key for key in packages if "node_modules" not in key.split("/"))
    top: dict[str, tuple[Locked, ...]] = {}
    nested: list[Locked] = []
    direct: dict[str, dict[str, Locked]] = {}
    for owner, locked in _version_3(source, packages):
        if owner == "":
            top[locked.package] = (locked,)
        elif owner in members:
            direct.setdefault(owner, {})[locked.package] = locked
        else:
            nested.append(locked)
    # What only other packages have in their own node_modules is all there is where nothing was hoisted.
    return Lock(source, {**by_package(nested), **top}, members, direct)


def _version_3(source: Source, packages: dict[str, Any]) -> Iterator[tuple[str, Locked]]:
    """Yield each installed package with the folder that holds its node_modules."""
    places = _versions_at(source)
    for key, entry in packages.items():
        owner, mark, folder = key.rpartition("node_modules/")
        version = entry.get("version") if isinstance(entry, dict) else None
        if mark and isinstance(version, str):
            # An alias is installed under another name than its own.
            name = entry.get("name", folder)
            yield owner.rstrip("/"), Locked(str(name), version, places.get((key, version)))


def _version_1(source: Source, dependencies: object) -> Iterator[Locked]:
    places = _versions_at(source)
    for name, entry in dependencies.items() if isinstance(dependencies, dict) else ():
        version = entry.get("version") if isinstance(entry, dict) else None
        if isinstance(version, str):
            yield Locked(name, version, places.get((name, version)))


def _versions_at(source: Source) -> dict[tuple[str, str], Location]:
    """Return where the versions of OpenAI's packages stand first, by the entry's key and the version."""
    found: dict[tuple[str, str], Location] = {}
    for match in _OURS.finditer(source.text):
        key = source.text[source.text.rfind('"', 0, match.start()) + 1 : match.end("name")]
        found.setdefault((key, match["version"]), source.location(*match.span("version")))
    return found


_OURS = regex(r'(?P<name>@openai/[\w.-]++)":\s*+\{[^{}]*?"version":\s*+"(?P<version>[^"\n]*+)"')
