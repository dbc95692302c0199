"""Runs one check on a small web project and applies its fixes, with what must hold of every fix asserted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatkit_doctor.checks.loading import Check
from chatkit_doctor.finding import Edit
from chatkit_doctor.project.project import Project
from tests.projects import judge, project_of

_MAX_ROUNDS = 5


def spans(check: Check, root: Path, files: Mapping[str, str]) -> list[str]:
    """Return the texts that a check marks in a project."""
    return [finding.at.text for finding in judge(check, project_of(root, files))]


def fixed(check: Check, root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Return the files that the fixes change: they parse no worse, and nothing is left that has a fix."""
    project = project_of(root, files)
    texts: dict[Path, str] = {}
    for _ in range(_MAX_ROUNDS):
        current = project.with_texts(texts)
        edits = _first_edits(check, current)
        if not edits:
            return {path.relative_to(root).as_posix(): text for path, text in texts.items()}
        for path in {edit.at.path for edit in edits}:
            texts[path] = _applied([edit for edit in edits if edit.at.path == path])
            assert _errors(project.with_texts(texts), path) <= _errors(project, path), texts[path]
    raise AssertionError(f"the fixes of {sorted(files)} come to no end")


def _first_edits(check: Check, project: Project) -> list[Edit]:
    for finding in judge(check, project):
        if finding.fix is not None and finding.fix.edits:
            return list(finding.fix.edits)
    return []


def _applied(edits: list[Edit]) -> str:
    text = edits[0].at.source.text
    for edit in sorted(edits, key=lambda each: each.at.start, reverse=True):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    return text


def _errors(project: Project, path: Path) -> int:
    document = project.document(path)
    assert document is not None
    return document.error_count
