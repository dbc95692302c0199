"""Which package a name comes from, through aliases, namespaces, `require` and the project's own barrels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.modules.exported import export_chain
from chatkit_doctor.web.modules.imports import NAMESPACE, required_module
from chatkit_doctor.web.modules.resolve import is_local
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.modules.resolve import Resolver
    from chatkit_doctor.web.scopes import ScopedName


# Of what a rule may do: a name is looked up, and what it is imported from is followed.
_STEPS = 10


@dataclass(frozen=True, slots=True)
class PackageExport:
    """A name that a package exports: `name` is `default` for its default export, `*` for all of it."""

    specifier: str
    name: str


def origin(resolver: Resolver, document: Document, node: Node) -> PackageExport | None:
    """Return the package and name behind an identifier or `namespace.name`, also in a type; else None."""
    if node.type in {"member_expression", "nested_type_identifier", "nested_identifier"}:
        owner = field(node, "object") or field(node, "module")
        name = field(node, "property") or field(node, "name")
        whole = origin(resolver, document, owner) if owner is not None and owner.type == "identifier" else None
        if whole is None or name is None or whole.name not in {NAMESPACE, "default"}:
            return None
        return PackageExport(whole.specifier, document.text(name))
    if node.type not in {"identifier", "type_identifier"}:
        return None
    resolver.budget.spend(_STEPS)
    binding = lookup(document, node)
    if binding is None:
        return None
    if binding.kind is ScopedKind.IMPORT and binding.imported is not None:
        return _followed(resolver, document, binding.imported.specifier, binding.imported.imported)
    return _required(document, binding)


def _followed(resolver: Resolver, document: Document, specifier: str, name: str) -> PackageExport | None:
    module = resolver.document(document.path, specifier)
    if module is None:
        return None if is_local(specifier) else PackageExport(specifier, name)
    return next(_package_origins(resolver, module, name), None)


def _package_origins(resolver: Resolver, module: Document, name: str) -> Iterator[PackageExport]:
    for document, export in export_chain(resolver, module, name):
        if export.specifier is not None and not is_local(export.specifier):
            yield PackageExport(export.specifier, name if export.name == NAMESPACE else export.imported or name)
        elif export.value is not None and export.value.type == "identifier":
            found = origin(resolver, document, export.value)
            if found is not None:
                yield found


def _required(document: Document, binding: ScopedName) -> PackageExport | None:
    """Return the origin of `const { name } = require("…")` and of `await import("…")`."""
    value = field(binding.declaration, "value") if binding.declaration.type == "variable_declarator" else None
    if value is not None and value.type == "await_expression":
        value = next(iter(without_comments(value)), None)
    specifier = required_module(document, value) if value is not None else None
    if specifier is None or is_local(specifier) or binding.path is None or len(binding.path) > 1:
        return None
    return PackageExport(specifier, str(binding.path[0]) if binding.path else NAMESPACE)
