"""What the editor's settings ask for, from JSON that may hold anything; what cannot be meant is said in a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.selection import ScanError, codes_matching
from chatkit_doctor.words import the_nearest

SECTION = "chatkitDoctor"
_KNOWN = ("enable", "select", "ignore", "unsafeFixes")
# What the extension of an editor keeps in the same section for itself.
_EDITORS_OWN = frozenset({"path", "args", "trace", "trace.server"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """The editor's settings, which go before those of files.

    unsafe_fixes: None leaves it to the files. complaints: what cannot be meant, a line each.
    """

    enable: bool = True
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe_fixes: bool | None = None
    complaints: tuple[str, ...] = ()


def wishes_of(told: object) -> Wishes:
    """Return what JSON says: the section's own object, or one around it."""
    section = told.get(SECTION, told) if isinstance(told, Mapping) else told
    if section is None:
        return Wishes()
    if not isinstance(section, Mapping):
        return Wishes(complaints=(f"the settings {SECTION} are no object",))
    complaints: list[str] = []
    for key in section:
        if key not in _KNOWN and key not in _EDITORS_OWN:
            hint = the_nearest(str(key), _KNOWN)
            complaints.append("; ".join(filter(None, (f"{SECTION}.{key} is no setting", hint))))
    enable = _switch(section, "enable", complaints)
    return Wishes(
        enable is not False,
        _rules(section, "select", complaints),
        _rules(section, "ignore", complaints),
        _switch(section, "unsafeFixes", complaints),
        tuple(complaints),
    )


def _switch(section: Mapping[str, Any], key: str, complaints: list[str]) -> bool | None:
    value = section.get(key)
    if value is None or isinstance(value, bool):
        return value
    complaints.append(f"{SECTION}.{key} is neither true nor false")
    return None


def _rules(section: Mapping[str, Any], key: str, complaints: list[str]) -> tuple[str, ...]:
    value = section.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        complaints.append(f"{SECTION}.{key} is no list of rules")
        return ()
    found = []
    for each in value:
        try:
            codes_matching(each)
        except ScanError as error:
            complaints.append(f"{SECTION}.{key}: {error}")
        else:
            found.append(each)
    return tuple(found)
