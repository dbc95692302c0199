"""Reads yarn.lock, of Yarn classic and of the later Yarns (berry): both hold one paragraph a package."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Lock, Locked, ManifestError, by_package, refuse_conflict

if TYPE_CHECKING:
    from chatkit_doctor.source import Source


def read_yarn_lock(source: Source) -> Lock:
    """Read a yarn.lock. Raises ManifestError."""
    refuse_conflict(source)
    locked = []
    for match in _PARAGRAPH.finditer(source.text):
        descriptors = [_DESCRIPTOR.fullmatch(each.strip().strip('"')) for each in match["head"].split(",")]
        known = [each for each in descriptors if each is not None]
        if not known:
            continue
        ranges = tuple(each["range"].removeprefix("npm:") for each in known)
        at = source.location(match.start("version"), match.end("version"))
        locked.append(Locked(_real_name(known[0]), match["version"], at, ranges))
    is_classic = "# yarn lockfile v1" in source.text
    if not locked and not is_classic and "__metadata:" not in source.text:
        raise ManifestError(source.path, 1, "it holds no packages")
    members = frozenset(posixpath.normpath(each[1]) for each in _WORKSPACE.finditer(source.text))
    # Yarn classic does not note the workspaces in the lock.
    return Lock(source, by_package(locked), None if is_classic or not members else members)


def _real_name(descriptor: re.Match[str]) -> str:
    """Return the package that a descriptor stands for, which for an alias is in its range."""
    alias = _DESCRIPTOR.fullmatch(descriptor["range"].removeprefix("npm:"))
    return alias["name"] if alias and descriptor["range"].startswith("npm:") else str(descriptor["name"])


# A group that is repeated possessively and has a choice in it fails to match in Python 3.11 before 3.11.5.
_PARAGRAPH = regex(
    r"^(?P<head>[^\s#][^\n]*):[ \t]*+\r?\n"
    r'(?:(?![ \t]+version:? "?\d)[ \t]++[^\n]*+\n)*[ \t]+version:? "?(?P<version>\d[^"\s]*)"?',
    re.MULTILINE,
)
_DESCRIPTOR = regex(r"(?P<name>(?:@[^/@]+/)?[^@/]+)@(?P<range>.*)")
_WORKSPACE = regex(r'^[ \t]+resolution: "[^"\n]+@workspace:([^"\n]+)"', re.MULTILINE)
