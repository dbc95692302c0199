"""Where a handler in JavaScript or TypeScript is registered that stands apart: `app.post("/session", makeSession)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named, references
from chatkit_doctor.migrate.cleaning.removal import remove_statement, statement_of
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field, is_within, walk, without_comments
from chatkit_doctor.web.writing.literals import remove_member

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.finding import Edit
    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.web.document import Document

_REGISTERS = frozenset({"post", "get", "all", "use", "route", "options", "put"})


def registration_around(document: Document, node: Node) -> Node | None:
    """Return the statement `app.post('/path', …)` that a node stands in."""
    for current in (node, *ancestors(node)):
        function = field(current, "function") if current.type == "call_expression" else None
        method = field(function, "property") if function is not None else None
        arguments = field(current, "arguments")
        first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        if method is None or first is None or document.text(method) not in _REGISTERS:
            continue
        if first.type in {"string", "template_string"} and document.text(first)[1:2] == "/":
            statement = statement_of(current)
            return statement if statement.type == "expression_statement" else None
    return None


def registrations_of(texts: Texts, document: Document, handler: Node) -> list[tuple[Document, Node]] | None:
    """Return the statements that register a handler by its name, each with its file; None where others name it."""
    name = _name(document, handler)
    if name is None:
        return []
    found = []
    for other, use in _uses(texts, document, name, handler):
        statement = registration_around(other, use) or _dispatch(other, use)
        if statement is None:
            return None
        found.append((other, statement))
    return found


def removal_of(document: Document, handler: Node) -> list[Edit]:
    """Return the edits that take a handler out of its file that only other files named, with what exports it."""
    name = _name(document, handler)
    exported = [
        use
        for binding in (bindings_named(document, name) if name is not None else ())
        for use in references(document, binding)
        if not is_within(use, handler)
    ]
    edits = [remove_statement(document, statement_of(handler))]
    for use in exported:
        member = use.parent if use.parent is not None and use.parent.type in {"pair", "export_specifier"} else use
        listed = member.parent
        is_alone = listed is None or len(without_comments(listed)) == 1 or listed.type == "assignment_expression"
        edits += [remove_statement(document, statement_of(use))] if is_alone else remove_member(document, member)
    return edits


def _name(document: Document, handler: Node) -> str | None:
    owner = handler.parent if handler.type != "function_declaration" else handler
    if owner is None or owner.type not in {"function_declaration", "variable_declarator"}:
        return None
    name = field(owner, "name")
    return document.text(name) if name is not None and name.type == "identifier" else None


def _uses(texts: Texts, document: Document, name: str, handler: Node) -> Iterator[tuple[Document, Node]]:
    """Yield where a handler is named, in its file and in those that import it; what exports it is no use."""
    for binding in bindings_named(document, name):
        for use in references(document, binding):
            if not is_within(use, handler) and not _is_exported(document, use):
                yield document, use
    for other, names in _importers(texts, document, name):
        for node in other.find("identifier", "property_identifier", "shorthand_property_identifier"):
            if other.text(node) in names and not _is_import(other, node):
                yield other, node


def _importers(texts: Texts, document: Document, name: str) -> Iterator[tuple[Document, set[str]]]:
    """Yield the files that import that of a handler, with the names that it may have there."""
    resolver = Resolver(texts)
    for path in texts.web_paths():
        other = texts.document(path) if path != document.path and texts.mentions(path, document.path.stem) else None
        taken = [
            each
            for each in (imports(other) if other is not None else ())
            if resolver.resolve(path, each.specifier) == document.path
        ]
        if other is None or not taken:
            continue
        names = {found.local for each in taken for found in each.names if found.imported in {name, "default"}}
        for each in taken:
            declarator = each.node.parent
            local = field(declarator, "name") if declarator is not None else None
            if local is not None and local.type == "identifier":
                names.add(other.text(local))
        yield other, {name, *names}


def _is_import(document: Document, node: Node) -> bool:
    """Return whether a name stands in what imports it, or only says whose member is meant."""
    owner = node.parent
    if owner is not None and owner.type == "member_expression" and field(owner, "object") == node:
        return True
    return any(
        each.type == "import_statement" or (each.type == "variable_declarator" and "require(" in document.text(each))
        for each in ancestors(node)
    )


def _is_exported(document: Document, use: Node) -> bool:
    for each in ancestors(use):
        if each.type in FUNCTIONS:
            return False
        if each.type == "export_statement":
            return True
        if each.type == "assignment_expression" and (left := field(each, "left")) is not None:
            return document.text(left).startswith(("module.exports", "exports"))
    return False


def _dispatch(document: Document, use: Node) -> Node | None:
    """Return the `if` that calls a handler for one path and does nothing else."""
    for each in ancestors(use):
        if each.type != "if_statement":
            continue
        condition, consequence = field(each, "condition"), field(each, "consequence")
        if condition is None or consequence is None or field(each, "alternative") is not None:
            return None
        texts = (string_text(document, node) or "" for node in walk(condition) if node.type == "string")
        statements = without_comments(consequence) if consequence.type == "statement_block" else [consequence]
        is_only_that = len(statements) == 1 and is_within(use, statements[0])
        is_branch = each.parent is not None and each.parent.type == "else_clause"
        return each if is_only_that and not is_branch and any(text.startswith("/") for text in texts) else None
    return None
