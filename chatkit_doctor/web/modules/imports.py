"""What a file imports and exports, statement by statement, with the nodes that say so."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.tree import field, first_of, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

DEFAULT = "default"
NAMESPACE = "*"


class ImportKind(StrEnum):
    """How a module is asked for: `import … from`, `require(…)` or `import(…)`."""

    STATIC = "static"
    REQUIRE = "require"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True, eq=False)
class ImportedName:
    """One name that an import statement binds.

    imported: the name in the other module, `default`, or `*` for the whole module.
    local: the name here.
    node: the specifier (`a as b`), the default's identifier or the namespace import.
    """

    specifier: str
    imported: str
    local: str
    type_only: bool
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """One import of a module; a static one without names is there for its effect.

    node: the statement, or the call of `require` and `import`.
    source: the string node that names the module.
    type_only: whether all of it is (`import type …`); single names may be so on their own.
    """

    kind: ImportKind
    specifier: str
    source: Node
    node: Node
    type_only: bool = False
    names: tuple[ImportedName, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """One name that a module exports.

    name: as others import it; `*` for `export * from`, `=` for `module.exports = …` and `export = …`.
    value: the exported expression, declaration or local identifier; None where it comes from another module.
    specifier, imported: of a re-export, the module it comes from and its name there (`*` for all of it).
    """

    name: str
    node: Node
    value: Node | None = None
    specifier: str | None = None
    imported: str | None = None


def imports(document: Document) -> tuple[Import, ...]:
    """Return the imports of a document, in source order, re-exports left out."""
    return document.derive(_imports)


def exports(document: Document) -> tuple[Export, ...]:
    """Return the exports of a document."""
    return document.derive(_exports)


def imported_names(document: Document, statement: Node) -> tuple[ImportedName, ...]:
    """Return the names that an `import` statement binds."""
    # Scopes ask for them, and imports do.
    known = document.derive(_known_names)
    if statement.id not in known:
        specifier = _specifier(document, statement)
        known[statement.id] = () if specifier is None else tuple(_imported_names(document, statement, specifier))
    return known[statement.id]


def _known_names(_: Document) -> dict[int, tuple[ImportedName, ...]]:
    return {}


def required_module(document: Document, node: Node) -> str | None:
    """Return the specifier where a node is a call of `require` or `import` with a plain string."""
    function = field(node, "function") if node.type == "call_expression" else None
    if function is None or not (function.type == "import" or document.text(function) == "require"):
        return None
    source = _only_argument(node)
    return string_text(document, source) if source is not None else None


def _imports(document: Document) -> tuple[Import, ...]:
    found = [*_static_imports(document), *_called_imports(document)]
    return tuple(sorted(found, key=lambda each: each.node.start_byte))


def _static_imports(document: Document) -> Iterator[Import]:
    for statement in document.find("import_statement"):
        source = _source(statement)
        specifier = _specifier(document, statement)
        if source is not None and specifier is not None:
            names = imported_names(document, statement)
            yield Import(ImportKind.STATIC, specifier, source, statement, _says_type(statement), names)


def _called_imports(document: Document) -> Iterator[Import]:
    for call in document.find("call_expression"):
        specifier = required_module(document, call)
        source = _only_argument(call)
        function = field(call, "function")
        if specifier is not None and source is not None and function is not None:
            kind = ImportKind.DYNAMIC if function.type == "import" else ImportKind.REQUIRE
            yield Import(kind, specifier, source, call)


def _imported_names(document: Document, statement: Node, specifier: str) -> Iterator[ImportedName]:
    type_only = _says_type(statement)
    if (required := first_of(statement, "import_require_clause")) is not None:
        name = first_of(required, "identifier")
        if name is not None:
            yield ImportedName(specifier, NAMESPACE, document.text(name), type_only, name)
        return
    clause = first_of(statement, "import_clause")
    for part in clause.named_children if clause is not None else ():
        if part.type == "identifier":
            yield ImportedName(specifier, DEFAULT, document.text(part), type_only, part)
        elif part.type == "namespace_import":
            name = first_of(part, "identifier")
            if name is not None:
                yield ImportedName(specifier, NAMESPACE, document.text(name), type_only, part)
        elif part.type == "named_imports":
            for each in part.named_children:
                name = field(each, "name") if each.type == "import_specifier" else None
                if name is not None:
                    local = field(each, "alias") or name
                    only = type_only or _says_type(each)
                    yield ImportedName(specifier, _name(document, name), document.text(local), only, each)


def _exports(document: Document) -> tuple[Export, ...]:
    statements = (export for node in document.find("export_statement") for export in _exported(document, node))
    assigned = (_commonjs_export(document, node) for node in document.find("assignment_expression"))
    return (*statements, *(export for export in assigned if export is not None))


def _exported(document: Document, statement: Node) -> Iterator[Export]:
    specifier = _specifier(document, statement)
    if (declaration := field(statement, "declaration")) is not None:
        if _says(statement, "default"):
            yield Export(DEFAULT, statement, declaration)
        else:
            yield from _declared_exports(document, statement, declaration)
    elif (value := field(statement, "value")) is not None:
        yield Export(DEFAULT, statement, value)
    elif (clause := first_of(statement, "export_clause")) is not None:
        for each in clause.named_children:
            name = field(each, "name") if each.type == "export_specifier" else None
            if name is None:
                continue
            outside = _name(document, field(each, "alias") or name)
            if specifier is None:
                yield Export(outside, each, name)
            else:
                yield Export(outside, each, None, specifier, _name(document, name))
    elif specifier is not None:
        namespace = first_of(statement, "namespace_export")
        name = namespace.named_children[0] if namespace is not None and namespace.named_children else None
        outside = _name(document, name) if name is not None else NAMESPACE
        yield Export(outside, statement, None, specifier, NAMESPACE)
    elif _says(statement, "=") and (children := without_comments(statement)):
        yield Export("=", statement, children[-1])


def _declared_exports(document: Document, statement: Node, declaration: Node) -> Iterator[Export]:
    if (name := field(declaration, "name")) is not None:
        yield Export(document.text(name), statement, declaration)
    for declarator in declaration.named_children:
        name = field(declarator, "name") if declarator.type == "variable_declarator" else None
        if name is not None and name.type == "identifier":
            yield Export(document.text(name), statement, name)


def _commonjs_export(document: Document, assignment: Node) -> Export | None:
    left = field(assignment, "left")
    value = field(assignment, "right")
    if left is None or value is None or left.type != "member_expression":
        return None
    target = document.text(left)
    if target == "module.exports":
        return Export("=", assignment, value)
    owner, _, name = target.rpartition(".")
    return Export(name, assignment, value) if owner in {"exports", "module.exports"} else None


def _source(statement: Node) -> Node | None:
    required = first_of(statement, "import_require_clause")
    return field(statement if required is None else required, "source")


def _specifier(document: Document, statement: Node) -> str | None:
    source = _source(statement)
    return string_text(document, source) if source is not None else None


def _only_argument(call: Node) -> Node | None:
    arguments = field(call, "arguments")
    return next(iter(without_comments(arguments)), None) if arguments is not None else None


def _name(document: Document, node: Node) -> str:
    return string_text(document, node) or document.text(node)


def _says(node: Node, keyword: str) -> bool:
    return any(child.type == keyword for child in node.children)


def _says_type(node: Node) -> bool:
    return _says(node, "type") or _says(node, "typeof")
