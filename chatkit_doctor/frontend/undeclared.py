"""Which of ChatKit's npm packages an app's web code imports and no package.json around it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.packages import brought_by
from chatkit_doctor.contracts.published import NPM_PACKAGES
from chatkit_doctor.frontend.imported import PackageImport, package_imports
from chatkit_doctor.frontend.releases import carries_packages
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.folders import Declared
from chatkit_doctor.project.manifests.model import Ecosystem, Purpose
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.modules.imports import ImportKind


@dataclass(frozen=True, slots=True, eq=False)
class UndeclaredPackage:
    """An import of a package that nothing asks for. beside: the package.json that should."""

    found: PackageImport
    beside: Declared


def undeclared_packages(app: App) -> Iterator[UndeclaredPackage]:
    """Yield the first import of each of ChatKit's packages that the app does not ask for; types alone need nothing."""
    manifests = app.declared(Ecosystem.NODE)
    if not any(each.scope is Purpose.MAIN for manifest in manifests for each in manifest.requirements):
        return
    if carries_packages(app) or _maps_imports(app):
        return
    seen: set[str] = set()
    for each in package_imports(app):
        package = each.package
        is_run = each.found.kind is ImportKind.STATIC and not _is_for_types(each)
        if package in NPM_PACKAGES and is_run and package not in seen:
            seen.add(package)
            if not _is_asked_for(app, each):
                yield UndeclaredPackage(each, manifests[0])


def _is_for_types(found: PackageImport) -> bool:
    names = found.found.names
    return found.found.type_only or (bool(names) and all(each.type_only for each in names))


def _is_asked_for(app: App, found: PackageImport) -> bool:
    path = found.document.path
    brings = brought_by(found.package)
    if any(app.target(path, each) is not None for each in brings):
        return True
    around = {each.package for manifest in app.declared_around(Ecosystem.NODE) for each in manifest.requirements}
    folders = app.packages.in_reach(app.packages.of(path))
    # A package of the same repository may have it, and installers put it where all can get it.
    others = {name for folder in folders for name in app.packages.of(folder / "package.json").dependencies}
    return not brings.isdisjoint(around | others)


def _maps_imports(app: App) -> bool:
    """Return whether a page or a runtime of the app gives packages addresses of its own."""
    return any(path.name in {"deno.json", "deno.jsonc"} for path in app.files) or any(
        app.mentions(path, (b"importmap",)) for path in app.web_paths() if path.suffix in {".html", ".htm"}
    )
