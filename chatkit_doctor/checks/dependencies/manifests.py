"""What the rules about manifests share: an app's requirements, and those that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from chatkit_doctor.backend.imports.distributions import sdk_imports
from chatkit_doctor.contracts.packages import MistakenPackage, mistaken_package
from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.frontend.imported import package_imports
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.folders import Declared
from chatkit_doctor.project.manifests.model import Ecosystem, Requirement
from chatkit_doctor.source import Source

# Where these are, a name may be one of an index of the project's own.
_OWN_INDEX = regex(r"--(?:extra-)?index-url|--find-links|\[tool\.uv\.sources\]|\[\[tool\.\w+\.(?:index|source)s?\]\]")


def requirements(app: App) -> Iterator[tuple[Declared, Requirement]]:
    """Yield each requirement of the app's own manifests once, with the manifest that it is asked for by."""
    seen: set[tuple[object, int, int]] = set()
    for ecosystem in Ecosystem:
        for manifest in app.declared(ecosystem):
            for each in manifest.requirements:
                key = (each.location.path, each.location.start, each.location.end)
                if key not in seen:
                    seen.add(key)
                    yield manifest, each


def mistaken_requirements(app: App) -> Iterator[tuple[Declared, Requirement, MistakenPackage]]:
    """Yield the requirements of packages that stand for another, which the app's code imports."""
    needed = {each.distribution for each in sdk_imports(app)}
    web = {each.package for each in package_imports(app)}
    if web & {CHATKIT_JS, CHATKIT_REACT}:
        needed.add(CHATKIT_REACT)
    for manifest, each in requirements(app):
        found = mistaken_package(manifest.ecosystem.value, each.package)
        if found is None or each.url or found.meant not in needed or each.package in web:
            continue
        if not has_own_index(each):
            yield manifest, each, found


def has_own_index(requirement: Requirement) -> bool:
    """Return whether a requirement's file names an index or a source of the project's own."""
    return _names_own_index(requirement.location.source)


@lru_cache(maxsize=64)
def _names_own_index(source: Source) -> bool:
    return _OWN_INDEX.search(source.text) is not None
