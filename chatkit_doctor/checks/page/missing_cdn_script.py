"""Find an app that mounts ChatKit and loads the script that defines its element nowhere its page could get it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.page.missing_cdn_script_fix import script_fix
from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.page.unscripted import unscripted_pages
from chatkit_doctor.project.app import App


def missing_cdn_script(app: App) -> Iterator[Finding]:
    """Find an app that mounts ChatKit and loads the script that defines its element nowhere its page could get it."""
    script = cdn_script_url().rpartition("/")[2]
    for found in unscripted_pages(app):
        yield Finding(
            "CK501",
            found.at,
            f"{found.owner} {script}, so {found.shown} stays blank without an error",
            label=found.label,
            help=f"load {cdn_script_url()} in the page that shows the chat",
            row=12,
            seen_as=SeenAs("blank"),
            fix=script_fix(app, found.host),
        )
