"""The edit that makes a file's components those of the browser."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.page.server_components import CLIENT, ServerMount
from chatkit_doctor.web.tree import without_comments
from chatkit_doctor.web.writing.literals import quoted


def directive_fix(mount: ServerMount) -> Fix | None:
    """Return the fix that begins a file with the directive; None for one that does what only a server component may."""
    if mount.is_tied_to_server:
        return None
    return Fix(f"begin with {CLIENT!r}", Applicability.SAFE, lambda: _edits(mount))


def _edits(mount: ServerMount) -> Sequence[Edit]:
    document = mount.document
    source = document.source
    statements = without_comments(document.scripts[0].root)
    if not statements:
        return []
    at = document.location(statements[0]).start
    is_plain = any(document.text(each).endswith(";") for each in statements if each.type == "import_statement")
    line = f"{quoted(document, CLIENT)}{';' if is_plain else ''}{source.newline}"
    gap = source.newline
    return [Edit(source.location(at, at), f"{line}{gap}")]
