"""Where the value of an expression comes from, followed through names, attributes, calls and files.

`Flow.sources` walks from an expression to the expressions that can be its value: through local and imported
names, `self` attributes, the returns of the project's own functions, ternaries and lookups in literal
tables. What it cannot follow it hands back as it is, so that a caller sees what it does not know.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.budget import Budget
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, children, is_none, walk
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.python.symbols import Symbols
from chatkit_doctor.records import dataclass

_MAX_DEPTH = 10
_SELF = frozenset({"self", "cls"})
# Objects that are made by methods of objects, and so on: nobody writes it deeper.
_MAX_OBJECTS = 4
# Tables that are asked for within each other.
_MAX_TABLES = 30
# Of one name: people write fewer.
_MANY_BINDINGS = 30
# As many are gone through where it is asked what an object or a table is.
_MOST_BINDINGS = 60


@dataclass(frozen=True, slots=True)
class PlacedExpr:
    """An expression and the module it stands in."""

    module: Module
    expr: ast.expr


class Flow:
    """The flow of values through the files of one project."""

    def __init__(self, symbols: Symbols, budget: Budget) -> None:
        self._symbols = symbols
        self._budget = budget
        self._views: dict[ast.ClassDef, ClassView] = {}
        self._own_attributes: dict[ast.ClassDef, dict[str, list[ast.expr]]] = {}
        # What is being asked for its class: an expression, or a name that is set very often.
        self._objects: set[ast.expr | int] = set()
        self._tables: set[ast.expr | int] = set()
        self._known_tables: dict[
            tuple[ast.expr | int, frozenset[ast.expr | int], frozenset[ast.expr | int]], tuple[PlacedExpr, ...]
        ] = {}
        self._known_classes: dict[
            tuple[int, frozenset[ast.expr | int], frozenset[ast.expr | int]], ClassView | None
        ] = {}
        # Only of questions from outside: within one, what is being asked already cuts the answer short.
        self._known_sources: dict[ast.expr, tuple[PlacedExpr, ...]] = {}
        self._of_crowds: dict[int, tuple[PlacedExpr, ...]] = {}
        self._known_calls: dict[ast.expr, tuple[PlacedExpr, ...]] = {}
        self._known_functions: dict[ast.Call, tuple[Module, FunctionNode] | None] = {}
        # While somebody asks which calls a value comes through: those that were followed.
        self._followed: list[PlacedExpr] | None = None
        # By the lists of bindings, which the tables of names keep: those that a value can be followed through.
        self._telling: dict[int, tuple[Binding, ...]] = {}

    def sources(self, module: Module, expr: ast.expr) -> Iterator[PlacedExpr]:
        """Yield the expressions that an expression's value can come from; at the least the expression itself."""
        if self._is_from_outside:
            yield from self.all_sources(module, expr)
        else:
            yield from self._sources(PlacedExpr(module, expr), set(), 0)

    def all_sources(self, module: Module, expr: ast.expr) -> tuple[PlacedExpr, ...]:
        """Return the same at once, one and the same tuple for each use of a name that is set very often."""
        if not self._is_from_outside:
            return tuple(self._sources(PlacedExpr(module, expr), set(), 0))
        if expr not in self._known_sources:
            crowd = self.crowd_of(module, expr)
            found = self._of_crowds.get(crowd) if crowd is not None else None
            if found is None:
                found = tuple(self._sources(PlacedExpr(module, expr), set(), 0))
                if crowd is not None:
                    self._of_crowds[crowd] = found
            self._known_sources[expr] = found
        return self._known_sources[expr]

    def calls_behind(self, module: Module, expr: ast.expr) -> tuple[PlacedExpr, ...]:
        """Return the calls of the project's own functions whose returns an expression's value can come through."""
        if expr not in self._known_calls:
            self._followed = []
            try:
                for _ in self._sources(PlacedExpr(module, expr), set(), 0):
                    pass
                self._known_calls[expr] = tuple(self._followed)
            finally:
                self._followed = None
        return self._known_calls[expr]

    def crowd_of(self, module: Module, name: ast.expr) -> int | None:
        """Return what is the same for each use of a name that is set very often; None for all else."""
        if not isinstance(name, ast.Name):
            return None
        bindings = self._symbols.names(module).lookup(name.id, name)
        return id(bindings) if len(self._telling_of(bindings)) > _MANY_BINDINGS else None

    @property
    def _is_from_outside(self) -> bool:
        return not self._objects and not self._tables

    def function(self, module: Module, call: ast.Call) -> tuple[Module, FunctionNode] | None:
        """Return the project's own function or method that a call reaches, or None."""
        if not self._is_from_outside:
            return self._function(module, call)
        if call not in self._known_functions:
            self._known_functions[call] = self._function(module, call)
        return self._known_functions[call]

    def _function(self, module: Module, call: ast.Call) -> tuple[Module, FunctionNode] | None:
        method = self._own_method(module, call.func)
        if method is not None:
            return method
        found = self._symbols.definition(module, call.func)
        if found and found.module and found.function_node:
            return found.module, found.function_node
        return None

    def _own_method(self, module: Module, func: ast.expr) -> tuple[Module, FunctionNode] | None:
        if not isinstance(func, ast.Attribute):
            return None
        if isinstance(func.value, ast.Name) and func.value.id in _SELF:
            owner = module.enclosing_class(func)
            view = self._view(module, owner) if owner else None
        else:
            view = self.class_of(module, func.value)
        found = view.method(func.attr) if view else None
        return (found[0].module, found[1]) if found else None

    def class_of(self, module: Module, expr: ast.expr) -> ClassView | None:
        """Return the project's own class that an object is of, or None where it may be of another as well."""
        crowd = self.crowd_of(module, expr)
        if crowd is None:
            return self._class_of(module, expr, expr)
        if len(self._telling[crowd]) > _MOST_BINDINGS:
            return None
        # As with a table, what is found depends on what is being asked already, and not on which of the uses it is.
        key = (crowd, frozenset(self._tables), frozenset(self._objects))
        if key not in self._known_classes:
            self._known_classes[key] = self._class_of(module, expr, crowd)
        return self._known_classes[key]

    def _class_of(self, module: Module, expr: ast.expr, asked: ast.expr | int) -> ClassView | None:
        if asked in self._objects or len(self._objects) >= _MAX_OBJECTS:
            return None
        self._objects.add(asked)
        try:
            values = [each for each in self.sources(module, expr) if not is_none(each.expr)]
            views = {self._made_class(each) for each in values}
        finally:
            self._objects.discard(asked)
        return views.pop() if len(views) == 1 else None

    def _made_class(self, value: PlacedExpr) -> ClassView | None:
        """Return the project's class that a call makes an object of, or that a parameter is annotated with."""
        made: ast.expr | None = value.expr.func if isinstance(value.expr, ast.Call) else None
        if isinstance(value.expr, ast.Name):
            bindings = self._symbols.names(value.module).lookup(value.expr.id, value.expr)
            is_parameter = [each.kind for each in bindings[:2]] == [BindingKind.PARAMETER]
            made = _without_none(bindings[0].annotation) if is_parameter else None
        found = self._symbols.definition(value.module, made) if made is not None else None
        if found is None or found.module is None or found.class_node is None:
            return None
        return self._view(found.module, found.class_node)

    def _sources(self, value: PlacedExpr, seen: set[ast.expr | int], depth: int) -> Iterator[PlacedExpr]:
        if value.expr in seen or depth > _MAX_DEPTH:
            return
        seen.add(value.expr)
        self._budget.spend()
        is_followed = False
        for step in self._steps(value, seen):
            is_followed = True
            yield from self._sources(step, seen, depth + 1)
        if not is_followed:
            yield value

    def _steps(self, value: PlacedExpr, seen: set[ast.expr | int]) -> Iterator[PlacedExpr]:
        module, expr = value.module, value.expr
        if isinstance(expr, ast.Await | ast.NamedExpr):
            yield PlacedExpr(module, expr.value)
        elif isinstance(expr, ast.IfExp):
            yield from (PlacedExpr(module, expr.body), PlacedExpr(module, expr.orelse))
        elif isinstance(expr, ast.BoolOp):
            yield from (PlacedExpr(module, each) for each in expr.values)
        elif isinstance(expr, ast.Name):
            yield from self._of_name(module, expr, seen)
        elif isinstance(expr, ast.Attribute):
            yield from self._of_attribute(module, expr)
        elif isinstance(expr, ast.Subscript) and not isinstance(expr.slice, ast.Slice):
            yield from self._of_table(module, expr.value)
        elif isinstance(expr, ast.Call):
            yield from self._of_call(module, expr)

    def _of_name(self, module: Module, name: ast.Name, seen: set[ast.expr | int]) -> Iterator[PlacedExpr]:
        bindings = self._symbols.names(module).lookup(name.id, name)
        telling, key = self._telling_of(bindings), id(bindings)
        if len(telling) > _MANY_BINDINGS:
            # `rows = sorted(rows)` again and again: all of them are being gone through already.
            telling = telling[: 1 if key in seen else None]
            seen.add(key)
        if not self._is_from_outside:
            telling = telling[:_MOST_BINDINGS]
        for binding in telling:
            if binding.kind is BindingKind.IMPORT:
                yield from self._of_definition(module, name)
            elif (value := _assigned(binding)) is not None:
                yield PlacedExpr(module, value)

    def _telling_of(self, bindings: list[Binding]) -> tuple[Binding, ...]:
        # What loops bind as often as it is read says nothing, and is gone through once.
        key = id(bindings)  # the list of a scope's table, which lives as long as this does
        telling = self._telling.get(key)
        if telling is None:
            telling = self._telling[key] = tuple(filter(_is_telling, bindings))
        return telling

    def _of_definition(self, module: Module, expr: ast.expr) -> Iterator[PlacedExpr]:
        for found in self._symbols.definitions(module, expr):
            if found.module and found.binding and (value := _assigned(found.binding)) is not None:
                yield PlacedExpr(found.module, value)

    def _of_attribute(self, module: Module, expr: ast.Attribute) -> Iterator[PlacedExpr]:
        if isinstance(expr.value, ast.Name) and expr.value.id in _SELF:
            owner = module.enclosing_class(expr)
            if owner is not None:
                yield from self._attribute_values(self._view(module, owner), expr.attr)
            return
        yield from self._of_definition(module, expr)

    def _attribute_values(self, view: ClassView, name: str) -> Iterator[PlacedExpr]:
        for each in view.classes:
            yield from (PlacedExpr(each.module, value) for value in self._assigned_in(each.node).get(name, ()))
        for owner, statement in view.members(name):
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                yield PlacedExpr(owner.module, statement.value)
            elif isinstance(statement, FunctionNode) and statement.decorator_list:
                yield from (PlacedExpr(owner.module, each) for each in returned(statement))

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

    def _of_call(self, module: Module, call: ast.Call) -> Iterator[PlacedExpr]:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
            table = list(self._of_table(module, func.value))
            yield from table
            # Without the default, a lookup that misses would hide what the program falls back on.
            yield from (PlacedExpr(module, each) for each in call.args[1:2])
            return
        if (named := _named_attribute(call)) is not None:
            owner = module.enclosing_class(call)
            values = list(self._attribute_values(self._view(module, owner), named)) if owner else []
            yield from values
            yield from (PlacedExpr(module, each) for each in call.args[2:3] if values)
            return
        target = self.function(module, call)
        if target is not None and not _is_generator(target[1]):
            if self._followed is not None and self._is_from_outside:
                self._followed.append(PlacedExpr(module, call))
            yield from (PlacedExpr(target[0], each) for each in returned(target[1]))

    def _of_table(self, module: Module, expr: ast.expr) -> Iterator[PlacedExpr]:
        crowd = self.crowd_of(module, expr)
        if crowd is not None and len(self._telling[crowd]) > _MOST_BINDINGS:
            return
        # `row = row["next"]` asks for the tables of what it has just been asked for.
        asked = expr if crowd is None else crowd
        if asked in self._tables or len(self._tables) >= _MAX_TABLES:
            return
        # `row = row.get("next")` a few times over comes to the same table by very many ways: what is found there
        # depends on what is being asked already, and on nothing else.
        key = (asked, frozenset(self._tables), frozenset(self._objects))
        known = self._known_tables.get(key)
        if known is None:
            self._tables.add(asked)
            try:
                found = list(self._sources(PlacedExpr(module, expr), set(), _MAX_DEPTH - 3))
            finally:
                self._tables.discard(asked)
            tables = ((source.module, source.expr) for source in found if isinstance(source.expr, ast.Dict))
            known = tuple(PlacedExpr(owner, each) for owner, table in tables for each in table.values)
            self._known_tables[key] = known
        yield from known


# Where they are kept: with the node itself.
_OWN_NODES = "_own_nodes"
_OF_THEIR_OWN = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})


def own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body in the order of the text, those of functions inside it left out."""
    # Many models ask for them, and the tree never changes.
    known: tuple[ast.AST, ...] | None = vars(function).get(_OWN_NODES)
    if known is None:
        known = vars(function)[_OWN_NODES] = tuple(_find_own_nodes(function))
    return iter(known)


def _find_own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if type(node) not in _OF_THEIR_OWN:
            stack += reversed(children(node))


_OWN_NAMES = "_own_names"


def own_names(function: FunctionNode, name: str, context: type[ast.expr_context]) -> list[ast.Name]:
    """Return where a function's body reads, sets or deletes a name, in the order of the text."""
    known: dict[tuple[str, type[ast.expr_context]], list[ast.Name]] | None = vars(function).get(_OWN_NAMES)
    if known is None:
        known = vars(function)[_OWN_NAMES] = {}
        for each in own_nodes(function):
            if isinstance(each, ast.Name):
                known.setdefault((each.id, type(each.ctx)), []).append(each)
    return known.get((name, context), [])


def returned(function: FunctionNode) -> list[ast.expr]:
    """Return the expressions that a function's return statements give back."""
    return [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]


def _is_generator(function: FunctionNode) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))


def _assigned(binding: Binding) -> ast.expr | None:
    return binding.value if binding.kind is BindingKind.ASSIGNMENT else None


def _is_telling(binding: Binding) -> bool:
    return binding.kind is BindingKind.IMPORT or _assigned(binding) is not None


def _without_none(annotation: ast.expr | None) -> ast.expr | None:
    """Return what an annotation says besides that it may be None."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return annotation.left if is_none(annotation.right) else annotation.right if is_none(annotation.left) else None
    if isinstance(annotation, ast.Subscript) and getattr(annotation.value, "id", "") == "Optional":
        return annotation.slice
    return annotation


def _named_attribute(call: ast.Call) -> str | None:
    """Return the name that `getattr(self, "name")` asks for."""
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=owner), ast.Constant(value=str(name)), *_]):
            return name if owner in _SELF else None
    return None


def _attribute_assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for each in walk(node):
        if isinstance(each, ast.Assign):
            targets, value = each.targets, each.value
        elif isinstance(each, ast.AnnAssign) and each.value is not None:
            targets, value = [each.target], each.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in _SELF:
                yield target.attr, value
