"""Find a script that is loaded in the place of ChatKit's: a package of types, an address that somebody made up."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.page.wrong_cdn_script_fix import address_fix
from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.page.mistaken import mistaken_scripts
from chatkit_doctor.frontend.page.mounts import is_mounted
from chatkit_doctor.project.app import App
from chatkit_doctor.words import shortened


def wrong_cdn_script(app: App) -> Iterator[Finding]:
    """Find a script that is loaded in the place of ChatKit's: a package of types, an address that somebody made up."""
    for script in mistaken_scripts(app):
        is_here = app.owns(script.address.path)
        at = script.address if is_here else script.document.location(script.node)
        yield Finding(
            "CK502",
            at,
            f"{shortened(script.url or at.text, 80)} is loaded in the place of ChatKit's script",
            label="not the address of ChatKit's script",
            help=f"load {cdn_script_url()}",
            seen_as=SeenAs("blank") if is_mounted(app) else None,
            fix=address_fix(script) if is_here else None,
        )
