"""Whether the people of an app sign in, so that what a browser keeps may be another person's."""

from __future__ import annotations

from chatkit_doctor.contracts.web import sign_in_packages
from chatkit_doctor.project.app import App

# What a program says of the one who uses it, in whatever language.
_WORDS = (b"Authorization", b"access_token", b"accessToken", b"signIn", b"signOut", b"logout", b"useSession")


def signs_in(app: App) -> bool:
    """Return whether an app knows its users: by a package for it, or by what it sends and calls."""
    return app.derive(_signs_in)


def _signs_in(app: App) -> bool:
    packages = (app.packages.of(document.path) for document in app.documents())
    if any(not sign_in_packages().isdisjoint(package.dependencies) for package in packages):
        return True
    return any(app.mentions(path, _WORDS) for path in app.web_paths() if not app.is_test_or_story(path))
