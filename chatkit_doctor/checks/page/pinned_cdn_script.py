"""Find ChatKit's script held to one version of it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.page.pinned_cdn_script_fix import unpinning_fix
from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.page.pinned import Pinned, pinned_scripts
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def pinned_cdn_script(app: App) -> Iterator[Finding]:
    """Find ChatKit's script with a hash of one file, and a copy of it in the place of the script."""
    for pinned in pinned_scripts(app):
        if app.owns(pinned.script.document.path):
            yield _copied(app, pinned) if pinned.copy is not None else _hashed(pinned)


def _hashed(pinned: Pinned) -> Finding:
    document = pinned.script.document
    return Finding(
        "CK503",
        document.location(pinned.hashed[0].node),
        "integrity lets one file through, and ChatKit's script is another one after its next release",
        label="a hash of one release",
        help="remove integrity",
        seen_as=SeenAs("refused"),
        fix=unpinning_fix(pinned),
    )


def _copied(app: App, pinned: Pinned) -> Finding:
    copy = relative_path(pinned.copy, app.base) if pinned.copy is not None else ""
    return Finding(
        "CK503",
        pinned.script.address,
        f"{copy} is a copy of ChatKit's script, which stays as it is when ChatKit changes",
        label="a copy of the script",
        help=f"load {cdn_script_url()}",
        why="The script and the frame that it opens change together, and only the one on OpenAI's host is kept up.",
        fix=unpinning_fix(pinned),
    )
