"""Which packages the manifests of a tree's Python apps name, told from their bytes: what an app may import."""

from __future__ import annotations

import os
import re
from functools import cache

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Ecosystem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chatkit_doctor.project.apps import AppFolder, AppFolders

_SEPARATOR = regex(r"[-_.]+")


class DeclaredNames:
    """The names in the manifests of Python apps, each manifest read when a question leads to it.

    folders: the tree's apps. data: returns a file's bytes, none where they cannot be had.
    """

    def __init__(self, folders: AppFolders, data: Callable[[str], bytes]) -> None:
        self._data = data
        self._manifests: dict[AppFolder, list[str]] = {}
        for folder, declaring in folders.manifests.items():
            for name, ecosystem in declaring.items():
                if ecosystem is Ecosystem.PYTHON:
                    self._manifests.setdefault(folders.at(folder), []).append(os.path.join(folder, name))
        self._texts: dict[AppFolder, tuple[bytes, ...]] = {}

    def has_any(self, place: AppFolder, names: Iterable[str]) -> bool:
        """Return whether a manifest of an app names one of some packages, in whatever spelling."""
        texts = self._texts.get(place)
        if texts is None:
            paths = self._manifests.get(place, ())
            texts = self._texts[place] = tuple(self._data(path).lower() for path in paths)
        for text in texts:
            for name in names:
                words = _words(name)
                # Most manifests name nothing of the kind, and a pattern takes longer to make than to be done without.
                if words[0] in text and all(word in text for word in words[1:]) and _pattern(words).search(text):
                    return True
        return False


@cache
def _words(name: str) -> tuple[bytes, ...]:
    return tuple(each.encode(errors="surrogateescape").lower() for each in _SEPARATOR.split(name))


@cache
def _pattern(words: tuple[bytes, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w-])%b(?![\w-])" % b"[-_.]+".join(map(re.escape, words)), re.IGNORECASE)
