"""Which npm packages an app's own web files import, of ChatKit's and those that are taken for them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.packages import mistaken_names
from chatkit_doctor.contracts.published import NPM_PACKAGES
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.modules.imports import Import, imports

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class PackageImport:
    """An import of a package, by whatever path in it."""

    package: str
    document: Document
    found: Import


def package_imports(app: App) -> tuple[PackageImport, ...]:
    """Return the imports of such packages in the app's own files, tests and stories left out."""
    return app.derive(_package_imports)


def _package_imports(app: App) -> tuple[PackageImport, ...]:
    return tuple(
        PackageImport(package, document, found)
        for document in app.documents()
        if app.owns(document.path) and not app.is_test_or_story(document.path)
        for found in imports(document)
        if (package := _package(found.specifier)) in _asked()
        and app.resolver.resolve(document.path, found.specifier) is None
    )


@cache
def _asked() -> frozenset[str]:
    """Return the packages that somebody asks for: ChatKit's, and those that are taken for them."""
    return frozenset(NPM_PACKAGES) | mistaken_names("node")


def _package(specifier: str) -> str:
    """Return the package that an import's path begins with, "" for a path of files or an address."""
    if specifier.startswith((".", "/", "@/", "~", "#")) or ":" in specifier:
        return ""
    return "/".join(specifier.split("/")[: 2 if specifier.startswith("@") else 1])
