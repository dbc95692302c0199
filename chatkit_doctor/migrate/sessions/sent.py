"""What a page sent along with its request for a session, and the statements that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.removal import statement_of
from chatkit_doctor.migrate.sessions.addresses import NAMES, is_visible
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup
from chatkit_doctor.web.tree import field, is_within, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

# What speaks of the format of a session's request, and not of who sends it.
_OF_THE_BODY = frozenset({"content-type", "accept", "openai-beta"})


def sent_with(document: Document, options: Node | None) -> tuple[list[tuple[str, Node]], Node | None]:
    """Return the headers of a request that say who asks, and its credentials."""
    entries = entries_of(document, options) if options is not None and options.type == "object" else {}
    return list(_headers(document, entries.get("headers"))), entries.get("credentials")


def _headers(document: Document, value: Node | None) -> Iterator[tuple[str, Node]]:
    if value is None:
        return
    if value.type == "arrow_function" and (body := field(value, "body")) is not None:
        inner = without_comments(body)
        value = inner[0] if body.type == "parenthesized_expression" and inner else body
    if value.type != "object":
        yield "", value
        return
    for each in without_comments(value):
        key, inner_value = field(each, "key"), field(each, "value")
        name = key_text(document, key) if key is not None else None
        if name is not None and inner_value is not None:
            if name.lower() not in _OF_THE_BODY:
                yield name, inner_value
        elif each.type == "spread_element":
            yield "", without_comments(each)[0]
        else:
            yield "", value
            return


def entries_of(document: Document, node: Node) -> dict[str, Node]:
    """Return the values of an object literal by their names."""
    found = {}
    for each in without_comments(node):
        key, value = field(each, "key"), field(each, "value")
        name = key_text(document, key) if key is not None else None
        if name is not None and value is not None:
            found[name] = value
        elif each.type == "shorthand_property_identifier":
            found[document.text(each)] = each
    return found


def needed_before(document: Document, call: Node, values: list[Node], api: Node) -> list[str] | None:
    """Return the statements that some values need, in order; None where they need what is only known there."""
    statements: dict[int, Node] = {}
    pending = list(values)
    while pending:
        node = pending.pop()
        for each in walk(node):
            binding = lookup(document, each) if each.type in NAMES else None
            if binding is None or is_visible(document, binding, api):
                continue
            declaration = statement_of(binding.declaration)
            if binding.kind not in {ScopedKind.CONST, ScopedKind.LET} or declaration.type != "lexical_declaration":
                return None
            changes = _changes(document, call, binding, declaration)
            if changes is None or is_within(call, declaration):
                return None
            for statement in (declaration, *changes):
                if statement.start_byte not in statements:
                    statements[statement.start_byte] = statement
                    pending.append(statement)
    for each in _refusals(document, call, [each for each in statements.values() if each.type == "lexical_declaration"]):
        statements[each.start_byte] = each
    return [document.text(statements[start]) for start in sorted(statements)]


def _changes(document: Document, call: Node, binding: ScopedName, declaration: Node) -> list[Node] | None:
    """Return the statements before a call that change a value; None where one does more.

    `if (token) headers.x = …` is such a statement.
    """
    found: dict[int, Node] = {}
    block = declaration.parent
    for node in block.named_children if block is not None else ():
        if node.start_byte <= declaration.start_byte or node.end_byte > call.start_byte:
            continue
        inside = [each for each in walk(node) if each.type == "expression_statement"]
        changing = [each for each in inside if _changes_value(document, each, binding)]
        if changing and (len(changing) < len(inside) or node.type not in {"expression_statement", "if_statement"}):
            return None
        if changing:
            found[node.start_byte] = node
    return list(found.values())


def _changes_value(document: Document, statement: Node, binding: ScopedName) -> bool:
    if any(is_within(each.owner, statement) for each in binding.writes):
        return True
    call = statement.named_children[0]
    function = field(call, "function") if call.type == "call_expression" else None
    owner, method = (field(function, name) if function is not None else None for name in ("object", "property"))
    is_setter = method is not None and document.text(method) in {"set", "append"}
    return is_setter and owner is not None and lookup(document, owner) is binding


def _refusals(document: Document, call: Node, declarations: list[Node]) -> Iterator[Node]:
    """Yield the statements that end the request where there is none of what some declarations are for."""
    parts = (part for each in declarations for part in walk(each))
    names = {document.text(name) for part in parts if (name := field(part, "name")) is not None}
    for declaration in declarations:
        block = declaration.parent
        for each in without_comments(block) if block is not None else ():
            condition = field(each, "condition") if each.type == "if_statement" else None
            if condition is None or each.start_byte > call.start_byte or field(each, "alternative") is not None:
                continue
            asked = {document.text(part) for part in walk(condition) if part.type in NAMES}
            kinds = {part.type for part in walk(each)}
            if asked and asked <= names and "throw_statement" in kinds and "return_statement" not in kinds:
                yield each
