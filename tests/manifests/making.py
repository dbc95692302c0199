"""Helpers for these tests: sources from text, and what readers yield in a form that asserts read well."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from chatkit_doctor.project.manifests.model import Item, Lock, ManifestError, Requirement
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FOLDER = Path("/project")


def source(name: str, text: str) -> Source:
    return Source(FOLDER / name, dedent(text))


def requirements(items: Iterable[Item]) -> list[Requirement]:
    found = list(items)
    errors = [each for each in found if isinstance(each, ManifestError)]
    assert not errors, errors
    return [each for each in found if isinstance(each, Requirement)]


def asked(items: Iterable[Item]) -> list[tuple[str, str]]:
    return [(each.package, each.specifier) for each in requirements(items)]


def opener(files: Mapping[str, str]) -> Callable[[Path], Source | None]:
    def open_file(path: Path) -> Source | None:
        name = path.relative_to(FOLDER).as_posix()
        return source(name, files[name]) if name in files else None

    return open_file


def versions(lock: Lock, package: str, member: str = ".") -> list[str]:
    return [each.version for each in lock.candidates(package, member)]


def marked(lock: Lock, package: str, member: str = ".") -> list[str | None]:
    """Return the text at each candidate's place, which must be its version."""
    return [each.location.text if each.location else None for each in lock.candidates(package, member)]
