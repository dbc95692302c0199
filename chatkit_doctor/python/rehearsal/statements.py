"""Running of a rehearsal: assignments, branches, loops, exceptions, and the way out of a function."""

from __future__ import annotations

import ast
import builtins
from abc import abstractmethod
from collections.abc import Callable, Sequence

from chatkit_doctor.python.hierarchy import ClassId
from chatkit_doctor.python.rehearsal.operators import binary, is_key
from chatkit_doctor.python.rehearsal.valuation import Valuation
from chatkit_doctor.python.rehearsal.values import Blank, Class, Locals, Lost, Outer, Raised, Thing

_MOST_ROUNDS = 200
_NOTHING = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Assert)


class Returned(Exception):  # noqa: N818 - how a function is left, not an error
    """The function that is gone through returns."""

    def __init__(self, value: object, node: ast.stmt | None) -> None:
        super().__init__()
        self.value = value
        self.node = node


class _Left(Exception):  # noqa: N818
    """A loop is left, or its next round begun."""

    def __init__(self, is_over: bool) -> None:
        super().__init__()
        self.is_over = is_over


class Running(Valuation):
    """Goes through statements."""

    def __init__(self) -> None:
        super().__init__()
        self._statements: dict[type[ast.stmt], Callable[[ast.stmt, Locals], None]] = {
            ast.Expr: lambda node, scope: self._just(node.value, scope),  # type: ignore[attr-defined]
            ast.Assign: self._assignment,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.If: self._if,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.Return: self._return,
            ast.Raise: self._raise,
            ast.Delete: self._delete,
            ast.Break: lambda node, scope: self._leave(True),  # noqa: ARG005
            ast.Continue: lambda node, scope: self._leave(False),  # noqa: ARG005
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
        }

    @abstractmethod
    def function_value(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Locals) -> object:
        """Return what a function inside another one is bound to."""

    @abstractmethod
    def set_attribute(self, holder: object, name: str, value: object) -> None:
        """Set an attribute of a value."""

    @abstractmethod
    def entered(self, value: object) -> object:
        """Return what `with value as x` binds."""

    def run(self, body: Sequence[ast.stmt], scope: Locals) -> None:
        """Go through statements. Raises Returned, Raised, and Lost where one of them cannot be followed."""
        for statement in body:
            known = self._statements.get(type(statement))
            if known is not None:
                known(statement, scope)
            elif not isinstance(statement, _NOTHING):
                raise Lost

    def _just(self, expr: ast.expr, scope: Locals) -> None:
        if not isinstance(expr, ast.Constant):
            self.value(expr, scope)

    def _assignment(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.Assign)
        found = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, found, scope)

    def _annotated(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.AnnAssign)
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def _augmented(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.AugAssign)
        current = self.value(node.target, scope)
        added = self.value(node.value, scope)
        if isinstance(current, list) and isinstance(node.op, ast.Add):
            current.extend(self.items(added))
            return
        self.assign(node.target, binary(node.op, current, added), scope)

    def assign(self, target: ast.expr, value: object, scope: Locals) -> None:
        """Bind a target to a value."""
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.value(target.value, scope), target.attr, value)
        elif isinstance(target, ast.Subscript):
            self._set_entry(self.value(target.value, scope), self.value(target.slice, scope), value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, value, scope)
        else:
            raise Lost

    def _set_entry(self, holder: object, key: object, value: object) -> None:
        if isinstance(holder, Blank | Thing):
            return
        try:
            if isinstance(holder, dict) and is_key(key):
                holder[key] = value
                return
            if isinstance(holder, list) and isinstance(key, int):
                holder[key] = value
                return
            if isinstance(holder, list) and isinstance(key, slice):
                holder[key] = self.items(value)
                return
        except (IndexError, TypeError):
            raise Raised(Thing("IndexError", {})) from None
        raise Lost

    def _unpack(self, target: ast.Tuple | ast.List, value: object, scope: Locals) -> None:
        found = self.sequence(value)
        if found is None:
            if not isinstance(value, Blank):
                raise Lost
            found = [value.part(index) for index in range(len(target.elts))]
        if len(found) != len(target.elts) or any(isinstance(each, ast.Starred) for each in target.elts):
            raise Lost
        for part, each in zip(target.elts, found, strict=True):
            self.assign(part, each, scope)

    def _if(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.If)
        self.run(node.body if self.is_true(self.value(node.test, scope), node.test) else node.orelse, scope)

    def _for(self, node: ast.stmt, scope: Locals) -> None:
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

    def _while(self, node: ast.stmt, scope: Locals) -> None:
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

    def _leave(self, is_over: bool) -> None:
        raise _Left(is_over)

    def _blur(self, body: list[ast.stmt], targets: list[ast.expr], scope: Locals) -> None:
        """Forget what a loop of unknown length may have changed. Raises Lost where it may do more than that."""
        for each in (part for statement in body for part in ast.walk(statement)):
            if isinstance(each, ast.Return | ast.Yield | ast.YieldFrom | ast.Raise | ast.Delete):
                raise Lost
            if isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store):
                raise Lost
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                scope.names[each.id] = Blank()
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
                holder = each.func.value
                if isinstance(holder, ast.Name) and holder.id in scope.names:
                    scope.names[holder.id] = Blank()
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name):
                    scope.names[part.id] = Blank()

    def _with(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items:
            found = self.entered(self.value(item.context_expr, scope))
            if item.optional_vars is not None:
                self.assign(item.optional_vars, found, scope)
        self.run(node.body, scope)

    def _try(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.Try)
        try:
            self.run(node.body, scope)
            self.run(node.orelse, scope)
        except Raised as raised:
            handler = next((each for each in node.handlers if self._catches(each, raised.value, scope)), None)
            if handler is None:
                raise
            if handler.name:
                scope.names[handler.name] = raised.value
            try:
                self.run(handler.body, scope)
            except Raised as again:
                # A bare `raise` hands on what was caught.
                raise (raised if again.value is None else again) from None
        finally:
            # What leaves the `finally` itself would hide how the body was left.
            self.run(node.finalbody, scope)

    def _catches(self, handler: ast.ExceptHandler, raised: object, scope: Locals) -> bool:
        if handler.type is None:
            return True
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return any(is_kind_of(raised, self.value(each, scope)) for each in types)

    def _return(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.Return)
        raise Returned(self.value(node.value, scope) if node.value else None, node)

    def _raise(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.Raise)
        found = self.value(node.exc, scope) if node.exc else None
        if isinstance(found, Outer):
            found = Thing(found.dotted, {})
        raise Raised(found)

    def _delete(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.Delete)
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                self._delete_entry(self.value(target.value, scope), self.value(target.slice, scope))
            else:
                raise Lost

    def _delete_entry(self, holder: object, key: object) -> None:
        if isinstance(holder, dict) and is_key(key):
            if key not in holder:
                raise Raised(Thing("KeyError", {}))
            del holder[key]
        elif isinstance(holder, list) and isinstance(key, int | slice):
            del holder[key]
        elif not isinstance(holder, Blank | Thing):
            raise Lost

    def _function(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        scope.names[node.name] = self.function_value(node, scope)


def is_kind_of(value: object, kind: object) -> bool:
    """Return whether an exception is of a class, both known by their names."""
    wanted = kind.dotted if isinstance(kind, Outer) else kind.view.name if isinstance(kind, Class) else ""
    if not isinstance(value, Thing) or not wanted:
        # One of a kind that nobody knows may be anything.
        raise Lost
    own = [value.kind, *((each if isinstance(each, str) else each.name) for each in _ancestry(value))]
    last = wanted.rpartition(".")[2]
    if any(each.rpartition(".")[2] == last for each in own) or last in {"Exception", "BaseException"}:
        return True
    return any(_is_built_in(each, last) for each in own)


def _ancestry(value: Thing) -> Sequence[ClassId | str]:
    return value.view.ancestry if value.view else ()


def _is_built_in(name: str, wanted: str) -> bool:
    own, other = getattr(builtins, name, None), getattr(builtins, wanted, None)
    return isinstance(own, type) and isinstance(other, type) and issubclass(own, other)
