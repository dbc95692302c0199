"""Running of a rehearsal: assignments, branches, exceptions, and the way out of a function."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Sequence

from chatkit_doctor.python.rehearsal.loops import Looping
from chatkit_doctor.python.rehearsal.operators import binary, delete_entry, set_entry
from chatkit_doctor.python.rehearsal.raised import is_kind_of
from chatkit_doctor.python.rehearsal.values import Blank, Locals, Lost, Outer, Raised, Thing

_NOTHING = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Assert)


class Returned(Exception):  # noqa: N818 - how a function is left, not an error
    """The function that is gone through returns."""

    def __init__(self, value: object, node: ast.stmt | None) -> None:
        super().__init__()
        self.value = value
        self.node = node


class Running(Looping):
    """Goes through statements."""

    def __init__(self) -> None:
        super().__init__()
        self._statements: dict[type[ast.stmt], Callable[[ast.stmt, Locals], None]] = {
            ast.Expr: lambda node, scope: self._just(node.value, scope),  # type: ignore[attr-defined]
            ast.Assign: self._assignment,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.If: self._if,
            ast.For: self.for_loop,
            ast.AsyncFor: self.for_loop,
            ast.While: self.while_loop,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.Return: self._return,
            ast.Raise: self._raise,
            ast.Delete: self._delete,
            ast.Break: lambda node, scope: self.leave(True),  # noqa: ARG005
            ast.Continue: lambda node, scope: self.leave(False),  # noqa: ARG005
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
            self._assign_entry(target, value, scope)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, value, scope)
        else:
            raise Lost

    def _assign_entry(self, target: ast.Subscript, value: object, scope: Locals) -> None:
        holder, key = self.value(target.value, scope), self.value(target.slice, scope)
        set_entry(holder, key, self.items(value) if isinstance(holder, list) and isinstance(key, slice) else value)

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
                delete_entry(self.value(target.value, scope), self.value(target.slice, scope))
            else:
                raise Lost

    def _function(self, node: ast.stmt, scope: Locals) -> None:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        scope.names[node.name] = self.function_value(node, scope)
