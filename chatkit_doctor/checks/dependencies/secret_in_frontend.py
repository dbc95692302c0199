"""Find a secret in code that browsers load."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.secrets import secrets
from chatkit_doctor.project.app import App


def secret_in_frontend(app: App) -> Iterator[Finding]:
    """Find a secret in code that browsers load."""
    for found in secrets(app):
        what = f"{found.name} is written into" if found.name else "the key of a model's provider stands in"
        yield Finding(
            "CK607",
            found.at,
            f"{what} what browsers load",
            label="everybody can read this",
            help="keep the key in the backend, take it out of the page, and have the provider replace it",
        )
