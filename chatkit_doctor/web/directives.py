"""Directives of a file or a function: `"use client"`, `"use server"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.tree import without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document


def directives(document: Document, body: Node) -> Iterator[str]:
    """Yield the directives that a program or the body of a function begins with."""
    for statement in without_comments(body):
        if statement.type == "hash_bang_line":
            continue
        inner = statement.named_children if statement.type == "expression_statement" else []
        if len(inner) != 1 or inner[0].type != "string":
            return
        yield document.text(inner[0])[1:-1]


def begins_with(document: Document, directive: str) -> bool:
    """Return whether a file begins with a directive."""
    return bool(document.scripts) and directive in directives(document, document.scripts[0].root)
