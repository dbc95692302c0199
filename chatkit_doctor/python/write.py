"""Rewriting type expressions with LibCST, strings in them included: a name for another, or a member out of a union.

LibCST takes a third of a second to import: import this module where an edit is made, not at the top of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard, cast

import libcst as cst

_UNIONS = frozenset({"Union", "typing.Union"})
_NO_TYPES_INSIDE = frozenset({"Literal", "typing.Literal", "typing_extensions.Literal"})


def renamed(text: str, old: str, new: str) -> str:
    """Return a type expression with every `old` (a name or a dotted name) written as `new`."""
    return _transformed(text, _Rename(old, new))


def dropped(text: str, old: str, fallback: str) -> str:
    """Return a type expression without `old`: out of unions that have other members than None, else `fallback`."""
    return _transformed(text, _Drop(old, fallback))


def _transformed(text: str, transformer: _Rename) -> str:
    # Parentheses let an expression run over lines, as it may where it stands in the file.
    expression = cst.parse_expression(f"({text})")
    changed = _visited(expression, transformer)
    return _code(changed)[1:-1] if changed.lpar else _code(changed)


def _visited(node: cst.BaseExpression, transformer: cst.CSTTransformer) -> cst.BaseExpression:
    # Transformers may also return that a node is to be removed, which these never do to an expression.
    return cast("cst.BaseExpression", node.visit(transformer))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


class _Rename(cst.CSTTransformer):
    """Writes one name as another wherever a type expression names it."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self.old = old
        self.new = new

    def is_old(self, node: cst.CSTNode) -> bool:
        """Return whether a node is the name, parentheses around it left aside."""
        if not isinstance(node, cst.Name | cst.Attribute):
            return False
        return _code(node.with_changes(lpar=[], rpar=[])) == self.old

    def is_empty(self, node: cst.CSTNode) -> bool:
        """Return whether a node is the name, as itself or in a string."""
        return self.is_old(node) or (isinstance(node, cst.SimpleString) and node.raw_value.strip() == self.old)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        return self._replaced(updated_node) if self.is_old(original_node) else updated_node

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: ARG002, N802
        # The name behind the dot is no name of its own.
        return False

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        if self.is_old(original_node):
            return self._replaced(updated_node)
        return updated_node.with_changes(value=updated_node.value.visit(self))

    def visit_Subscript(self, node: cst.Subscript) -> bool:  # noqa: N802
        return _code(node.value) not in _NO_TYPES_INSIDE

    def visit_Call(self, node: cst.Call) -> bool:  # noqa: ARG002, N802
        return False

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        text = original_node.raw_value
        if not re.search(rf"(?<![\w.]){re.escape(self.old)}\b", text):
            return updated_node
        try:
            changed = _transformed(text, self)
        except cst.ParserSyntaxError:
            return updated_node
        opening, closing = original_node.prefix + original_node.quote, original_node.quote
        return updated_node.with_changes(value=f"{opening}{changed}{closing}")

    def _replaced(self, node: cst.Name | cst.Attribute) -> cst.BaseExpression:
        return cst.parse_expression(self.new).with_changes(lpar=node.lpar, rpar=node.rpar)


class _Drop(_Rename):
    """Takes a name out of the unions that have other members, and writes the fallback for it elsewhere."""

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> bool:  # noqa: N802
        return not self._can_shrink(_members(node))

    def leave_BinaryOperation(  # noqa: N802
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        if not self._can_shrink(_members(original_node)):
            return updated_node
        return self._pruned(original_node) or updated_node

    def _pruned(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        if self.is_empty(node):
            return None
        if not _is_union(node):
            return _visited(node, self)
        left, right = self._pruned(node.left), self._pruned(node.right)
        if left is not None and right is not None:
            return node.with_changes(left=left, right=right)
        rest = left if left is not None else right
        return rest and rest.with_changes(lpar=[*node.lpar, *rest.lpar], rpar=[*rest.rpar, *node.rpar])

    def visit_Subscript(self, node: cst.Subscript) -> bool:  # noqa: N802
        return super().visit_Subscript(node) and not self._can_shrink_subscript(node)

    def leave_Subscript(  # noqa: N802
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        if not self._can_shrink_subscript(original_node):
            return updated_node
        kept = [each for each in original_node.slice if not self.is_empty(_value(each))]
        if len(kept) == 1:
            return _visited(_value(kept[0]), self)
        if kept[-1] is not original_node.slice[-1]:
            kept[-1] = kept[-1].with_changes(comma=original_node.slice[-1].comma)
        return original_node.with_changes(slice=[each.visit(self) for each in kept])

    def _can_shrink_subscript(self, node: cst.Subscript) -> bool:
        return _code(node.value) in _UNIONS and self._can_shrink([_value(each) for each in node.slice])

    def _can_shrink(self, members: list[cst.BaseExpression]) -> bool:
        kept = [each for each in members if not self.is_empty(each)]
        return len(kept) < len(members) and any(_code(each) != "None" for each in kept)


def _is_union(node: cst.CSTNode) -> TypeGuard[cst.BinaryOperation]:
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr)


def _members(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    return list(_flattened(node)) if _is_union(node) else []


def _flattened(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if _is_union(node):
        yield from _flattened(node.left)
        yield from _flattened(node.right)
    else:
        yield node


def _value(element: cst.SubscriptElement) -> cst.BaseExpression:
    return cast("cst.Index", element.slice).value
