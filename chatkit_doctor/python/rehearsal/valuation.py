"""Expressions of a rehearsal: what each gives, asked of known values, of the outside, or of nobody."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable

from chatkit_doctor.python.rehearsal.operators import binary, compare, entry
from chatkit_doctor.python.rehearsal.values import Blank, Closure, Locals, Lost

_MOST_STEPS = 12_000
_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Tuple)


class Valuation(ABC):
    """Goes through expressions. What a call and a name give is for the class that knows statements."""

    def __init__(self) -> None:
        self.steps = 0
        self._truths: dict[Blank, bool] = {}
        # The lists and dicts that stand in the very call that is made now: nobody else holds them.
        self.made_for_call: list[object] = []
        self._kinds: dict[type[ast.expr], Callable[[ast.expr, Locals], object]] = {
            ast.Constant: lambda node, _: node.value,  # type: ignore[attr-defined]
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.Await: lambda node, scope: self.value(node.value, scope),  # type: ignore[attr-defined]
            ast.BoolOp: self._bool_op,
            ast.BinOp: self._bin_op,
            ast.UnaryOp: self._unary_op,
            ast.Compare: self._compare,
            ast.IfExp: self._if_exp,
            ast.Lambda: lambda node, scope: Closure(node, scope.module, scope),  # type: ignore[arg-type]
            ast.NamedExpr: self._named,
            ast.Slice: self._slice,
            ast.Starred: lambda node, scope: self.value(node.value, scope),  # type: ignore[attr-defined]
        }

    @abstractmethod
    def decide(self, node: ast.AST) -> bool:
        """Return which way this pass goes where a branch hangs on a blank."""

    @abstractmethod
    def named(self, node: ast.Name, scope: Locals) -> object:
        """Return what a name that no scope of the rehearsal holds stands for."""

    @abstractmethod
    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value."""

    @abstractmethod
    def call(self, function: object, arguments: list[object], named: dict[str, object], node: ast.Call) -> object:
        """Return what calling a value gives."""

    @abstractmethod
    def assign(self, target: ast.expr, value: object, scope: Locals) -> None:
        """Bind a target to a value."""

    def value(self, node: ast.expr, scope: Locals) -> object:
        """Return the value of an expression."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise Lost
        known = self._kinds.get(type(node))
        return known(node, scope) if known else Blank()

    def is_true(self, value: object, node: ast.AST) -> bool:
        """Return whether a value counts as true; where nobody can tell, which way this pass goes."""
        if isinstance(value, Blank):
            return self._is_true_blank(value, node)
        return (
            bool(value)
            if isinstance(value, bool | int | float | str | bytes | list | tuple | dict | set)
            else (value is not None)
        )

    def _is_true_blank(self, value: Blank, node: ast.AST) -> bool:
        if value.is_there:
            return True
        # What was true where it was asked first is so wherever it is asked again.
        if value not in self._truths:
            self._truths[value] = self.decide(node)
        return self._truths[value]

    def _name(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Name)
        holder = scope.holder(node.id)
        return holder.names[node.id] if holder else self.named(node, scope)

    def _attribute(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Attribute)
        return self.attribute(self.value(node.value, scope), node.attr)

    def _subscript(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Subscript)
        holder = self.value(node.value, scope)
        key = self.value(node.slice, scope)
        return self.entry(holder, key)

    def entry(self, holder: object, key: object) -> object:
        """Return `holder[key]`."""
        return entry(holder, key)

    def _call(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Call)
        function = self.value(node.func, scope) if not self._is_super(node) else self._super(scope)
        if self._is_super(node):
            return function
        arguments: list[object] = []
        made: list[object] = []
        for each in node.args:
            given = self.value(each, scope)
            arguments += self.items(given) if isinstance(each, ast.Starred) else [given]
            made += [given] if isinstance(each, _DISPLAYS) else []
        named: dict[str, object] = {}
        for keyword in node.keywords:
            given = self.value(keyword.value, scope)
            made += [given] if isinstance(keyword.value, _DISPLAYS) else []
            if keyword.arg:
                named[keyword.arg] = given
            elif isinstance(given, dict):
                named.update({str(key): each for key, each in given.items()})
            else:
                # A blank of a row, unpacked: what is made of it is of that row.
                named["**"] = given
        self.made_for_call = made
        return self.call(function, arguments, named, node)

    @staticmethod
    def _is_super(node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id == "super"

    @abstractmethod
    def _super(self, scope: Locals) -> object:
        """Return what `super()` stands for in a method."""

    def _bool_op(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.BoolOp)
        found: object = None
        for each in node.values:
            found = self.value(each, scope)
            # `row["body"] or {}`: what a row holds is taken to be there.
            is_filled = isinstance(found, Blank) and found.row is not None and isinstance(node.op, ast.Or)
            if is_filled or self.is_true(found, each) is isinstance(node.op, ast.Or):
                return found
        return found

    def _bin_op(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.BinOp)
        return binary(node.op, self.value(node.left, scope), self.value(node.right, scope))

    def _unary_op(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.UnaryOp)
        found = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return not self.is_true(found, node.operand)
        if isinstance(node.op, ast.USub) and isinstance(found, int | float):
            return -found
        return Blank()

    def _compare(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Compare)
        left, found = self.value(node.left, scope), True
        for op, each in zip(node.ops, node.comparators, strict=True):
            right = self.value(each, scope)
            step = self.compared(op, left, right)
            if len(node.ops) == 1:
                return step
            found = found and self.is_true(step, node)
            left = right
        return found

    def compared(self, op: ast.cmpop, left: object, right: object) -> object:
        """Return what one comparison gives."""
        return compare(op, left, right)

    def _if_exp(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.IfExp)
        return self.value(node.body if self.is_true(self.value(node.test, scope), node.test) else node.orelse, scope)

    def _named(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.NamedExpr)
        found = self.value(node.value, scope)
        self.assign(node.target, found, scope)
        return found

    def _slice(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Slice)
        bounds = [self.value(each, scope) if each else None for each in (node.lower, node.upper, node.step)]
        return slice(*bounds)

    def items(self, value: object) -> list[object]:
        """Return what going over a value gives. Raises Lost where it is unknown."""
        found = self.sequence(value)
        if found is None:
            raise Lost
        return found

    def sequence(self, value: object) -> list[object] | None:
        """Return what going over a value gives, None where nobody can tell."""
        if isinstance(value, set):
            # In which order, only Python knows.
            return sorted(value) if all(isinstance(each, str) for each in value) else None
        return list(value) if isinstance(value, list | tuple | dict | str) else None
