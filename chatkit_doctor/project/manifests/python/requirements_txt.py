"""Reads requirements files of pip: one requirement a line, options, includes with -r, constraints with -c."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Item, ManifestError, Purpose, Requirement
from chatkit_doctor.project.manifests.python.pep508 import part, pinned_by_file, read_requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatkit_doctor.source import Location, Source


def read_requirements(
    source: Source, open_file: Callable[[Path], Source | None], scope: Purpose = Purpose.MAIN
) -> Iterator[Item]:
    """Yield what a requirements file and the files it includes ask for.

    open_file: returns a file, None where there is none.
    """
    seen = {source.path}
    # Files include each other as deep as somebody likes, so that those that are begun wait here.
    begun = [(source, scope, _entries(source))]
    while begun:
        current, scope, entries = begun[-1]
        at = next(entries, None)
        if at is None:
            begun.pop()
            continue
        text = _COMMENT.sub("", _CONTINUATION.sub(" ", at.text)).strip()
        include = _INCLUDE.fullmatch(text)
        if include is None:
            yield from _entry(text, at, scope)
            continue
        path = _beside(current.path, include["path"].strip("\"'"))
        if path is None or path in seen:
            continue
        seen.add(path)
        included = open_file(path)
        if included is None:
            yield ManifestError(current.path, at.first.line, f"it includes {include['path']}, which cannot be read")
            continue
        is_constraint = scope is Purpose.CONSTRAINT or include["option"] in {"-c", "--constraint"}
        begun.append((included, Purpose.CONSTRAINT if is_constraint else scope, _entries(included)))


def _entries(source: Source) -> Iterator[Location]:
    """Yield the logical lines of a file, continuations joined and blank ones left out."""
    start = None
    for number in range(1, source.line_count + 1):
        line = source.line(number)
        start = source.line_start(number) if start is None else start
        if line.endswith("\\") and number < source.line_count:
            continue
        end = source.line_start(number) + len(line)
        text = source.text[start:end]
        lead = len(text) - len(text.lstrip())
        if text.strip() and not text.lstrip().startswith("#"):
            yield source.location(start + lead, end)
        start = None


def _entry(text: str, at: Location, scope: Purpose) -> Iterator[Item]:
    editable = _EDITABLE.match(text)
    text = text[editable.end() :] if editable else text
    if not text or text.startswith("-"):
        return
    text = _OPTIONS.split(text, maxsplit=1)[0].rstrip().rstrip("\\").rstrip()
    if editable or _is_path(text):
        yield from _from_path(text, at, scope)
        return
    yield read_requirement(text, at.source.location(at.start, at.start + len(text)), scope)


def _is_path(text: str) -> bool:
    """Return whether an entry is a URL or a path by itself; `name @ url` is neither."""
    head = text.split(maxsplit=1)[0]
    return (
        "://" in head.partition("@")[0]
        or head.startswith((".", "/", "\\", "$"))
        or head.endswith((".whl", ".tar.gz", ".zip"))
    )


def _from_path(text: str, at: Location, scope: Purpose) -> Iterator[Item]:
    """Yield the requirement that a URL or path names by its file name or by its `#egg=`, if it does."""
    package, specifier = pinned_by_file(text.partition(";")[0].strip())
    egg = _EGG.search(text.partition("#")[2])
    if package or egg:
        name = package or (egg[1] if egg else "")
        item = read_requirement(name, at, scope)
        if isinstance(item, Requirement):
            nowhere = part(at, at.text, 0, 0)
            yield Requirement(
                item.package, specifier, at, nowhere, nowhere, scope=scope, conditional=";" in text, url=text
            )


def _beside(path: Path, other: str) -> Path | None:
    """Return the file that an include names, relative to the file that it stands in.

    None for a URL, and for a file that hides, such as .env: that is no list of requirements, and not to be quoted.
    """
    name = other.replace("\\", "/")
    if "://" in name or posixpath.basename(name).startswith(".") or "\0" in name:
        return None
    return Path(posixpath.normpath((path.parent / name).as_posix()))


_CONTINUATION = regex(r"\\\r?\n")
_COMMENT = regex(r"(?:^|\s)#.*$", re.MULTILINE)
_INCLUDE = regex(r"(?P<option>-r|-c|--requirement|--constraint)(?:\s+|=|(?<=-[rc]))(?P<path>\S.*)")
_EDITABLE = regex(r"(?:-e|--editable)(?:\s+|=)")
_OPTIONS = regex(r"(?<!\s)\s++--?[a-z]")
_EGG = regex(r"(?:^|&)egg=([A-Za-z0-9._-]+)")
