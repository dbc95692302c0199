"""Small projects written to disk for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from chatkit_doctor.checks.loading import Check
from chatkit_doctor.contracts import releases
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.scanning.checking import CHATKIT

NEEDLES = Needles(CHATKIT, CHATKIT)


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder, their common indentation taken off."""
    write_exactly(root, {name: dedent(text).lstrip("\n") for name, text in files.items()})


def write_exactly(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder as they are."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def project_of(root: Path, files: Mapping[str, str]) -> Project:
    """Return the project that files make."""
    write_files(root, files)
    return Project(discover(root), NEEDLES, releases=releases)


def judge(check: Check, project: Project) -> list[Finding]:
    """Return what a rule finds in the apps of a project."""
    return [finding for app in project.apps for finding in check(app) if app.owns(finding.at.path)]
