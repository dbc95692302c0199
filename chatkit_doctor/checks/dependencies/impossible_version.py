"""Find a requirement that no release of its package satisfies, or none but one that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from chatkit_doctor.checks.dependencies.manifests import has_own_index, requirements
from chatkit_doctor.contracts.packages import is_frozen
from chatkit_doctor.contracts.published import known_packages, newest, releases
from chatkit_doctor.finding import Applicability, Finding, Fix, SeenAs, Severity
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.edits import can_be_edited, compatible, with_specifier
from chatkit_doctor.project.manifests.model import Requirement, Syntax
from chatkit_doctor.project.versions.resolution import Resolution, choose

# Pre-releases and local builds, which the list of releases does not have.
_UNLISTED = regex(r"\d(?:a|b|c|rc|[.-]?(?:alpha|beta|next|canary|dev|post|pre)|\+)", re.IGNORECASE)


def impossible_version(app: App) -> Iterator[Finding]:
    """Find a requirement that no release of its package satisfies, or none but one that leads nowhere."""
    for manifest, requirement in requirements(app):
        package = requirement.package
        if package not in known_packages() or requirement.url or not requirement.specifier:
            continue
        if _UNLISTED.search(requirement.specifier) or has_own_index(requirement):
            continue
        choice = choose([requirement], releases(package), manifest.ecosystem)
        if choice.is_impossible:
            yield _impossible(requirement)
        elif choice.version is not None and is_frozen(package, choice.version):
            yield _frozen(requirement, choice)


def _impossible(requirement: Requirement) -> Finding:
    package, asked = requirement.package, requirement.specifier
    line = "npm" if requirement.syntax is Syntax.NPM else "pip"
    return Finding(
        "CK603",
        requirement.specifier_at,
        f"no release of {package} satisfies {asked}; the newest is {newest(package)}",
        label="no such release",
        help=f"ask for {_wanted(requirement)}",
        seen_as=SeenAs(line, {"package": package, "asked": asked}) if requirement.syntax is not Syntax.POETRY else None,
        fix=_fix(requirement),
    )


def _frozen(requirement: Requirement, choice: Resolution) -> Finding:
    package, asked = requirement.package, requirement.specifier
    return Finding(
        "CK603",
        requirement.specifier_at,
        f"{asked} holds {package} at {choice.version} for ever, while {newest(package)} is out",
        label=f"admits {choice.version} alone",
        help=f"ask for {_wanted(requirement)}",
        severity=Severity.WARNING,
        why="The package went on from there with numbers that this range leaves out.",
        fix=_fix(requirement),
    )


def _wanted(requirement: Requirement) -> str:
    return compatible(requirement.syntax, newest(requirement.package))


def _fix(requirement: Requirement) -> Fix | None:
    if not can_be_edited(requirement):
        return None
    wanted = _wanted(requirement)
    return Fix(f"ask for {wanted}", Applicability.UNSAFE, partial(with_specifier, requirement, wanted))
