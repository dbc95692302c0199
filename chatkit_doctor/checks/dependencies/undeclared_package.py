"""Find an import of a package that nothing asks for, so that it is installed by chance or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chatkit_doctor.backend.imports.undeclared import Undeclared, undeclared_imports
from chatkit_doctor.checks.dependencies.manifests import mistaken_requirements
from chatkit_doctor.contracts.published import known_packages, newest
from chatkit_doctor.contracts.sdk.agents import AGENTS
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.undeclared import UndeclaredPackage, undeclared_packages
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.edits import ANY, added, compatible, with_extra
from chatkit_doctor.project.manifests.folders import Declared
from chatkit_doctor.project.manifests.model import Purpose
from chatkit_doctor.source import relative_path


def undeclared_package(app: App) -> Iterator[Finding]:
    """Find an import of a package that nothing asks for, so that it is installed by chance or not at all."""
    asked_wrongly = {known.meant for _, _, known in mistaken_requirements(app)}
    for each in undeclared_imports(app):
        if each.distribution not in asked_wrongly:
            yield _of_python(app, each)
    for found in undeclared_packages(app):
        if found.found.package not in asked_wrongly:
            yield _of_web(app, found)


def _of_python(app: App, found: Undeclared) -> Finding:
    # The SDK of agents may come with another package; then what the extra brings is asked for by its own name.
    asks = found.extra and any(each.package == AGENTS for each in found.beside.requirements)
    wanted = f"{AGENTS}[{found.extra}]" if asks else found.distribution
    manifest = relative_path(found.beside.path, app.base)
    needs = "needs" if found.extra else "comes from"
    return Finding(
        "CK602",
        found.found.at,
        f"{found.found.dotted} {needs} {found.distribution}, which {manifest} does not ask for",
        label=f"{found.distribution} is asked for nowhere",
        help=f"add {wanted} to {manifest}",
        seen_as=SeenAs("litellm" if found.extra else found.found.dotted.partition(".")[0]),
        fix=_fix(manifest, wanted, partial(_python_edits, found)),
    )


def _python_edits(found: Undeclared) -> list[Edit]:
    if found.extra:
        for each in found.beside.requirements:
            if each.package == AGENTS:
                return with_extra(each, found.extra)
    return _added(found.beside, found.distribution)


def _of_web(app: App, found: UndeclaredPackage) -> Finding:
    package, document = found.found.package, found.found.document
    manifest = relative_path(found.beside.path, app.base)
    return Finding(
        "CK602",
        document.location(found.found.found.source),
        f"{package} is imported here, and {manifest} does not ask for it",
        label="is asked for nowhere",
        help=f"add {package} to {manifest}",
        seen_as=SeenAs("web", {"package": package}),
        fix=_fix(manifest, package, partial(_added, found.beside, package)),
    )


def _fix(manifest: str, wanted: str, build: partial[list[Edit]]) -> Fix | None:
    return Fix(f"add {wanted} to {manifest}", Applicability.UNSAFE, build) if build() else None


def _added(manifest: Declared, package: str) -> list[Edit]:
    """Return the edits that put a package behind the last one that the manifest itself asks for."""
    own = [each for each in manifest.requirements if each.scope is Purpose.MAIN and each.location.path == manifest.path]
    if not own:
        return []
    last = own[0]
    for each in own[1:]:
        if _BRACKETS.isdisjoint(last.location.source.text[last.location.end : each.location.start]):
            last = each
    specifier = compatible(last.syntax, newest(package)) if package in known_packages() else ANY[last.syntax]
    return added(last, package, specifier)


# What stands between two requirements of different lists.
_BRACKETS = frozenset("[]{}")
