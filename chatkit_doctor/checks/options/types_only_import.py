"""Imports of ChatKit's npm packages that fail (CK413): of types as code, of names and of files that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.checks.options.words import severity
from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.contracts.web import react_exports, types_exports
from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.kept_imports import keeps_all_imports
from chatkit_doctor.frontend.page.mistaken import mistaken_scripts
from chatkit_doctor.frontend.releases import carries_packages, react_target
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.modules.imports import DEFAULT, NAMESPACE, Import, ImportedName, ImportKind, exports, imports
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.imports import specifier_edit, type_edits
from chatkit_doctor.web.writing.literals import remove_member
from chatkit_doctor.web.writing.markup import remove_script
from chatkit_doctor.words import joined, nearest, nearest_few, shortened

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location

_CODE = "CK413"
_TYPES_ONLY = f"{CHATKIT_JS} holds types and no code"
_PACKAGE = regex(rf"(?P<name>{CHATKIT_REACT}|{CHATKIT_JS})(?:/(?P<file>.+))?\Z")
# The package of types on a CDN for npm packages.
_ADDRESS = regex(rf"(?:https?:)?//[^/]++/(?:npm/)?{CHATKIT_JS}(?:@[^/]*)?(?:/.*)?")
# What a browser takes as it is.
_PLAIN = frozenset({".js", ".mjs"})
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
# Where a call of `import` stands in code; elsewhere TypeScript writes a type with it.
_RUN = frozenset(
    {"await_expression", "arrow_function", "return_statement", "expression_statement", "arguments"}
    | {"variable_declarator", "assignment_expression", "array"}
)
_PROMISE_METHODS = frozenset({"then", "catch", "finally"})

_NAMES = ("identifier", "shorthand_property_identifier", "type_identifier")


def types_only_import(app: App) -> Iterator[Finding]:
    """Find an import that fails, of the package of types or of a name that ChatKit's packages do not have."""
    if carries_packages(app):
        return
    resolver = app.resolver
    for document in app.documents():
        if document.path.name.endswith(_DECLARATIONS):
            continue
        for found in imports(document):
            if _ADDRESS.fullmatch(found.specifier):
                yield from _address_imports(app, document, found)
                continue
            package = _PACKAGE.fullmatch(found.specifier)
            if package is None or resolver.resolve(document.path, found.specifier) is not None:
                continue
            if package["file"]:
                yield from _file_imports(app, document, found, package["name"])
            elif package["name"] == CHATKIT_JS:
                yield from _types_imports(app, document, found)
            else:
                yield from _react_imports(app, document, found)
        yield from _passed_on(document)


def _file_imports(app: App, document: Document, found: Import, package: str) -> Iterator[Finding]:
    """Yield an import of a file within a package; types of one are found by some of TypeScript's ways to look."""
    is_of_types = found.names and package == CHATKIT_JS and not document.is_javascript(found.node)
    of_react = bool(found.names) and all(each.imported in react_exports() for each in found.names)
    asks_for_code = any(react_exports().get(each.imported) == "value" for each in _run_names(app, document, found))
    if found.type_only or (is_of_types and not asks_for_code) or _is_a_type(document, found):
        return
    yield Finding(
        _CODE,
        document.location(found.source),
        f"{package} exports none of its files, so the import of {found.specifier} fails",
        label="not exported",
        help="remove the import" if not found.names else f"import from {CHATKIT_REACT}",
        why="A file that a package does not export cannot be imported: a bundler stops there, and so does Node.",
        fix=_react_fix(app, document, found)
        if of_react and _is_bundled(app, document)
        else _removal(app, document, found),
    )


def _address_imports(app: App, document: Document, found: Import) -> Iterator[Finding]:
    """Yield an import of the types from an address; CK502 tells of one that stands for ChatKit's script."""
    if found.type_only or (found.names and not document.is_javascript(found.node)) or _is_a_type(document, found):
        return
    if _is_of_script(app, document, found):
        return
    yield Finding(
        _CODE,
        document.location(found.source),
        f"{_TYPES_ONLY}, so its import from {shortened(found.specifier)} fails",
        label="no code to import",
        help="remove the import; the script of the page brings the element" if not found.names else _page_help(),
        fix=_removal(app, document, found),
    )


def _is_of_script(app: App, document: Document, found: Import) -> bool:
    return (document, found.source.start_byte) in app.derive(_mistaken_places)


def _mistaken_places(app: App) -> frozenset[tuple[Document, int]]:
    return frozenset((each.document, each.node.start_byte) for each in mistaken_scripts(app))


def _page_help() -> str:
    return f"remove it, and use the element <{TAG}>, which the script of the page brings"


def _types_imports(app: App, document: Document, found: Import) -> Iterator[Finding]:
    known = (*types_exports(), NAMESPACE)
    invented = [each for each in _run_names(app, document, found) if each.imported not in known]
    if invented:
        yield from _not_among_types(app, document, found, invented)
    elif found.type_only or _is_a_type(document, found) or not _is_run(app, document, found):
        return
    else:
        yield Finding(
            _CODE,
            document.location(found.source),
            f"{_TYPES_ONLY}, so its import as code fails",
            label="no code to import",
            help="write import type" if found.names else "remove the import; the script of the page brings the code",
            fix=_types_fix(app, document, found),
        )


def _not_among_types(
    app: App, document: Document, found: Import, invented: Sequence[ImportedName]
) -> Iterator[Finding]:
    of_react = all(each.imported in react_exports() for each in found.names)
    first = next((each for each in invented if each.imported in react_exports()), invented[0])
    is_value = react_exports().get(first.imported) == "value"
    name = "a default export" if first.imported == DEFAULT else first.imported
    yield Finding(
        _CODE,
        document.location(first.node),
        f"{CHATKIT_JS} has no {'default export' if first.imported == DEFAULT else first.imported}; {_TYPES_ONLY}"
        if not is_value
        else f"{name} is code, and {_TYPES_ONLY}, so the import fails",
        label=f"not in {CHATKIT_JS}",
        help=_elsewhere_help(app, document, first.imported),
        seen_as=_seen_as(document, CHATKIT_JS, first),
        severity=None if is_value else severity(app, document.path),
        fix=_react_fix(app, document, found)
        if of_react and _is_bundled(app, document)
        else _removal(app, document, found),
    )


def _elsewhere_help(app: App, document: Document, name: str) -> str:
    if name not in react_exports():
        return _types_help(name)
    return f"import it from {CHATKIT_REACT}" if _is_bundled(app, document) else _page_help()


def _is_bundled(app: App, document: Document) -> bool:
    """Return whether a build finds packages for a file: a browser does not, so nothing for a page by itself."""
    if document.markup is not None and not document.is_component:
        return False
    is_plain = document.path.suffix.lower() in _PLAIN
    return not is_plain or any(app.packages.above(document.path))


def _types_help(name: str) -> str:
    near = nearest_few(name, types_exports())
    instead = f"import {joined(near, 'or')}, the nearest to it" if near else "do without it"
    return f"{instead}; `chatkit-doctor explain CK413 --values` lists the types"


def _seen_as(document: Document, package: str, name: ImportedName) -> SeenAs | None:
    """Return TypeScript's words for a name that is not exported, in a file that TypeScript reads."""
    if document.is_javascript(name.node):
        return None
    line = "no-default" if name.imported == DEFAULT else "no-export"
    return SeenAs(line, {"package": package, "name": name.imported})


def _react_imports(app: App, document: Document, found: Import) -> Iterator[Finding]:
    known = react_exports()
    values = [name for name, kind in known.items() if kind == "value"]
    for each in _run_names(app, document, found):
        if each.imported in known or each.imported == NAMESPACE:
            continue
        is_default = each.imported == DEFAULT
        near = nearest(each.imported, known)
        yield Finding(
            _CODE,
            document.location(each.node),
            f"{CHATKIT_REACT} has no {'default export' if is_default else each.imported}, so the import fails",
            label=f"not in {CHATKIT_REACT}",
            help=f"import {{ {near} }}, the name nearest to it" if near else f"import {joined(values, 'or')}",
            severity=severity(app, document.path),
            seen_as=_seen_as(document, CHATKIT_REACT, each),
            why="A name that a package does not export stops the build, or is undefined.",
            fix=_default_fix(document, found, each) if is_default and each.local in values else None,
        )


def _passed_on(document: Document) -> Iterator[Finding]:
    """Yield `export * from` of the types: all of it is code, in TypeScript too."""
    for export in exports(document):
        if export.specifier != CHATKIT_JS or export.name != NAMESPACE:
            continue
        source = field(export.node, "source")
        if source is None or re.match(r"export\s+type\b", document.text(export.node)):
            continue
        yield Finding(
            _CODE,
            document.location(source),
            f"{_TYPES_ONLY}, so what is exported from it fails to load",
            label="no code to export",
            help="export the types by their names, with export type",
        )


def _is_run(app: App, document: Document, found: Import) -> bool:
    """Return whether an import without `type` is still there when the program runs."""
    if not found.names or document.is_javascript(found.node):
        return True
    return not document.is_component and keeps_all_imports(app, document.path)


def _run_names(app: App, document: Document, found: Import) -> Iterator[ImportedName]:
    """Yield the names that are still imported when the program runs; a type that is not there fails nothing then."""
    keeps = document.is_javascript(found.node) or keeps_all_imports(app, document.path)
    asked = {each.local for each in found.names}
    used = {name for name in asked if not _is_imported_alone(document, name, "identifier")}
    for each in found.names:
        if not each.type_only and (keeps or each.local in used):
            yield each


def _is_import(node: Node) -> bool:
    return node.parent is not None and node.parent.type in {"import_specifier", "import_clause", "namespace_import"}


def _is_a_type(document: Document, found: Import) -> bool:
    """Return whether `import("…")` is written where TypeScript has a type."""
    parent = found.node.parent
    if found.kind is not ImportKind.DYNAMIC or parent is None:
        return False
    if parent.type == "member_expression":
        name = field(parent, "property")
        return name is None or document.text(name) not in _PROMISE_METHODS
    return parent.type not in _RUN


def _removal(app: App, document: Document, found: Import) -> Fix | None:
    """Return the fix that takes the import away; None where something is done with what it imports."""
    if found.kind is not ImportKind.STATIC or (found.names and not _is_idle(document, found)):
        return None
    return Fix("remove the import", Applicability.SAFE, lambda: _without(app, document, found))


def _without(app: App, document: Document, found: Import) -> list[Edit]:
    """Return the edits that take an import out, and with it the script of a page where all the others go as well."""
    script = document.script_at(found.node)
    element = script.element if script is not None and not document.is_component else None
    if script is not None and element is not None:
        going = {each.node.start_byte for each in imports(document) if _goes(app, document, each)}
        if all(each.start_byte in going for each in script.root.named_children):
            return remove_script(document, element)
    return remove_member(document, found.node)


def _goes(app: App, document: Document, found: Import) -> bool:
    package = _PACKAGE.fullmatch(found.specifier)
    is_of_types = _ADDRESS.fullmatch(found.specifier) or (package is not None and package["name"] == CHATKIT_JS)
    if not is_of_types or found.kind is not ImportKind.STATIC or _is_of_script(app, document, found):
        return False
    return not found.names or _is_idle(document, found)


def _is_idle(document: Document, found: Import) -> bool:
    """Return whether a file does nothing with the names that it imports; a component's markup may do anything."""
    names = {each.local for each in found.names}
    return not document.is_component and all(_is_imported_alone(document, name, *_NAMES) for name in names)


def _is_imported_alone(document: Document, name: str, *kinds: str) -> bool:
    """Return whether nodes of some kinds that say a name are all parts of imports."""
    return document.derive(_kinds_of_uses).get(name, frozenset()).isdisjoint(kinds)


def _kinds_of_uses(document: Document) -> dict[str, set[str]]:
    """Return the types of the nodes that say an imported name and are no parts of imports, by the name."""
    found: dict[str, set[str]] = {}
    for each in document.derive(_named):
        if not _is_import(each):
            found.setdefault(document.text(each), set()).add(each.type)
    return found


def _named(document: Document) -> list[Node]:
    """Return the nodes that say some imported name."""
    names = {each.local for found in imports(document) for each in found.names}
    return [each for each in document.find(*_NAMES) if document.text(each) in names]


def _types_fix(app: App, document: Document, found: Import) -> Fix | None:
    if not found.names:
        return _removal(app, document, found)
    if document.is_javascript(found.node) or not (edits := type_edits(document, found)):
        return _removal(app, document, found)
    return Fix("import the types as types", Applicability.SAFE, lambda: edits)


def _react_fix(app: App, document: Document, found: Import) -> Fix | None:
    if found.kind is not ImportKind.STATIC or any(_is_asked_for_members(document, each.local) for each in found.names):
        return None
    kind = Applicability.SAFE if react_target(app, document.path) is not None else Applicability.UNSAFE
    return Fix(f"import from {CHATKIT_REACT}", kind, lambda: [specifier_edit(document, found, CHATKIT_REACT)])


def _is_asked_for_members(document: Document, name: str) -> bool:
    """Return whether a file asks an imported name for what is in it (`ChatKit.create`), as of no export of React's."""
    return name in document.derive(_asked_for_members)


def _asked_for_members(document: Document) -> frozenset[str]:
    """Return the imported names that a file asks for members, or makes something with."""
    return frozenset(
        document.text(each)
        for each in document.derive(_named)
        if each.parent is not None and each.parent.type in {"member_expression", "new_expression"}
    )


def _default_fix(document: Document, found: Import, name: ImportedName) -> Fix | None:
    if len(found.names) > 1 or name.node.type != "identifier":
        return None
    at: Location = document.location(name.node)
    return Fix(f"import {name.local} by its name", Applicability.SAFE, lambda: [Edit(at, f"{{ {name.local} }}")])
