"""The port that the new server gets in development: one that nothing here is started on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileKind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatkit_doctor.project.project import Project

PORT = 8000
_LAST = 8009
_NAMED = re.compile(r"\b80[0-9]{2}\b")
# Servers that listen on 8000 where nothing else is said.
_AT_8000 = re.compile(r"^\s*(?:from|import)\s+(?:fastapi|starlette|django|uvicorn)\b", re.MULTILINE)
_READ = re.compile(r"^(?:package\.json|Makefile|Procfile|.*\.(?:ya?ml|sh)|\.env.*(?:example|sample|template))$")


def free_port(project: Project) -> int:
    """Return the first port from 8000 on that no file of a project names."""
    taken = set(_taken(project))
    return next((each for each in range(PORT, _LAST + 1) if each not in taken), PORT)


def _taken(project: Project) -> Iterator[int]:
    for path in project.listing.files:
        if not _may_start_something(path):
            continue
        source = project.read(path)
        if source is None:
            continue
        yield from (int(each) for each in _NAMED.findall(source.text))
        if path.suffix == ".py" and _AT_8000.search(source.text):
            yield PORT


def _may_start_something(path: Path) -> bool:
    return kind_of(path.name) in {FileKind.PYTHON, FileKind.WEB} or bool(_READ.match(path.name))
