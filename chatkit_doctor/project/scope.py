"""Which apps of a tree have to be read for what may be found in some files; the others are left unread.

An app is read with what its Python files may import and what may import them, and with the apps whose web files it
shows or that show its own. This errs on the side of reading: that an import is possible is told from where apps stand
and what their manifests name, before anything is parsed.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from chatkit_doctor.project.apps import AppFolder

    PathsByApp = Mapping[AppFolder, Sequence[tuple[str, Iterable[str]]]]
    Names = Collection[str]


class ReadScope:
    """The apps to read for some files. near: those of the files, and what they show and are shown by."""

    def __init__(self, near: frozenset[AppFolder], read: frozenset[AppFolder]) -> None:
        self.near = near
        self.read = read


def scope_of(
    asked: Collection[AppFolder],
    places: PathsByApp,
    shown: Callable[[AppFolder], Collection[AppFolder]],
    declares: Callable[[AppFolder, Names], bool],
    speaks: Callable[[AppFolder], bool],
) -> ReadScope:
    """Return what has to be read for the files of some apps.

    places: every app, with its folders and the names of the files in them. shown: returns the apps whose web files an
    app can get. declares: returns whether an app's manifests name one of some packages. speaks: returns whether a file
    of an app may say something of ChatKit.
    """
    wanted = frozenset(asked)
    python = _python_names(places)
    # The folder above all others shows everything; where nothing in it can matter, nobody asks what.
    shows = (each for each in places if not wanted.isdisjoint(shown(each)) and (each in python or speaks(each)))
    near = wanted.union(shows, *map(shown, wanted))
    checked = (each for each in near if each in wanted or each in python or speaks(each))
    return ReadScope(near, _linked(near, python, declares).union(*map(shown, checked)))


def _linked(
    start: Collection[AppFolder], names: Mapping[AppFolder, Names], declares: Callable[[AppFolder, Names], bool]
) -> frozenset[AppFolder]:
    """Return apps, those with Python files that may import theirs or be imported by them, and so on."""
    found = set(start)
    others = {each: os.path.join(each.path, "") for each in names if each not in found}
    pending = [each for each in start if each in names]
    while pending:
        one = pending.pop()
        own = os.path.join(one.path, "")
        linked = [
            other
            for other, base in others.items()
            if base.startswith(own)
            or own.startswith(base)
            or declares(other, names[one])
            or declares(one, names[other])
        ]
        for other in linked:
            del others[other]
        found.update(linked)
        pending += linked
    return frozenset(found)


def _python_names(places: PathsByApp) -> dict[AppFolder, set[str]]:
    """Return the names that an import may begin with, of each app that has Python files."""
    found: dict[AppFolder, set[str]] = {}
    for place, folders in places.items():
        for folder, names in folders:
            stems = [name[:-3] for name in names if name.endswith(".py")]
            if stems:
                if place not in found:
                    found[place] = {os.path.basename(place.path)}
                found[place].update(stems)
                found[place].add(os.path.basename(folder))
    return found
