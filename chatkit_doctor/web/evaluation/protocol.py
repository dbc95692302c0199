"""The part of the evaluator that its helpers need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.values import FunctionValue, Value
    from chatkit_doctor.web.modules.resolve import Resolver
    from chatkit_doctor.web.scopes import ScopedName


class Evaluation(Protocol):
    """What `evaluate.Evaluator` offers to the modules that it is made of."""

    resolver: Resolver

    def weakened(self, value: Value) -> Value:
        """Return a value as it is known when some of it may have been changed since."""

    def evaluate(self, document: Document, node: Node) -> Value:
        """Return what an expression is."""

    def binding(self, document: Document, binding: ScopedName, at: Node | None = None) -> Value:
        """Return what a name stands for at a node, after all changes where that is None."""

    def inside(self, function: FunctionValue, given: Mapping[int, Value]) -> Evaluation:
        """Return what evaluates the inside of a function whose parameters, by the ids of their nodes, are known."""

    def member(self, value: Value, step: str | int, document: Document, node: Node) -> Value:
        """Return a member of a value."""
