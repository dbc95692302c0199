"""Classes of a project and what they inherit, over any number of files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.symbols import Symbols, plain_class_expression
from chatkit_doctor.records import dataclass

# Bases that add nothing a rule asks about, so that knowing nothing of them leaves no gap.
_NEUTRAL_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Generic"})

# No hierarchy that people write is as deep; one that a machine wrote must not hold the scan up.
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class ClassId:
    """A class of the project: its node and the module it stands in."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """Return the class's own name."""
        return self.node.name


class ClassView:
    """One class with everything it inherits, in Python's method resolution order."""

    def __init__(self, symbols: Symbols, own: ClassId) -> None:
        self.own = own
        self._symbols = symbols

    @property
    def name(self) -> str:
        """Return the class's own name."""
        return self.own.node.name

    @cached_property
    def ancestry(self) -> tuple[ClassId | str, ...]:
        """Return the class and all it inherits in Python's order; what is not the project's own by its dotted name."""
        return tuple(self._order(self.own, ()))

    def _order(self, current: ClassId, path: tuple[ast.ClassDef, ...]) -> list[ClassId | str]:
        if current.node in path or len(path) > _DEEPEST:
            return []
        orders: list[list[ClassId | str]] = []
        for base in current.node.bases:
            local, external = self._base(current.module, base)
            orders += [self._order(each, (*path, current.node)) for each in local]
            orders += [[each] for each in external]
        filled = [each for each in orders if each]
        return [current, *_merged([*filled, [each[0] for each in filled]])]

    @cached_property
    def parents(self) -> tuple[ClassView | str, ...]:
        """Return the bases as they are written; what is not the project's own by its dotted name."""
        found: list[ClassView | str] = []
        for base in self.own.node.bases:
            local, external = self._base(self.own.module, base)
            found += [*(ClassView(self._symbols, each) for each in local), *external]
        return tuple(found)

    @cached_property
    def is_complete(self) -> bool:
        """Return whether every base, at every level, was found or is named."""
        return all(
            all(any(self._base(each.module, base)) for base in each.node.bases)
            and all(keyword.arg is not None for keyword in each.node.keywords)
            for each in self.classes
        )

    def _base(self, module: Module, expr: ast.expr) -> tuple[list[ClassId], list[str]]:
        plain = plain_class_expression(expr)
        local: list[ClassId] = []
        external: list[str] = []
        for found in self._symbols.definitions(module, plain):
            if found.class_node is not None and found.module is not None:
                local.append(ClassId(found.module, found.class_node))
            elif found.external:
                external.append(found.external)
        if not local and not external and isinstance(plain, ast.Name) and plain.id == "object":
            external.append("object")
        return local[:1], external

    @cached_property
    def classes(self) -> tuple[ClassId, ...]:
        """Return the class itself and its ancestors in the project, nearest first."""
        return tuple(each for each in self.ancestry if isinstance(each, ClassId))

    @cached_property
    def externals(self) -> tuple[str, ...]:
        """Return the dotted names of ancestors that are not the project's own, such as `chatkit.store.Store`."""
        return tuple(each for each in self.ancestry if isinstance(each, str))

    def unknown_externals(self, known: Iterable[str]) -> list[str]:
        """Return the external ancestors that are neither `known` nor without any content of their own."""
        neutral = _NEUTRAL_BASES.union(known)
        return [each for each in self.externals if each not in neutral]

    def members(self, name: str) -> Iterator[tuple[ClassId, ast.stmt]]:
        """Yield the statements that define an attribute of this name, the one Python would find first."""
        for each in self.classes:
            # What a body defines last stands.
            for statement in reversed(list(_class_statements(each.node.body))):
                if name in bound_names(statement):
                    yield each, statement

    def method(self, name: str) -> tuple[ClassId, FunctionNode] | None:
        """Return the function that a call of this method reaches, or None where it is inherited from outside."""
        first = next(self.members(name), None)
        if first and isinstance(first[1], FunctionNode):
            return first[0], first[1]
        return None

    def defines(self, name: str) -> bool:
        """Return whether the class or an ancestor in the project binds this name in its body."""
        return next(self.members(name), None) is not None


class Hierarchy:
    """All classes of a set of modules, with their ancestors and subclasses."""

    def __init__(self, symbols: Symbols, modules: Iterable[Module]) -> None:
        self.views = tuple(
            ClassView(symbols, ClassId(module, node)) for module in modules for node in module.nodes(ast.ClassDef)
        )

    @cached_property
    def _views_by_node(self) -> dict[ast.ClassDef, ClassView]:
        return {view.own.node: view for view in self.views}

    @cached_property
    def _subclasses(self) -> dict[ast.ClassDef, list[ClassView]]:
        found: dict[ast.ClassDef, list[ClassView]] = {}
        for view in self.views:
            for ancestor in view.classes[1:]:
                found.setdefault(ancestor.node, []).append(view)
        return found

    def view(self, node: ast.ClassDef) -> ClassView | None:
        """Return the view of a class by its node."""
        return self._views_by_node.get(node)

    def subclasses(self, view: ClassView) -> list[ClassView]:
        """Return the classes that inherit from this one, at any depth."""
        return self._subclasses.get(view.own.node, [])


def _merged(orders: list[list[ClassId | str]]) -> Iterator[ClassId | str]:
    """Yield the C3 merge of orders. Where there is none, Python would refuse the class: the first come first."""
    waiting = [list(order) for order in orders if order]
    while waiting:
        tails = [each for order in waiting for each in order[1:]]
        head = next((order[0] for order in waiting if order[0] not in tails), waiting[0][0])
        yield head
        waiting = [rest for order in waiting if (rest := [each for each in order if each != head])]


def _class_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a class body that can run, those inside `if` and `try` included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _class_statements([*([] if is_for_checkers(statement) else statement.body), *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _class_statements([*statement.body, *statement.orelse, *statement.finalbody])


def is_for_checkers(statement: ast.If) -> bool:
    """Return whether only type checkers read the body of an `if`."""
    test = statement.test
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return name == "TYPE_CHECKING"


def bound_names(statement: ast.stmt) -> list[str]:
    """Return the names that a statement of a class's body defines."""
    if isinstance(statement, FunctionNode | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id] if statement.value is not None else []
    return []
