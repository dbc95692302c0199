"""Reads pnpm-lock.yaml, lockfileVersion 5, 6 and 9.

The file reaches several megabytes, for which a YAML parser takes seconds. Only the small sections that say
what each project of the workspace asks for are parsed as YAML; the rest is looked through for package keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Lock, Locked, ManifestError, by_package, refuse_conflict

if TYPE_CHECKING:
    from chatkit_doctor.source import Source


def read_pnpm_lock(source: Source) -> Lock:
    """Read a pnpm-lock.yaml. Raises ManifestError."""
    refuse_conflict(source)
    if not re.search(r"^lockfileVersion:", source.text, re.MULTILINE):
        raise ManifestError(source.path, 1, "it names no lockfileVersion")
    importers = _section(source, "importers")
    if not importers:
        importers = {".": {table: _section(source, table) for table in _TABLES}}
    packages = _packages(source)
    direct: dict[str, dict[str, Locked]] = {}
    for folder, importer in importers.items():
        if isinstance(importer, dict):
            direct[str(folder)] = _of_importer(importer, packages)
    return Lock(source, by_package(packages.values()), frozenset(direct), direct)


def _of_importer(importer: dict[Any, Any], packages: dict[tuple[str, str], Locked]) -> dict[str, Locked]:
    found = {}
    for table in _TABLES:
        entries = importer.get(table)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            version = _release(entry.get("version") if isinstance(entry, dict) else entry)
            if version is not None:
                found[str(name)] = packages.get((str(name), version), Locked(str(name), version))
    return found


def _release(version: object) -> str | None:
    """Return the bare version of `1.2.0(react@19.0.0)` or `1.2.0_react@19.0.0`; None for a link or an alias."""
    match = _RELEASE.match(str(version))
    return match[1] if match else None


def _section(source: Source, name: str) -> dict[Any, Any]:
    """Return a top-level section of the file, an empty table where there is none."""
    match = re.search(rf"^{name}:[^\n]*\n(?:(?:[ \t\r][^\n]*)?\n)*(?:[ \t][^\n]*\Z)?", source.text, re.MULTILINE)
    if match is None:
        return {}
    import yaml

    first = source.position(match.start()).line
    try:
        # Texts alone, so that no number or date is taken for one; in C where PyYAML has it, ten times as fast.
        values = yaml.load(match[0], getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - texts
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ManifestError(source.path, first + (mark.line if mark else 0), "it is not valid YAML") from None
    except RecursionError:
        raise ManifestError(source.path, first, "it is nested too deeply") from None
    section = values.get(name) if isinstance(values, dict) else None
    return section if isinstance(section, dict) else {}


def _packages(source: Source) -> dict[tuple[str, str], Locked]:
    """Return what the lock holds by name and version, at the first place that tells it."""
    found: dict[tuple[str, str], Locked] = {}
    for match in _PACKAGE.finditer(source.text):
        at = source.location(match.start("version"), match.end("version"))
        locked = Locked(match["name"], match["version"], at)
        found.setdefault((locked.package, locked.version), locked)
    return found


_TABLES = ("dependencies", "devDependencies", "optionalDependencies")
_RELEASE = regex(r"(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?=[(_]|$)")
# `/@scope/name/1.0.0:` in version 5, `/@scope/name@1.0.0(…):` in 6, `'@scope/name@1.0.0':` in 9.
_PACKAGE = regex(
    r"^  ['\"]?/?(?P<name>(?:@[\w.-]++/)?[\w.-]++)[@/]"
    r"(?P<version>\d++\.\d++\.\d++(?:-[0-9A-Za-z.-]++)?)[^\s:]*+:[ \t]*\r?$",
    re.MULTILINE,
)
