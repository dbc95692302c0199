"""The columns of SQLAlchemy's and SQLModel's mapped classes that hold JSON, which rows have as dicts and lists."""

from __future__ import annotations

import ast

from chatkit_doctor.python.module import walk

_JSON = frozenset({"JSON", "JSONB"})
# What makes a column, and modules that the types come from.
_MAKERS = frozenset({"Column", "Field", "Mapped"})
_MUTABLE = frozenset({"as_mutable", "MutableList", "MutableDict"})


def json_columns(node: ast.ClassDef) -> frozenset[str]:
    """Return the names of a class's columns of JSON, those aside of which SQLAlchemy notices changes in place."""
    return frozenset(name for name, words in _columns(node) if words & _JSON and not words & _MUTABLE)


def plain_json_columns(node: ast.ClassDef) -> frozenset[str]:
    """Return those of them that nothing turns into anything else: no type of the project's own stands around."""
    return frozenset(
        name
        for name, words in _columns(node)
        if words & _JSON and not {each for each in words if each[:1].isupper()} - _JSON - _MAKERS
    )


def _columns(node: ast.ClassDef) -> list[tuple[str, frozenset[str]]]:
    """Return each column with the names that stand in what makes it."""
    found = []
    for each in node.body:
        value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        if isinstance(value, ast.Call) and isinstance(target, ast.Name):
            names = {part.id for part in walk(value) if isinstance(part, ast.Name)}
            names |= {part.attr for part in walk(value) if isinstance(part, ast.Attribute)}
            found.append((target.id, frozenset(names)))
    return found
