"""What a module of the project exports under a name, followed through re-exports and barrels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.values import NamespaceValue, UnknownValue, Value
from chatkit_doctor.web.modules.imports import DEFAULT, NAMESPACE, Export, exports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation
    from chatkit_doctor.web.modules.resolve import Resolver

_MAX_MODULES = 100


def exported_value(evaluation: Evaluation, module: Document, name: str) -> Value | None:
    """Return what a module exports under a name, or None where it exports no such name."""
    for document, export in export_chain(evaluation.resolver, module, name):
        if export.value is not None:
            value = evaluation.evaluate(document, export.value)
            if export.name != "=" or name == DEFAULT:
                return value
            return evaluation.member(value, name, document, export.node)
        if export.imported == NAMESPACE and export.name != NAMESPACE:
            target = evaluation.resolver.document(document.path, export.specifier or "")
            if target is not None:
                return NamespaceValue(document, export.node, target)
        if export.name != NAMESPACE:
            return UnknownValue(document, export.node, "re-exported from a package")
    return None


def export_chain(resolver: Resolver, module: Document, name: str) -> Iterator[tuple[Document, Export]]:
    """Yield the exports that provide a name, nearest first: own ones, then through re-exports and `export *`.

    A re-export whose module is in the project is followed; one of a package is yielded as it is.
    """
    pending = [(module, name)]
    seen: set[tuple[Document, str]] = set()
    while pending and len(seen) < _MAX_MODULES:
        document, wanted = pending.pop(0)
        if (document, wanted) in seen:
            continue
        seen.add((document, wanted))
        for export in exports(document):
            if export.name not in {wanted, "="} and (export.name != NAMESPACE or wanted == DEFAULT):
                continue
            target = resolver.document(document.path, export.specifier) if export.specifier else None
            if target is None or (export.imported == NAMESPACE and export.name != NAMESPACE):
                yield document, export
            elif export.name == NAMESPACE:
                pending.append((target, wanted))
            else:
                pending.append((target, export.imported or wanted))
