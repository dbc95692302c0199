"""Loops of a rehearsal: gone through where their length is known, blurred where it is not."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Sequence

from chatkit_doctor.python.module import walk
from chatkit_doctor.python.rehearsal.building import Building
from chatkit_doctor.python.rehearsal.values import Blank, Locals, Lost

_MOST_ROUNDS = 200


class _Left(Exception):  # noqa: N818
    """A loop is left, or its next round begun."""

    def __init__(self, is_over: bool) -> None:
        super().__init__()
        self.is_over = is_over


class Looping(Building):
    """Goes through loops."""

    @abstractmethod
    def run(self, body: Sequence[ast.stmt], scope: Locals) -> None:
        """Go through statements. Raises what leaves them, and Lost where one of them cannot be followed."""

    def for_loop(self, node: ast.stmt, scope: Locals) -> None:
        """Go through a `for` loop. Raises what its body does, Lost where that cannot be followed."""
        assert isinstance(node, ast.For | ast.AsyncFor)
        source = self.sequence(self.value(node.iter, scope))
        if source is None:
            self._blur(node.body, [node.target], scope)
            return
        for each in source[:_MOST_ROUNDS]:
            self.assign(node.target, each, scope)
            if self._is_over(node.body, scope):
                return
        self.run(node.orelse, scope)

    def while_loop(self, node: ast.stmt, scope: Locals) -> None:
        """Go through a `while` loop. Raises what its body does, Lost where that cannot be followed."""
        assert isinstance(node, ast.While)
        for _ in range(_MOST_ROUNDS):
            test = self.value(node.test, scope)
            if isinstance(test, Blank):
                self._blur(node.body, [], scope)
                return
            if not self.is_true(test, node.test):
                self.run(node.orelse, scope)
                return
            if self._is_over(node.body, scope):
                return
        raise Lost

    def _is_over(self, body: list[ast.stmt], scope: Locals) -> bool:
        try:
            self.run(body, scope)
        except _Left as left:
            return left.is_over
        return False

    def leave(self, is_over: bool) -> None:
        """Leave a loop, or begin its next round."""
        raise _Left(is_over)

    def _blur(self, body: list[ast.stmt], targets: list[ast.expr], scope: Locals) -> None:
        """Forget what a loop of unknown length may have changed. Raises Lost where it may do more than that."""
        for each in (part for statement in body for part in walk(statement)):
            if isinstance(each, ast.Return | ast.Yield | ast.YieldFrom | ast.Raise | ast.Delete):
                raise Lost
            name = _changed(each)
            if name is not None and (not isinstance(each, ast.Call) or name in scope.names):
                scope.names[name] = Blank()
        for target in targets:
            for part in walk(target):
                if isinstance(part, ast.Name):
                    scope.names[part.id] = Blank()


def _changed(node: ast.AST) -> str | None:
    """Return the name whose value a node may change. Raises Lost where it sets something that no name stands for."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
            return name
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()) | ast.Call(func=ast.Name(id="setattr")):
            raise Lost
    return None
