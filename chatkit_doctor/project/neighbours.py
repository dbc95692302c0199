"""Which apps of a tree have to do with each other: one imports from another, or they are the two halves of a project.

Apps that merely lie side by side have nothing to do with each other, and none says anything about another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from os import sep

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.upward import folder_of

Folder = str

# What people call the two halves of a project, alone or as a word of a name (`chat-frontend`).
_FRONT = frozenset({"frontend", "front", "web", "webapp", "client", "ui", "app", "site", "www", "website"})
_BACK = frozenset({"backend", "back", "server", "api", "service"})
_WORDS = regex(r"[-_. ]")


def reach(
    start: Folder, users: Mapping[Folder, Collection[Folder]], used: Mapping[Folder, Collection[Folder]]
) -> frozenset[Folder]:
    """Return an app, what imports from it, and what all of these import from, at any distance.

    Two apps that share a library are not in each other's reach.
    """
    return _closure(_closure({start}, users), used)


class Halves:
    """The folders of a tree's apps, asked for the other half of one, which is found without comparing all."""

    def __init__(self, folders: Collection[str]) -> None:
        self._below: dict[str, dict[str, list[str]]] = {}
        self._half_names: dict[str, list[str]] = {}
        self._folders = frozenset(folders)
        for folder in folders:
            for above, name in _way_up(folder):
                self._below.setdefault(above, {}).setdefault(name, []).append(folder)

    def of(self, folder: str) -> frozenset[str]:
        """Return the apps that are the other half of one: above or below it, or beside it under a name that says so."""
        below = [each for found in self._below.get(folder, {}).values() for each in found]
        above = [each for each, _ in _way_up(folder) if each in self._folders]
        return frozenset([*below, *above, *self._beside(folder)])

    def _beside(self, folder: str) -> list[str]:
        """Return the nearest ones beside a folder, or beside one above it, of which a name says so."""
        for above, own in _way_up(folder):
            names = self._below.get(above, {}) if _says_half(own) else self._saying_half(above)
            found = [name for name in names if name != own and _are_halves(_words(own), _words(name))]
            if found:
                return [each for name in found for each in self._below[above][name]]
        return []

    def _saying_half(self, above: str) -> list[str]:
        """Return the names in a folder that say that they are a half: of two that do not, neither is one."""
        if above not in self._half_names:
            self._half_names[above] = [name for name in self._below.get(above, {}) if _says_half(name)]
        return self._half_names[above]


def _way_up(folder: str) -> Iterator[tuple[str, str]]:
    """Yield each folder above one, the nearest first, with the name in it that leads there."""
    while (above := folder_of(folder)) != folder:
        yield above, folder[folder.rfind(sep) + 1 :]
        folder = above


def _are_halves(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether a name says that it is a half and the other does not say the same.

    One of many words (`shop-server`) is the half of what has the same other words (`shop-web`) alone.
    """
    for names in (_FRONT, _BACK):
        if bool(one & names) != bool(other & names):
            is_plain = len(one) == 1 if one & names else len(other) == 1
            if is_plain or one - _FRONT - _BACK == other - _FRONT - _BACK:
                return True
    return False


def _says_half(name: str) -> bool:
    return not _words(name).isdisjoint(_FRONT | _BACK)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_WORDS.split(name.lower()))


def _closure(start: Collection[Folder], step: Mapping[Folder, Collection[Folder]]) -> frozenset[Folder]:
    found: set[Folder] = set()
    pending = list(start)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending += step.get(current, ())
    return frozenset(found)
