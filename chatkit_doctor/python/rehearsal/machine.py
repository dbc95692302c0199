"""A rehearsal: the project's functions and classes gone through with imaginary values, one way at each fork.

What other packages do is asked of `Outside`; what it does not know gives a `Blank`.
"""

from __future__ import annotations

import ast
from typing import Protocol

from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, is_none
from chatkit_doctor.python.names import Binding, BindingKind, Names
from chatkit_doctor.python.rehearsal.calling import Calling
from chatkit_doctor.python.rehearsal.connecting import connections
from chatkit_doctor.python.rehearsal.own_functions import BUILTINS
from chatkit_doctor.python.rehearsal.own_methods import own_method
from chatkit_doctor.python.rehearsal.values import (
    Blank,
    BlankMethod,
    Built,
    Class,
    Closure,
    Locals,
    Lost,
    Outer,
    Super,
    Thing,
)
from chatkit_doctor.python.symbols import Definition, Symbols
from chatkit_doctor.records import replace
from chatkit_doctor.remembered import remembered

_PLAIN_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "override", "cached_property", "abstractmethod"}
)


class Outside(Protocol):
    """What a rehearsal asks of the world around the project's own code; NotImplemented says that it does not know."""

    def call(
        self, machine: Machine, dotted: str, arguments: list[object], named: dict[str, object], node: ast.Call
    ) -> object:
        """Return what calling something of another package gives."""

    def method(
        self, machine: Machine, holder: object, name: str, arguments: list[object], named: dict[str, object]
    ) -> object:
        """Return what a method of a value that is not the project's own gives."""

    def given(self, dotted: str) -> object:
        """Return what stands in for an argument whose type is a class of another package."""

    def compared(self, op: ast.cmpop, left: object, right: object) -> object:
        """Return what a comparison gives."""

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value that is not the project's own."""

    def entry(self, holder: object, key: object) -> object:
        """Return an entry of a value that is not Python's own."""


class Machine(Calling):
    """One pass. `forks` says which way to go at each; those it meets besides are taken the first way and kept."""

    def __init__(self, symbols: Symbols, outside: Outside, forks: dict[ast.AST, bool]) -> None:
        super().__init__()
        self.symbols = symbols
        self.outside = outside
        self.forks = forks
        self._globals: dict[Binding, object] = {}
        self._class_values: dict[tuple[ast.ClassDef, str], object] = {}
        # The unknown objects of which an attribute was set, and to what.
        self.changed: list[tuple[Blank, object]] = []
        # The unknown objects whose unknown methods got something, what these got that is known, and the unknown objects
        # that unknown code got with something else, and the texts.
        self.handed_over: list[object] = []
        # How often somebody has looked at the clock.
        self.moments = 0
        self._views: dict[ast.ClassDef, ClassView] = {}

    def decide(self, node: ast.AST) -> bool:
        """Return which way this pass goes where a branch hangs on a blank."""
        return self.forks.setdefault(node, True)

    # Names

    def named(self, node: ast.Name, scope: Locals) -> object:
        """Return what a name that no scope of the rehearsal holds stands for."""
        bindings = self.symbols.names(scope.module).lookup(node.id, node)
        if not bindings:
            return Built(BUILTINS[node.id](self)) if node.id in BUILTINS else Outer(node.id)
        found = next(iter(self.symbols.definitions(scope.module, node)), None)
        return self._defined(self._set_up(found, node, scope)) if found else Blank()

    def _set_up(self, found: Definition, node: ast.Name, scope: Locals) -> Definition:
        """Return what a function makes of a global that begins as None, for those who only read it."""
        binding, module = found.binding, found.module
        if binding is None or module is None or binding.value is None or not is_none(binding.value):
            return found
        reader = scope.module.enclosing_function(node)
        makers, later = _set_up_in(module, binding.name) if binding.scope is module.tree else (frozenset(), None)
        return replace(found, binding=later) if later is not None and reader not in makers else found

    def _defined(self, found: Definition) -> object:
        if found.external:
            return Outer(found.external)
        assert found.module is not None
        if found.class_node is not None:
            return Class(self.view(found.module, found.class_node))
        if found.function_node is not None:
            return self._decorated(Closure(found.function_node, found.module), found.function_node)
        binding = found.binding
        if binding is None or binding.kind is not BindingKind.ASSIGNMENT or binding.value is None:
            return Blank()
        if binding not in self._globals:
            self._globals[binding] = Blank()
            self._globals[binding] = self._once(binding.value, found.module)
        return self._globals[binding]

    def _once(self, expr: ast.expr, module: Module) -> object:
        """Return what a module or a class sets up when it is imported; a blank where that cannot be followed."""
        try:
            return self.value(expr, Locals(module, None))
        except Lost:
            return Blank()

    def connected(self, made: Thing) -> None:
        """Give an object of the project what one of its methods opens when the app starts."""
        for each in connections(made.view) if made.view is not None else ():
            if made.attributes.get(each.name) is None:
                given = self._once(each.value, each.owner.module)
                if isinstance(given, Blank) or (isinstance(given, Thing) and given.view is None):
                    made.attributes[each.name] = given

    def view(self, module: Module, node: ast.ClassDef) -> ClassView:
        """Return a class of the project with what it inherits."""
        if node not in self._views:
            self._views[node] = ClassView(self.symbols, ClassId(module, node))
        return self._views[node]

    def function_value(self, node: FunctionNode, scope: Locals) -> object:
        """Return what a function inside another one is bound to."""
        return self._decorated(Closure(node, scope.module, scope, owner=scope.owner), node)

    def _decorated(self, closure: Closure, node: FunctionNode) -> object:
        return closure if all(_is_plain(each) for each in node.decorator_list) else Blank()

    # Attributes

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value."""
        if isinstance(holder, Thing):
            return self._of_thing(holder, name)
        if isinstance(holder, Class):
            found = self._of_class(holder.view, name, receiver=None)
            return Blank() if found is NotImplemented else found
        if isinstance(holder, Super):
            return self._of_super(holder, name)
        if isinstance(holder, Outer):
            return Outer(f"{holder.dotted}.{name}")
        return self.attribute_of_value(holder, name)

    def attribute_of_value(self, holder: object, name: str) -> object:
        """Return an attribute or a method of what is neither an object of the project nor a name of another package."""
        found = self.outside.attribute(holder, name)
        if found is not NotImplemented:
            return found
        if isinstance(holder, Blank) and ("method", name) not in holder.parts:
            holder.parts["method", name] = BlankMethod(holder, name)
        return holder.parts["method", name] if isinstance(holder, Blank) else self.method_of(holder, name)

    def method_of(self, holder: object, name: str) -> object:
        """Return a method of one of Python's own values."""

        def call(arguments: list[object], named: dict[str, object]) -> object:
            found = self.outside.method(self, holder, name, arguments, named)
            return own_method(self, holder, name, arguments, named) if found is NotImplemented else found

        return Built(call)

    def _of_thing(self, holder: Thing, name: str) -> object:
        if name in holder.attributes:
            return holder.attributes[name]
        if holder.view is not None:
            found = self._of_class(holder.view, name, receiver=holder)
            if found is not NotImplemented:
                return found
        found = self.outside.attribute(holder, name)
        if found is not NotImplemented:
            return found
        return holder.attributes.setdefault(name, BlankMethod(holder, name))

    def _of_class(self, view: ClassView, name: str, receiver: object) -> object:
        first = next(view.members(name), None)
        if first is None:
            return NotImplemented if receiver is not None else self.outside.attribute(Class(view), name)
        owner, statement = first
        if (owner.node, name) in self._class_values:
            return self._class_values[owner.node, name]
        if isinstance(statement, FunctionNode):
            return self._bound(self.view(owner.module, owner.node), statement, receiver)
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            return Blank()
        if receiver is None and (found := self.outside.attribute(Class(view), name)) is not NotImplemented:
            return found
        self._class_values[owner.node, name] = self._once(statement.value, owner.module)
        return self._class_values[owner.node, name]

    def _of_super(self, holder: Super, name: str) -> object:
        assert isinstance(holder.receiver, Thing)
        assert holder.receiver.view is not None
        classes = holder.receiver.view.classes
        at = next((index for index, each in enumerate(classes) if each.node is holder.owner.own.node), len(classes))
        for each in classes[at + 1 :]:
            for statement in each.node.body:
                if isinstance(statement, FunctionNode) and statement.name == name:
                    return self._bound(self.view(each.module, each.node), statement, holder.receiver)
        return Built(lambda arguments, named: None)  # noqa: ARG005 - the methods of other packages' bases give nothing

    def _bound(self, owner: ClassView, node: FunctionNode, receiver: object) -> object:
        kinds = {_last(each) for each in node.decorator_list}
        if kinds - _PLAIN_DECORATORS:
            return Blank()
        if "staticmethod" in kinds:
            return Closure(node, owner.own.module, owner=owner)
        if "classmethod" in kinds:
            view = receiver.view if isinstance(receiver, Thing) else None
            return Closure(node, owner.own.module, receiver=Class(view or owner), owner=owner)
        bound = Closure(node, owner.own.module, receiver=receiver, owner=owner)
        if kinds & {"property", "cached_property"} and receiver is not None:
            return self.enter(bound, [], {})
        return bound

    def set_attribute(self, holder: object, name: str, value: object) -> None:
        """Set an attribute of a value."""
        if isinstance(holder, Thing):
            holder.attributes[name] = value
        elif isinstance(holder, Class):
            found = next(holder.view.members(name), None)
            if found is None:
                raise Lost
            self._class_values[found[0].node, name] = value
        elif isinstance(holder, Blank):
            holder.parts[name] = value
            self.changed.append((holder, value))

    def entry(self, holder: object, key: object) -> object:
        """Return `holder[key]`."""
        found = self.outside.entry(holder, key)
        return super().entry(holder, key) if found is NotImplemented else found

    def compared(self, op: ast.cmpop, left: object, right: object) -> object:
        """Return what one comparison gives."""
        found = self.outside.compared(op, left, right)
        return super().compared(op, left, right) if found is NotImplemented else found

    def entered(self, value: object) -> object:
        """Return what `with value as x` binds."""
        return value

    def sequence(self, value: object) -> list[object] | None:
        """Return what going over a value gives, None where nobody can tell."""
        found = self.outside.method(self, value, "__iter__", [], {})
        return found if isinstance(found, list) else super().sequence(value)

    # Calls

    def missing(self, parameter: ast.arg, module: Module) -> object:
        """Return what stands in for an argument that the rehearsal does not have: known by its type, or a blank."""
        types = self.symbols.definitions(module, parameter.annotation) if parameter.annotation else ()
        for each in types:
            if each.external and (found := self.outside.given(each.external)) is not NotImplemented:
                return found
        return Blank()

    def call(self, function: object, arguments: list[object], named: dict[str, object], node: ast.Call) -> object:
        """Return what calling a value gives."""
        if isinstance(function, Outer):
            found = self.outside.call(self, function.dotted, arguments, named, node)
            return self._unknown(arguments, named) if found is NotImplemented else found
        return self.apply(function, arguments, named)

    def call_unknown(self, function: BlankMethod, arguments: list[object], named: dict[str, object]) -> object:
        """Return what an attribute that nobody knows gives when it is called."""
        found = self.outside.method(self, function.holder, function.name, arguments, named)
        return self._unknown(arguments, named, function.holder) if found is NotImplemented else found

    def _unknown(self, arguments: list[object], named: dict[str, object], holder: object = None) -> object:
        given = [*arguments, *named.values()]
        changed = [*(given if len(given) > 1 else []), *([holder] if given else [])]
        self.handed_over += [each for each in changed if isinstance(each, Blank)]
        self.handed_over += [each for each in given if type(each) is str]
        if holder is not None:
            self.handed_over += [each for each in given if _is_whole(each)]
        return self.unknown_call(arguments, named, holder)


def _is_whole(value: object) -> bool:
    """Return whether a value is an object, or one that is written down."""
    return isinstance(value, Thing) or (isinstance(value, Blank) and value.inside is not None)


def _is_plain(decorator: ast.expr) -> bool:
    return _last(decorator) in _PLAIN_DECORATORS


def _last(decorator: ast.expr) -> str:
    if isinstance(decorator, ast.Attribute):
        return decorator.attr
    return decorator.id if isinstance(decorator, ast.Name) else ""


@remembered
def _set_up_in(module: Module, name: str) -> tuple[frozenset[FunctionNode | None], Binding | None]:
    """Return the functions that set a global, None for the file itself, and the first that makes something of it."""
    bindings = module.derive(Names).in_scope(module.tree, name)
    makers = [module.enclosing_function(each.node) for each in bindings]
    made = (each for each, maker in zip(bindings, makers, strict=True) if maker is not None and not _leaves_empty(each))
    return frozenset(makers), next(made, None)


def _leaves_empty(binding: Binding) -> bool:
    return binding.value is not None and is_none(binding.value)
