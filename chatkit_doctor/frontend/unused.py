"""Where a package.json asks for React's binding of ChatKit, and nothing that could import it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.frameworks import reads_other_sources
from chatkit_doctor.contracts.published import CHATKIT_REACT, NPM_PACKAGES
from chatkit_doctor.contracts.web_names import COMPONENT, HOOK
from chatkit_doctor.frontend.imported import package_imports
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.manifests.kinds import NODE_LOCKS
from chatkit_doctor.project.manifests.model import Ecosystem, Purpose
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import outside
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.modules.resolve import is_local

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.frontend.imported import PackageImport
    from chatkit_doctor.project.app import App
    from chatkit_doctor.project.manifests.model import Requirement
    from chatkit_doctor.project.packages import Package, Packages
    from chatkit_doctor.web.document import Document

_PACKAGE = "package.json"
_PNPM = "pnpm-workspace.yaml"
_WORKSPACES = "workspaces"
# The name without its scope, which a program may put before it.
_NAME = CHATKIT_REACT.rpartition("/")[2]
_NAMED = rf"(?<![\w-]){_NAME}(?![\w-])"
_IN_BYTES, _IN_TEXT = regex(_NAMED.encode()), regex(_NAMED)
_NEEDLES = (_NAME.encode(),)
_INSTALLED = regex(rb"node_modules")
# Comments that TypeScript reads: references, and imports in types.
_READ_COMMENT = regex(r"^///|import\s*\(|@import\b|@jsxImportSource\b")
_ASSET = regex(r"\.(?!(?:[cm]?[jt]sx?|vue|svelte)$)\w+(?:\?.*)?$")
# A program that goes through all that a manifest asks for.
_ALL_PACKAGES = regex(rb"(?:\.|\[\s*[\"'])(?:devD|d)ependencies\b")
_TABLES = frozenset({"dependencies", "devDependencies", "optionalDependencies"})
_OF_PNPM = regex(rb"^packages\s*:", re.MULTILINE)
_OF_MEMBERS = ("workspace:", "catalog:")
_PEERS = ("peerDependencies",)


@dataclass(frozen=True, slots=True, eq=False)
class UnusedPackage:
    """A package that is asked for and never imported.

    manifest: the package.json that asks. is_member: whether it is part of a workspace, others of which may import what
    they ask for themselves.
    """

    requirement: Requirement
    manifest: Path
    is_member: bool


def unused_packages(app: App) -> Iterator[UnusedPackage]:
    """Yield where the app's own package.json asks for React's binding, and no file names it where code is."""
    for manifest in app.declared(Ecosystem.NODE):
        package = app.packages.of(manifest.path)
        found = [each for each in manifest.requirements if each.package == CHATKIT_REACT]
        if len(found) != 1 or found[0].scope is not Purpose.MAIN or found[0].name_at.text != CHATKIT_REACT:
            continue
        workspace = _workspace(app, package)
        around = [path for path in app.files if workspace is None or not _has_its_own(app, path, package)]
        if _is_for_others(app, package) or any(_may_use(app, path, package) for path in around):
            continue
        if any(_imports_what_is_left_out(app, each) for each in app.documents() if app.owns(each.path)):
            continue
        if any(each.package != CHATKIT_REACT and _is_meant(each) for each in package_imports(app)):
            continue
        beside = _without_their_own(app, workspace) if workspace is not None else ()
        if any(_relies(app, path, package) for path in beside):
            continue
        yield UnusedPackage(found[0], manifest.path, workspace is not None)


def _is_for_others(app: App, package: Package) -> bool:
    """Return whether a package may ask for the binding for the sake of something that is not seen here.

    That is a library, a member of a workspace that is not looked at, one beside the binding's own sources, one with
    sources of kinds that are not read, and one that has another package about ChatKit, which may want the binding.
    """
    if package.is_library or reads_other_sources(package.dependencies):
        return True
    if _workspace(app, package) is None and _is_of_a_workspace(package):
        return True
    if any(app.packages.of(path).name == CHATKIT_REACT for path in app.files if path.name == _PACKAGE):
        return True
    return any("chatkit" in name.lower() and name not in NPM_PACKAGES for name in package.dependencies)


def _is_meant(found: PackageImport) -> bool:
    """Return whether an import of another package asks for what the binding has: it is mistaken, not the manifest."""
    return any(name.imported in {HOOK, COMPONENT} for name in found.found.names)


def _workspace(app: App, package: Package) -> Path | None:
    """Return the folder of the outermost workspace that a package may be part of: all get at what one installs."""
    found = [each.folder for each in app.packages.above(package.folder / _PACKAGE) if _WORKSPACES in each.manifest]
    of_pnpm = (path for path in app.files if path.name == _PNPM and package.folder.is_relative_to(path.parent))
    found += [path.parent for path in of_pnpm if app.mentions_pattern(path, _OF_PNPM)]
    return min(found, key=lambda each: len(each.parts), default=None)


def _is_of_a_workspace(package: Package) -> bool:
    """Return whether a package asks for others in ways that only members of a workspace can."""
    tables = (package.manifest.get(table) for table in _TABLES)
    versions = (each for table in tables if isinstance(table, dict) for each in table.values())
    return any(isinstance(each, str) and each.startswith(_OF_MEMBERS) for each in versions)


def _without_their_own(app: App, workspace: Path) -> tuple[Path, ...]:
    """Return the files of a workspace that may speak of ChatKit and whose packages do not ask for the binding.

    A workspace may have thousands, and is asked about for each of its packages.
    """
    speaking = app.speaking_below(workspace)
    known = app.packages.derive(_known_sources)
    if workspace not in known or known[workspace][0] is not speaking:
        sources = (path for path in speaking if path.name not in {_PACKAGE, _PNPM})
        known[workspace] = (speaking, tuple(path for path in sources if not _asks_itself(app.packages.of(path))))
    return known[workspace][1]


def _known_sources(_: Packages) -> dict[Path, tuple[tuple[Path, ...], tuple[Path, ...]]]:
    """Return the workspaces that were asked about: what may speak of ChatKit there, and what is left of it."""
    return {}


def _relies(app: App, path: Path, package: Package) -> bool:
    """Return whether a file of another package names the binding."""
    return app.packages.of(path) is not package and _may_use(app, path, package, is_beside=False)


def _has_its_own(app: App, path: Path, package: Package) -> bool:
    """Return whether a file is of another package, which asks for the binding itself and of nobody else."""
    owner = app.packages.of(path)
    return owner is not package and _asks_itself(owner)


def _asks_itself(package: Package) -> bool:
    return _asks(package, _TABLES) and not _asks(package, _PEERS)


def _asks(package: Package, tables: Iterable[str]) -> bool:
    found = (package.manifest.get(table) for table in tables)
    return any(isinstance(table, dict) and CHATKIT_REACT in table for table in found)


def _imports_what_is_left_out(app: App, document: Document) -> bool:
    """Return whether a document imports code of the project that is not among what is read: git ignores it, say."""
    return any(
        is_local(each.specifier)
        and not _ASSET.search(each.specifier)
        and app.resolver.resolve(document.path, each.specifier) is None
        for each in imports(document)
    )


def _may_use(app: App, path: Path, package: Package, *, is_beside: bool | None = None) -> bool:
    """Return whether a file names the binding where it may be used, or uses whatever the manifest asks for.

    is_beside: whether it gets at modules of the package by their path alone; without, where it stands tells.
    """
    if path.name in NODE_LOCKS:
        return False
    is_web = kind_of(path.name) is FileKind.WEB
    if is_web and path.is_relative_to(package.folder) and app.mentions_pattern(path, _ALL_PACKAGES):
        return True
    if not app.mentions(path, _NEEDLES) or not app.mentions_pattern(path, _IN_BYTES):
        return False
    # Packages beside this one get at its modules by their path alone, as a server in Python does.
    if is_beside is None:
        is_above = package.folder.is_relative_to(app.packages.of(path).folder)
        is_beside = not is_above and not path.is_relative_to(package.folder)
    if path.suffix == ".py" or is_beside:
        return app.mentions_pattern(path, _INSTALLED)
    if path.name == _PACKAGE:
        manifest = app.packages.of(path).manifest
        others = {key: each for key, each in manifest.items() if key not in _TABLES}
        return not manifest or _IN_TEXT.search(str(others)) is not None
    document = app.document(path) if is_web else None
    return document is None or document.derive(_is_named_in_code)


def _is_named_in_code(document: Document) -> bool:
    """Return whether a document names the binding outside of comments, or in one that TypeScript reads."""
    text = document.source.text
    comments = (
        (at.start, at.end)
        for each in document.find("comment", "html_comment")
        if not _READ_COMMENT.search((at := document.location(each)).text)
    )
    return bool(outside((found.start() for found in _IN_TEXT.finditer(text)), comments))
