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

# Whether something is still there, nobody says.
_FOLDER = cdn_script_url().rpartition("/")[0]
_ANOTHER_OF_OPENAI = "OpenAI keeps the script up at one address, and its frame changes together with that one."


def wrong_cdn_script(app: App) -> Iterator[Finding]:
    """Find a script that is loaded in the place of ChatKit's: a package of types, an address that somebody made up."""
    for script in mistaken_scripts(app):
        is_here = app.owns(script.address.path)
        is_of_openai = (script.url or "").startswith(_FOLDER)
        at = script.address if is_here else script.document.location(script.node)
        yield Finding(
            "CK502",
            at,
            f"{shortened(script.url or at.text, 80)} is loaded in the place of ChatKit's script",
            label="not the address of ChatKit's script",
            help=f"load {cdn_script_url()}",
            seen_as=SeenAs("blank") if is_mounted(app) and not is_of_openai else None,
            why=_ANOTHER_OF_OPENAI if is_of_openai else "",
            fix=address_fix(script) if is_here else None,
        )
