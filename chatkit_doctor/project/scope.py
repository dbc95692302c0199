"""Which apps of a tree have to be read for what may be found in some files; the others are left unread.

An app is read with what its Python files may import and what may import them, and with the apps whose web files it
shows or that show its own. This errs on the side of reading: that an import is possible is told from where apps stand
and what their manifests name, before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from os.path import basename

from chatkit_doctor.project.apps import AppFolder
from chatkit_doctor.project.files.walk import folders_up
from chatkit_doctor.records import dataclass

PathsByApp = Mapping[AppFolder, Sequence[tuple[str, Iterable[str]]]]


@dataclass(frozen=True, slots=True)
class ReadScope:
    """The apps to read for some files. near: those of the files, and what they show and are shown by."""

    near: frozenset[AppFolder]
    read: frozenset[AppFolder]


def scope_of(
    asked: Collection[AppFolder],
    places: PathsByApp,
    shown: Callable[[AppFolder], Collection[AppFolder]],
    declares: Callable[[AppFolder, str], bool],
    speaks: Callable[[AppFolder], bool],
) -> ReadScope:
    """Return what has to be read for the files of some apps.

    places: every app, with its folders and the names of the files in them. shown: returns the apps whose web files an
    app can get. declares: returns whether an app's manifests name a package. speaks: returns whether a file of an app
    may say something of ChatKit.
    """
    wanted = frozenset(asked)
    python = _python_names(places)
    # The folder above all others shows everything; where nothing in it can matter, nobody asks what.
    shows = (each for each in places if not wanted.isdisjoint(shown(each)) and (each in python or speaks(each)))
    near = wanted.union(shows, *map(shown, wanted))
    checked = (each for each in near if each in wanted or each in python or speaks(each))
    return ReadScope(near, _linked(near, python, declares).union(*map(shown, checked)))


def _linked(
    start: Collection[AppFolder],
    names: Mapping[AppFolder, Collection[str]],
    declares: Callable[[AppFolder, str], bool],
) -> frozenset[AppFolder]:
    """Return apps, those with Python files that may import theirs or be imported by them, and so on."""
    found = set(start)
    pending = [each for each in start if each in names]
    while pending:
        one = pending.pop()
        for other in names.keys() - found:
            if (
                _are_one_above_the_other(str(one.folder), str(other.folder))
                or any(declares(other, name) for name in names[one])
                or any(declares(one, name) for name in names[other])
            ):
                found.add(other)
                pending.append(other)
    return frozenset(found)


def _are_one_above_the_other(one: str, other: str) -> bool:
    return one in folders_up(other) or other in folders_up(one)


def _python_names(places: PathsByApp) -> dict[AppFolder, set[str]]:
    """Return the names that an import may begin with, of each app that has Python files."""
    found: dict[AppFolder, set[str]] = {}
    for place, folders in places.items():
        for folder, names in folders:
            stems = {name.removesuffix(".py") for name in names if name.endswith(".py")}
            if stems:
                found.setdefault(place, {basename(place.folder)}).update(stems, (basename(folder),))
    return found
