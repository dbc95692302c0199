"""Which apps of a tree have to do with each other: one imports from another, or they are the two halves of a project.

Apps that merely lie side by side have nothing to do with each other, and none says anything about another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from os.path import commonpath
from pathlib import Path

Folder = Path

# What people call the two halves of a project, alone or as a word of a name (`chat-frontend`).
_FRONT = frozenset({"frontend", "front", "web", "webapp", "client", "ui", "app", "site", "www", "website"})
_BACK = frozenset({"backend", "back", "server", "api", "service"})
_WORDS = re.compile(r"[-_. ]")


def reach(
    start: Folder, users: Mapping[Folder, Collection[Folder]], used: Mapping[Folder, Collection[Folder]]
) -> frozenset[Folder]:
    """Return an app, what imports from it, and what all of these import from, at any distance.

    Two apps that share a library are not in each other's reach.
    """
    return _closure(_closure({start}, users), used)


def halves(folder: Folder, others: Iterable[Folder]) -> frozenset[Folder]:
    """Return the apps that are the other half of one: above or below it, or beside it under a name that says so."""
    found: dict[int, set[Folder]] = {}
    related: set[Folder] = set()
    for other in others:
        if other == folder:
            continue
        if other in folder.parents or folder in other.parents:
            related.add(other)
            continue
        shared = commonpath([folder, other])
        depth = len(Path(shared).parts)
        if _are_halves(_words(folder.parts[depth]), _words(other.parts[depth])):
            found.setdefault(depth, set()).add(other)
    nearest = found[max(found)] if found else set()
    return frozenset(related | nearest)


def _are_halves(one: set[str], other: set[str]) -> bool:
    """Return whether a name says that it is a half and the other does not say the same.

    One of many words (`shop-server`) is the half of what has the same other words (`shop-web`) alone.
    """
    for names in (_FRONT, _BACK):
        if bool(one & names) != bool(other & names):
            is_plain = len(one) == 1 if one & names else len(other) == 1
            if is_plain or one - _FRONT - _BACK == other - _FRONT - _BACK:
                return True
    return False


def _words(name: str) -> set[str]:
    return set(_WORDS.split(name.lower()))


def _closure(start: Collection[Folder], step: Mapping[Folder, Collection[Folder]]) -> frozenset[Folder]:
    found: set[Folder] = set()
    pending = list(start)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending += step.get(current, ())
    return frozenset(found)
