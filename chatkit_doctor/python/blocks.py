"""Which block a statement is one of, and its place there, found once for a whole file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.python.module import Module

_WITH_BLOCKS = [
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and "body" in getattr(kind, "_fields", ())
]
_FIELDS = ("body", "orelse", "finalbody")


def blocks(module: Module) -> Iterator[list[ast.stmt]]:
    """Yield each list of statements of a file."""
    for kind in _WITH_BLOCKS:
        for node in module.nodes(kind):
            for field in _FIELDS:
                block = getattr(node, field, None)
                # A lambda's body is none.
                if isinstance(block, list):
                    yield block


def place(module: Module, statement: ast.stmt) -> tuple[list[ast.stmt], int]:
    """Return the block that a statement is one of, and its index there."""
    return module.derive(_places)[statement]


def _places(module: Module) -> dict[ast.stmt, tuple[list[ast.stmt], int]]:
    return {statement: (block, index) for block in blocks(module) for index, statement in enumerate(block)}
