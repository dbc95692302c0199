"""Find a file of a Next app that mounts React's ChatKit and is rendered as a server component."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.page.missing_use_client_fix import directive_fix
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.page.server_components import CLIENT, ServerMount, server_mounts
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def missing_use_client(app: App) -> Iterator[Finding]:
    """Find a file of a Next app that mounts React's ChatKit and that no client component stands before."""
    for mount in server_mounts(app):
        yield Finding(
            "CK417",
            mount.at,
            f"{mount.shown} is rendered on the server, since nothing from {_entry(app, mount)} on says {CLIENT!r}",
            label="needs a client component",
            help=_help(mount),
            seen_as=SeenAs("hooks"),
            fix=directive_fix(mount),
        )


def _entry(app: App, mount: ServerMount) -> str:
    return relative_path(mount.entry, app.base)


def _help(mount: ServerMount) -> str:
    if mount.is_tied_to_server:
        return f"move the chat into a file of its own that begins with {CLIENT!r}, and import that here"
    return f"begin the file with {CLIENT!r}"
