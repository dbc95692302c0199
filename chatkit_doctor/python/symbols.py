"""Following a name through a project's files to what defines it: a class or function here, or an installed package."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from pathlib import Path

from chatkit_doctor.budget import Budget
from chatkit_doctor.python.layout import Layout
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Binding, BindingKind, Names
from chatkit_doctor.records import dataclass

# No name that people write goes through as many others; one that a machine wrote is followed no further.
_MOST_STEPS = 60

_Seen = set[Binding | tuple[Module, str]]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name stands for in the end.

    external: the dotted name in a package that is not the project's, or "" when it is the project's own.
    module, binding: the project's own file and the binding in it (a class, a function, an assignment).
    """

    external: str = ""
    module: Module | None = None
    binding: Binding | None = None

    @property
    def class_node(self) -> ast.ClassDef | None:
        """Return the class this is, when it is one of the project's own."""
        node = self.binding.node if self.binding else None
        return node if isinstance(node, ast.ClassDef) else None

    @property
    def function_node(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function this is, when it is one of the project's own."""
        node = self.binding.node if self.binding else None
        return node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None


class Symbols:
    """Definitions across the files of one project."""

    def __init__(self, layout: Layout, module_at: Callable[[Path], Module | None], budget: Budget) -> None:
        self._budget = budget
        self._layout = layout
        self._module_at = module_at
        # By the lists of bindings, which the tables of names keep.
        self._meanings: dict[int, tuple[Definition, ...]] = {}
        self._known: dict[ast.expr, tuple[Definition, ...]] = {}
        self._classes: dict[int, tuple[ast.ClassDef, ...]] = {}

    def names(self, module: Module) -> Names:
        """Return the table of names of a module."""
        return module.derive(Names)

    def definition(self, module: Module, expr: ast.expr | None) -> Definition | None:
        """Return what an expression (a name, a dotted name, a subscripted class) stands for, or None if unknown."""
        return next(self.definitions(module, expr), None)

    def definitions(self, module: Module, expr: ast.expr | None) -> Iterator[Definition]:
        """Yield everything that an expression may stand for: a try/except import pair gives two."""
        return iter(self._definitions(module, expr))

    def classes(self, module: Module, expr: ast.expr) -> tuple[ast.ClassDef, ...]:
        """Return the project's own classes that an expression may stand for, each once."""
        found = self._definitions(module, expr)
        key = id(found)  # kept for the expression, which lives as long as this does
        if key not in self._classes:
            nodes = dict.fromkeys(each.class_node for each in found)
            self._classes[key] = tuple(each for each in nodes if each is not None)
        return self._classes[key]

    def _definitions(self, module: Module, expr: ast.expr | None) -> tuple[Definition, ...]:
        expr = plain_class_expression(expr)
        if expr is None:
            return ()
        # Many models ask for the same expressions.
        known = self._known.get(expr)
        if known is None:
            self._budget.spend()
            known = self._known[expr] = self._define(module, expr)
        return known

    def _define(self, module: Module, expr: ast.expr) -> tuple[Definition, ...]:
        bindings = self.names(module).lookup(expr.id, expr) if isinstance(expr, ast.Name) else []
        if not bindings:
            return tuple(self._of_expression(module, expr, set()))
        # A name means the same wherever the same bindings of it are seen.
        key = id(bindings)
        if key not in self._meanings:
            self._meanings[key] = tuple(self._of_expression(module, expr, set()))
        return self._meanings[key]

    def dotted(self, module: Module, dotted: str) -> Definition | None:
        """Return what a dotted name, as an import in `module` would read it, stands for."""
        return next(self._of_dotted(module, dotted, set()), None)

    def _of_expression(self, module: Module, expr: ast.expr | None, seen: _Seen) -> Iterator[Definition]:
        expr = plain_class_expression(expr)
        if isinstance(expr, ast.Name):
            found = self.names(module).lookup(expr.id, expr)
            for binding in found:
                if len(seen) > _MOST_STEPS:
                    break
                yield from self._of_binding(module, binding, seen)
            if not found and not hasattr(builtins, expr.id):
                yield from self._of_star_imports(module, expr.id, seen)
        elif isinstance(expr, ast.Attribute):
            for dotted in self.names(module).qualified_all(expr):
                yield from self._of_dotted(module, dotted, seen)

    def _of_binding(self, module: Module, binding: Binding, seen: _Seen) -> Iterator[Definition]:
        if binding in seen or len(seen) > _MOST_STEPS:
            return
        seen.add(binding)
        if binding.kind is BindingKind.IMPORT:
            yield from self._of_dotted(module, binding.dotted, seen)
        elif binding.kind is BindingKind.ASSIGNMENT and isinstance(
            binding.value, ast.Name | ast.Attribute | ast.Subscript
        ):
            found = list(self._of_expression(module, binding.value, seen))
            yield from found or [Definition(module=module, binding=binding)]
        else:
            yield Definition(module=module, binding=binding)

    def _of_dotted(self, module: Module, dotted: str, seen: _Seen) -> Iterator[Definition]:
        # Each step once: circles of imports and of assignments end here.
        if (module, dotted) in seen or len(seen) > _MOST_STEPS:
            return
        seen.add((module, dotted))
        owner, _, name = dotted.rpartition(".")
        if owner.strip(".") == "" and dotted.startswith("."):
            owner = dotted[: len(dotted) - len(name)]
        path = self._layout.resolve(module.source.path, owner) if owner else None
        if path is None:
            if not dotted.startswith(".") and self._layout.resolve(module.source.path, dotted) is None:
                yield Definition(external=dotted)
            return
        target = self._module_at(path)
        if target is None:
            return
        names = self.names(target)
        found = names.module_level(name)
        for binding in found:
            yield from self._of_binding(target, binding, seen)
        if not found:
            yield from self._of_star_imports(target, name, seen)

    def _of_star_imports(self, module: Module, name: str, seen: _Seen) -> Iterator[Definition]:
        for owner in module.derive(_star_imports):
            joined = owner + name if owner.endswith(".") else f"{owner}.{name}"
            yield from self._of_dotted(module, joined, seen)


def _star_imports(module: Module) -> tuple[str, ...]:
    """Return the modules that all names are imported from, of very many none: each unknown name may be in any."""
    found = tuple(dict.fromkeys(module.derive(Names).star_imports()))
    return found if len(found) <= _MOST_STEPS else ()


def plain_class_expression(expr: ast.expr | None) -> ast.expr | None:
    """Take the type arguments off a class expression: `Store[dict]` gives `Store`."""
    while isinstance(expr, ast.Subscript):
        expr = expr.value
    return expr
