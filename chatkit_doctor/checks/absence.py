"""How findings say that something is not in the release that an app uses."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.backend.contract import contract_for, target_for
from chatkit_doctor.contracts import Availability, resolve_release
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Severity
from chatkit_doctor.project.app import App


def absence(app: App, path: Path, what: str, known: Availability | None) -> str:
    """Return the fact that the release of a file's app lacks something, and which releases have it."""
    target = target_for(app, path)
    used = contract_for(app, path).version
    if known is not None:
        told = f"with no release named, the newest counts: {used}"
        if target and target.version:
            told = f"{target.told_from(app.base)} has {used}"
        when = f"appeared in {known.first}" if known.last is None else f"is in {known.first} to {known.last} only"
        return f"{what} {when}, and {told}"
    if target and target.version and resolve_release(CHATKIT, target.version)[1]:
        return f"{CHATKIT} {used}, the newest release known here, does not have {what}"
    return f"no release of {CHATKIT} has {what}"


def severity_of_absence(app: App, path: Path, *packages: str) -> Severity | None:
    """Return warning where an app uses a release newer than the known ones, which may have what they lack.

    packages: those that may have it.
    """
    for package in packages:
        target = app.target(path, package)
        if target is not None and resolve_release(package, target.version)[1]:
            return Severity.WARNING
    return None
