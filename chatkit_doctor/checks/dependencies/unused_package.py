"""Find a package of ChatKit's that is installed and that nothing imports."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.unused import unused_packages
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def unused_package(app: App) -> Iterator[Finding]:
    """Find a package of ChatKit's that is installed and that nothing imports."""
    for found in unused_packages(app):
        package, place = found.requirement.package, relative_path(found.manifest, app.base)
        # Others of a workspace may import what they ask for themselves.
        sources = "source that gets it from there" if found.is_member else "source around it"
        yield Finding(
            "CK609",
            found.requirement.name_at,
            f"{place} asks for {package}, and no {sources} imports it",
            label="imported nowhere",
            help=f"show the chat with {package}, or take it out of {place} and its lock file",
        )
