"""Classes of a project and what they inherit, over any number of files."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.symbols import Symbols, plain_class_expression
from chatkit_doctor.records import dataclass

# Bases that add nothing a rule asks about, so that knowing nothing of them leaves no gap.
_NEUTRAL_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Generic"})

# No class that people write has as many ancestors; one that a machine wrote must not hold the scan up. It, and what
# inherits from it, then has a base of which nothing is known.
_MOST_ANCESTORS = 60
_UNFOLLOWED = "…"

Order = tuple["ClassId | str", ...]


@dataclass(frozen=True, slots=True)
class ClassId:
    """A class of the project: its node and the module it stands in."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """Return the class's own name."""
        return self.node.name


class Orders:
    """The ancestors of classes in Python's order, worked out once for each class, bases first."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._known: dict[ast.ClassDef, Order] = {}
        self._defined: dict[ast.ClassDef, dict[str, list[ast.stmt]]] = {}

    def of(self, own: ClassId) -> Order:
        """Return a class and all it inherits; of very many ancestors none but one that is not known."""
        waiting: list[tuple[ClassId, bool]] = [(own, False)]
        begun: set[ast.ClassDef] = set()
        while waiting:
            current, is_ready = waiting.pop()
            if current.node in self._known:
                continue
            if is_ready:
                self._known[current.node] = self._merged(current)
            elif current.node not in begun:
                begun.add(current.node)
                waiting.append((current, True))
                waiting += [(each, False) for each in self._local(current)]
        return self._known[own.node]

    def defined(self, node: ast.ClassDef) -> dict[str, list[ast.stmt]]:
        """Return the statements of a class's own body by the names they define, the one that stands first."""
        if node not in self._defined:
            found = self._defined[node] = {}
            # What a body defines last stands.
            for statement in reversed(list(_class_statements(node.body))):
                for name in dict.fromkeys(bound_names(statement)):
                    found.setdefault(name, []).append(statement)
        return self._defined[node]

    def _merged(self, current: ClassId) -> Order:
        orders: list[Order] = []
        bases = current.node.bases
        if len(bases) > _MOST_ANCESTORS:
            return (current, _UNFOLLOWED)
        for base in bases:
            local, external = self.bases(current.module, base)
            # A class that inherits from itself, by whatever way, has no order of its own yet.
            orders += [self._known.get(each.node, ()) for each in local]
            orders += [(each,) for each in external]
        filled = list(dict.fromkeys(each for each in orders if each))
        if any(each[-1] == _UNFOLLOWED for each in filled):
            return (current, _UNFOLLOWED)
        merged = filled[0] if len(filled) == 1 else tuple(_merged([*filled, tuple(each[0] for each in filled)]))
        return (current, *merged) if len(merged) < _MOST_ANCESTORS else (current, _UNFOLLOWED)

    def _local(self, current: ClassId) -> Iterator[ClassId]:
        for base in current.node.bases[: _MOST_ANCESTORS + 1]:
            yield from self.bases(current.module, base)[0]

    def bases(self, module: Module, expr: ast.expr) -> tuple[list[ClassId], list[str]]:
        """Return the classes of the project and the dotted names of others that a base may be."""
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


class ClassView:
    """One class with everything it inherits, in Python's method resolution order."""

    def __init__(self, symbols: Symbols, own: ClassId, orders: Orders | None = None) -> None:
        self.own = own
        self._symbols = symbols
        self._orders = orders if orders is not None else Orders(symbols)

    @property
    def name(self) -> str:
        """Return the class's own name."""
        return self.own.node.name

    @cached_property
    def ancestry(self) -> tuple[ClassId | str, ...]:
        """Return the class and all it inherits in Python's order; what is not the project's own by its dotted name."""
        return self._orders.of(self.own)

    @cached_property
    def parents(self) -> tuple[ClassView | str, ...]:
        """Return the bases as they are written; what is not the project's own by its dotted name."""
        found: list[ClassView | str] = []
        for base in self.own.node.bases:
            local, external = self._orders.bases(self.own.module, base)
            found += [*(ClassView(self._symbols, each, self._orders) for each in local), *external]
        return tuple(found)

    @cached_property
    def is_complete(self) -> bool:
        """Return whether every base, at every level, was found or is named."""
        return _UNFOLLOWED not in self.ancestry and all(
            all(any(self._orders.bases(each.module, base)) for base in each.node.bases)
            and all(keyword.arg is not None for keyword in each.node.keywords)
            for each in self.classes
        )

    @cached_property
    def classes(self) -> tuple[ClassId, ...]:
        """Return the class itself and its ancestors in the project, nearest first."""
        return tuple(each for each in self.ancestry if isinstance(each, ClassId))

    @cached_property
    def externals(self) -> tuple[str, ...]:
        """Return the dotted names of ancestors that are not the project's own, such as `chatkit.store.Store`."""
        return tuple(each for each in self.ancestry if isinstance(each, str))

    @property
    def bases_at_any_depth(self) -> Iterable[ClassId]:
        """Return the ancestors in the project; of a class with too many, its bases and what is known of these."""
        if _UNFOLLOWED not in self.ancestry:
            return self.classes[1:]
        bases = self.own.node.bases[:_MOST_ANCESTORS]
        local = (each for base in bases for each in self._orders.bases(self.own.module, base)[0])
        known = (each for one in local for each in self._orders.of(one))
        return dict.fromkeys(each for each in known if isinstance(each, ClassId))

    def unknown_externals(self, known: Iterable[str]) -> list[str]:
        """Return the external ancestors that are neither `known` nor without any content of their own."""
        neutral = _NEUTRAL_BASES.union(known)
        return [each for each in self.externals if each not in neutral]

    def members(self, name: str) -> Iterator[tuple[ClassId, ast.stmt]]:
        """Yield the statements that define an attribute of this name, the one Python would find first."""
        for each in self.classes:
            for statement in self._orders.defined(each.node).get(name, ()):
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
        orders = Orders(symbols)
        self.views = tuple(
            ClassView(symbols, ClassId(module, node), orders)
            for module in modules
            for node in module.nodes(ast.ClassDef)
        )

    @cached_property
    def _views_by_node(self) -> dict[ast.ClassDef, ClassView]:
        return {view.own.node: view for view in self.views}

    @cached_property
    def _subclasses(self) -> dict[ast.ClassDef, list[ClassView]]:
        found: dict[ast.ClassDef, list[ClassView]] = {}
        for view in self.views:
            for ancestor in view.bases_at_any_depth:
                found.setdefault(ancestor.node, []).append(view)
        return found

    def view(self, node: ast.ClassDef) -> ClassView | None:
        """Return the view of a class by its node."""
        return self._views_by_node.get(node)

    def subclasses(self, view: ClassView) -> list[ClassView]:
        """Return the classes that inherit from this one, at any depth."""
        return self._subclasses.get(view.own.node, [])


def _merged(orders: list[Order]) -> Iterator[ClassId | str]:
    """Yield the C3 merge of orders. Where there is none, Python would refuse the class: the first come first."""
    waiting = [list(reversed(order)) for order in orders if order]
    behind = Counter(each for order in waiting for each in order[:-1])
    while waiting:
        head = next((order[-1] for order in waiting if not behind[order[-1]]), waiting[0][-1])
        yield head
        for order in waiting:
            if order[-1] == head:
                order.pop()
                if order:
                    behind[order[-1]] -= 1
            elif behind[head] and head in order:
                order.remove(head)
                behind[head] -= 1
        waiting = [order for order in waiting if order]


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
