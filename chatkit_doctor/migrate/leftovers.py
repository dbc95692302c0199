"""What still speaks of the workflow once all is moved: where it is named, and what hangs on a setting of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileKind

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan

_NAMED = re.compile(r"['\"`/]wf_\w|WORKFLOW_ID|workflow-id|getClientSecret")
_CHATKIT = re.compile(r"chat_?-?kit", re.IGNORECASE)
# How people call a setting of the workflow, and what is made of it.
_SETTING = (
    r"(?<!==\s)(?<![<>]\s)(?P<name>\$?\b(?:[A-Za-z_]\w*\??\.)*(?:\w*workflow_?(?:id|url|key|public_?key)"
    r"|(?:is|has)_?workflow\w*|workflow_?(?:is_?)?configured|\w*AGENT_WORKFLOW\w*))\b(?!\s*(?:[=!]==?|\())"
)
_GATES = tuple(
    re.compile(pattern.replace("SETTING", _SETTING), re.IGNORECASE)
    for pattern in (
        # if (!id), if (id && …), if not id, if (empty($id))
        r"^[\s})]*(?:else\s+)?(?:el)?if\b\s*\(?(?:[^;{]*?[\s(!&|])?(?:!|not\s+|empty\s*\(\s*)?SETTING",
        # id ? a : b, {id && <Chat />}, v-if="id"
        r"(?:^|[\s({!>])SETTING\s*(?:\?(?![.?:])|&&)",
        r"v-if=\"[^\"]*?SETTING",
    )
)
# What a Python app cannot do without.
_NEEDED = (
    re.compile(r"environ\[\s*[\"'](?P<name>\w*WORKFLOW\w*)"),
    re.compile(r"^\s+(?P<name>\w*workflow_?id)\s*:\s*str\s*$", re.IGNORECASE),
)


def note_leftovers(plan: Plan) -> None:
    """Note where the workflow is still named, and each place that goes on only where a setting of it is there."""
    for path in _files(plan):
        source = plan.texts.read(path)
        if source is None or not _CHATKIT.search(source.text):
            continue
        lines = [(number, line) for number, line in enumerate(source.text.splitlines(), 1) if not _is_comment(line)]
        for number, line in lines:
            if needed := _first(_NEEDED, line if "BaseSettings" in source.text or "environ" in line else ""):
                what = f"nothing runs here without {needed}, a setting of the workflow"
                plan.leave(path, what, "take it out, or let it be missing", number)
            elif name := _first(_GATES, line):
                todo = "let it go on without, since nobody sets that any more"
                plan.leave(path, f"what follows hangs on {name}, a setting of the workflow", todo, number)
        named = next(
            (number for number, line in lines if _NAMED.search(line) and not _first((*_GATES, *_NEEDED), line)), None
        )
        if named is not None:
            plan.leave(path, "the workflow is still named here", "take it out when nothing needs it", named)


def _files(plan: Plan) -> Iterator[Path]:
    listing = plan.texts.now.listing
    kinds = {FileKind.WEB, FileKind.PYTHON}
    # What a build wrote is not among the web files.
    web = set(plan.texts.now.web_paths)
    for path in listing.files:
        kind = listing.kind(path)
        if kind in kinds and path not in plan.texts.removed and (kind is not FileKind.WEB or path in web):
            yield path


def _first(patterns: Iterable[re.Pattern[str]], line: str) -> str | None:
    return next((found["name"] for each in patterns if (found := each.search(line)) is not None), None)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("//", "*", "/*", "<!--", "#"))
