"""Where the value of an expression comes from, followed through names, attributes, calls and files.

`Flow.sources` walks from an expression to the expressions that can be its value: through local and imported
names, `self` attributes, the returns of the project's own functions, ternaries and lookups in literal
tables. What it cannot follow it hands back as it is, so that a caller sees what it does not know.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import Binding, Kind
from chatkit_doctor.python.symbols import Symbols

_MAX_DEPTH = 10
_SELF = frozenset({"self", "cls"})


@dataclass(frozen=True, slots=True)
class Value:
    """An expression and the module it stands in."""

    module: Module
    expr: ast.expr


class Flow:
    """The flow of values through the files of one project."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._views: dict[ast.ClassDef, ClassView] = {}
        self._own_attributes: dict[ast.ClassDef, dict[str, list[ast.expr]]] = {}

    def sources(self, module: Module, expr: ast.expr) -> Iterator[Value]:
        """Yield the expressions that an expression's value can come from; at the least the expression itself."""
        yield from self._sources(Value(module, expr), set(), 0)

    def function(self, module: Module, call: ast.Call) -> tuple[Module, FunctionNode] | None:
        """Return the project's own function or method that a call reaches, or None."""
        method = self._own_method(module, call.func)
        if method is not None:
            return method.module, method.node
        found = self._symbols.definition(module, call.func)
        if found and found.module and found.function_node:
            return found.module, found.function_node
        return None

    def _own_method(self, module: Module, func: ast.expr) -> _Method | None:
        if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in _SELF):
            return None
        owner = module.enclosing_class(func)
        found = self._view(module, owner).method(func.attr) if owner else None
        return _Method(found[0].module, found[1]) if found else None

    def _sources(self, value: Value, seen: set[ast.expr], depth: int) -> Iterator[Value]:
        if value.expr in seen or depth > _MAX_DEPTH:
            return
        seen.add(value.expr)
        steps = list(self._steps(value))
        if not steps:
            yield value
        for step in steps:
            yield from self._sources(step, seen, depth + 1)

    def _steps(self, value: Value) -> Iterator[Value]:
        module, expr = value.module, value.expr
        if isinstance(expr, ast.Await | ast.NamedExpr):
            yield Value(module, expr.value)
        elif isinstance(expr, ast.IfExp):
            yield from (Value(module, expr.body), Value(module, expr.orelse))
        elif isinstance(expr, ast.BoolOp):
            yield from (Value(module, each) for each in expr.values)
        elif isinstance(expr, ast.Name):
            yield from self._of_name(module, expr)
        elif isinstance(expr, ast.Attribute):
            yield from self._of_attribute(module, expr)
        elif isinstance(expr, ast.Subscript):
            yield from self._of_table(module, expr.value)
        elif isinstance(expr, ast.Call):
            yield from self._of_call(module, expr)

    def _of_name(self, module: Module, name: ast.Name) -> Iterator[Value]:
        for binding in self._symbols.names(module).lookup(name.id, name):
            if binding.kind is Kind.IMPORT:
                yield from self._of_definition(module, name)
            elif (value := _assigned(binding)) is not None:
                yield Value(module, value)

    def _of_definition(self, module: Module, expr: ast.expr) -> Iterator[Value]:
        for found in self._symbols.definitions(module, expr):
            if found.module and found.binding and (value := _assigned(found.binding)) is not None:
                yield Value(found.module, value)

    def _of_attribute(self, module: Module, expr: ast.Attribute) -> Iterator[Value]:
        if isinstance(expr.value, ast.Name) and expr.value.id in _SELF:
            owner = module.enclosing_class(expr)
            if owner is not None:
                yield from self._attribute_values(self._view(module, owner), expr.attr)
            return
        yield from self._of_definition(module, expr)

    def _attribute_values(self, view: ClassView, name: str) -> Iterator[Value]:
        for each in view.classes:
            yield from (Value(each.module, value) for value in self._assigned_in(each.node).get(name, ()))
        for owner, statement in view.members(name):
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                yield Value(owner.module, statement.value)
            elif isinstance(statement, FunctionNode) and statement.decorator_list:
                yield from (Value(owner.module, each) for each in returned(statement))

    def _view(self, module: Module, node: ast.ClassDef) -> ClassView:
        if node not in self._views:
            self._views[node] = ClassView(self._symbols, ClassId(module, node))
        return self._views[node]

    def _assigned_in(self, node: ast.ClassDef) -> dict[str, list[ast.expr]]:
        """Return what a class assigns to attributes of `self`, by their names."""
        if node not in self._own_attributes:
            table: dict[str, list[ast.expr]] = {}
            for name, value in _attribute_assignments(node):
                table.setdefault(name, []).append(value)
            self._own_attributes[node] = table
        return self._own_attributes[node]

    def _of_call(self, module: Module, call: ast.Call) -> Iterator[Value]:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
            table = list(self._of_table(module, func.value))
            yield from table
            # Without the default, a lookup that misses would hide what the program falls back on.
            yield from (Value(module, each) for each in call.args[1:2])
            return
        target = self.function(module, call)
        if target is not None and not _is_generator(target[1]):
            yield from (Value(target[0], each) for each in returned(target[1]))

    def _of_table(self, module: Module, expr: ast.expr) -> Iterator[Value]:
        for source in self._sources(Value(module, expr), set(), _MAX_DEPTH - 3):
            if isinstance(source.expr, ast.Dict):
                yield from (Value(source.module, each) for each in source.expr.values)


@dataclass(frozen=True, slots=True)
class _Method:
    module: Module
    node: FunctionNode


def own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body in the order of the text, those of functions inside it left out."""
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def returned(function: FunctionNode) -> list[ast.expr]:
    """Return the expressions that a function's return statements give back."""
    return [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]


def _is_generator(function: FunctionNode) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))


def _assigned(binding: Binding) -> ast.expr | None:
    return binding.value if binding.kind is Kind.ASSIGNMENT else None


def _attribute_assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Assign):
            targets, value = each.targets, each.value
        elif isinstance(each, ast.AnnAssign) and each.value is not None:
            targets, value = [each.target], each.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in _SELF:
                yield target.attr, value
