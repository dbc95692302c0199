"""Edits that take a declaration out of a file, when nothing uses the name any more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.cleaning.references import bindings_named, is_dependency, references
from chatkit_doctor.migrate.cleaning.removal import remove_statement
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind, ScopedName
from chatkit_doctor.web.tree import field, is_within, walk, without_comments
from chatkit_doctor.web.writing.literals import remove_member

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_DECLARED = frozenset({ScopedKind.FUNCTION, ScopedKind.CLASS, ScopedKind.TYPE, ScopedKind.ENUM})
_VARIABLES = frozenset({ScopedKind.CONST, ScopedKind.LET, ScopedKind.VAR})
# A call of these makes a value and does nothing else that anybody waits for.
_MAKERS = ("use", "create", "Boolean", "Number", "String", "require")


def remove_binding(
    document: Document, binding: ScopedName, resolver: Resolver
) -> tuple[list[Edit], list[Node], Path | None]:
    """Return the edits that take a declaration out, the nodes that go with it, and the file an import came from.

    No edits where it cannot go: a parameter, a call that may do more than make a value.
    """
    lists = [remove_member(document, node) for node in _dependencies(document, binding)[:1]]
    if lists:
        return lists[0], [], None
    if binding.kind is ScopedKind.IMPORT:
        return _import(document, binding, resolver)
    if binding.kind in _DECLARED:
        return [remove_statement(document, binding.declaration)], [binding.declaration], None
    if binding.kind in _VARIABLES:
        edits, gone = _variable(document, binding)
        return edits, gone, None
    return [], [], None


def _dependencies(document: Document, binding: ScopedName) -> list[Node]:
    return [node for node in references(document, binding) if is_dependency(document, node)]


def _import(document: Document, binding: ScopedName, resolver: Resolver) -> tuple[list[Edit], list[Node], Path | None]:
    specifier = binding.node
    statement: Node | None = specifier
    while statement is not None and statement.type != "import_statement":
        statement = statement.parent
    if binding.imported is None:
        return [], [], None
    target = resolver.resolve(document.path, binding.imported.specifier)
    if statement is None:
        # `const { name } = require("…")`
        return *_variable(document, binding), target
    clause = next((each for each in statement.named_children if each.type == "import_clause"), None)
    named = next((each for each in clause.named_children if each.type == "named_imports"), None) if clause else None
    members = without_comments(named) if named is not None else []
    if clause is None or len(without_comments(clause)) + max(len(members) - 1, 0) == 1:
        return [remove_statement(document, statement)], [], target
    # The last name in braces goes with them.
    is_alone = named is not None and len(members) == 1 and specifier.type == "import_specifier"
    return remove_member(document, named if named is not None and is_alone else specifier), [], target


def _variable(document: Document, binding: ScopedName) -> tuple[list[Edit], list[Node]]:
    declarator = binding.declaration
    declaration = declarator.parent
    name, value = field(declarator, "name"), field(declarator, "value")
    if declaration is None or name is None or declaration.type not in {"lexical_declaration", "variable_declaration"}:
        return [], []
    if name.type == "object_pattern" and len(without_comments(name)) > 1:
        member = next((each for each in without_comments(name) if is_within(binding.node, each)), None)
        return (remove_member(document, member), []) if member is not None else ([], [])
    if name.type == "array_pattern" and not _whole_pattern_is_unused(document, name, binding):
        return [], []
    if value is not None and not _is_plain(document, value):
        return [], []
    if len([each for each in without_comments(declaration) if each.type == "variable_declarator"]) > 1:
        return remove_member(document, declarator), [declarator]
    return [remove_statement(document, declaration)], [declaration]


def _whole_pattern_is_unused(document: Document, pattern: Node, binding: ScopedName) -> bool:
    others = [each for each in pattern.named_children if not is_within(binding.node, each)]
    found = [each for node in others for each in bindings_named(document, document.text(node))]
    mine = [each for each in found if each.declaration.start_byte == binding.declaration.start_byte]
    return not any(not is_dependency(document, node) for each in mine for node in references(document, each))


def _is_plain(document: Document, value: Node) -> bool:
    """Return whether making a value does nothing else: no request is sent, nothing is stored."""
    if value.type == "await_expression":
        return False
    if value.type != "call_expression":
        return True
    function = field(value, "function")
    if function is not None and function.type == "parenthesized_expression":
        # A function that is called where it stands, as around a guard.
        return not any(node.type == "await_expression" for node in walk(value))
    text = document.text(function) if function is not None else ""
    last = text.rpartition(".")[2]
    return last.startswith(_MAKERS) or last in {"trim", "slice", "get", "getItem", "replace", "startsWith"}
