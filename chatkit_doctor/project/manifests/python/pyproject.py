"""Reads pyproject.toml: PEP 621, dependency groups (PEP 735), and the tables of Poetry, PDM and uv."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.project.manifests.model import Item, Purpose, Syntax
from chatkit_doctor.project.manifests.python.pep508 import read_requirement
from chatkit_doctor.project.manifests.python.poetry import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import KeyPath, PlacedValues


def read_pyproject(document: PlacedValues) -> Iterator[Item]:
    """Yield every requirement of a pyproject.toml.

    All groups are read, so a group's `include-group` adds nothing. uv's sources say where a package comes
    from, not which, and are left alone.
    """
    yield from _strings(document, ("project", "dependencies"), Purpose.MAIN)
    yield from _lists(document, ("project", "optional-dependencies"))
    yield from _lists(document, ("dependency-groups",))
    yield from _lists(document, ("tool", "pdm", "dev-dependencies"))
    yield from _strings(document, ("tool", "uv", "dev-dependencies"), Purpose.OPTIONAL)
    yield from _strings(document, ("tool", "uv", "constraint-dependencies"), Purpose.CONSTRAINT)
    yield from _poetry(document)


def _lists(document: PlacedValues, path: tuple[str, ...]) -> Iterator[Item]:
    for name in document.table(*path):
        yield from _strings(document, (*path, name), Purpose.OPTIONAL)


def _strings(document: PlacedValues, path: tuple[str, ...], scope: Purpose) -> Iterator[Item]:
    values = document.table(*path[:-1]).get(path[-1], [])
    if not isinstance(values, list):
        yield document.error(path, f"{'.'.join(path)} is not an array")
        return
    for index, value in enumerate(values):
        # PDM writes editable installs as pip does; a table is a group's `include-group`.
        if isinstance(value, str) and not value.startswith("-e"):
            yield read_requirement(value.strip(), document.string_at((*path, index)), scope)


def _poetry(document: PlacedValues) -> Iterator[Item]:
    base: KeyPath = ("tool", "poetry")
    # With PEP 621 in the file, Poetry's own table only enriches what `project` declares.
    scope = Purpose.OPTIONAL if document.table("project").get("dependencies") else Purpose.MAIN
    yield from read_table(document, (*base, "dependencies"), scope, Syntax.POETRY)
    yield from read_table(document, (*base, "dev-dependencies"), Purpose.OPTIONAL, Syntax.POETRY)
    for name in document.table("tool", "poetry", "group"):
        yield from read_table(document, (*base, "group", name, "dependencies"), Purpose.OPTIONAL, Syntax.POETRY)
