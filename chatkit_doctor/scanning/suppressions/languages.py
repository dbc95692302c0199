"""Which reader finds the comments of which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.scanning.suppressions.comments import CommentedSource, CommentLayout

if TYPE_CHECKING:
    from chatkit_doctor.source import Source
    from chatkit_doctor.web.document import Document


def commented(source: Source, document_of: Callable[[Path], Document | None]) -> CommentedSource:
    """Return a file with its comments; a file in a language without comments, or one not known, has none."""
    return CommentedSource(source, _layout(source, document_of))


def _layout(source: Source, document_of: Callable[[Path], Document | None]) -> CommentLayout:
    match kind_of(source.path.name):
        case FileKind.PYTHON:
            from chatkit_doctor.scanning.suppressions.python_comments import python_layout

            return python_layout(source)
        case FileKind.WEB:
            from chatkit_doctor.scanning.suppressions.web_comments import web_layout

            return web_layout(source, document_of)
        case FileKind.MANIFEST:
            from chatkit_doctor.scanning.suppressions.manifest_comments import manifest_layout

            return manifest_layout(source)
        case _:
            return CommentLayout()
