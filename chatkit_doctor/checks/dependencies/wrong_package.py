"""Find a manifest that asks for a package which is taken for the one that the code imports."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from chatkit_doctor.checks.dependencies.manifests import mistaken_requirements
from chatkit_doctor.contracts.packages import MistakenPackage
from chatkit_doctor.contracts.published import newest, releases
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.edits import can_be_edited, compatible, removed, renamed, with_specifier
from chatkit_doctor.project.manifests.model import Requirement
from chatkit_doctor.project.versions import specifiers


def wrong_package(app: App) -> Iterator[Finding]:
    """Find a manifest that asks for a package which is taken for the one that the code imports."""
    asked_for: dict[Path, frozenset[str]] = {}
    for manifest, requirement, known in mistaken_requirements(app):
        if manifest.path not in asked_for:
            asked_for[manifest.path] = frozenset(each.package for each in manifest.requirements)
        yield Finding(
            "CK601",
            requirement.name_at,
            f"{requirement.package} {known.truth}; what the code imports comes from {known.meant}",
            label="another package",
            help=f"ask for {known.meant} instead",
            seen_as=SeenAs("absent") if known.is_absent else None,
            fix=_fix(requirement, known, is_there=known.meant in asked_for[manifest.path]),
        )


def _fix(requirement: Requirement, known: MistakenPackage, *, is_there: bool) -> Fix | None:
    if not can_be_edited(requirement):
        return None
    build = partial(removed, requirement) if is_there else partial(_rename, requirement, known.meant)
    title = f"remove {requirement.package}" if is_there else f"ask for {known.meant}"
    return Fix(title, Applicability.SAFE, build) if build() else None


def _rename(requirement: Requirement, package: str) -> list[Edit]:
    """Return the edits that ask for another package; versions stay where it has releases that they admit."""
    edits = renamed(requirement, package)
    admits = specifiers.admits(requirement)
    if admits is not None and any(map(admits, releases(package))):
        return edits
    return [*edits, *with_specifier(requirement, compatible(requirement.syntax, newest(package)))]
