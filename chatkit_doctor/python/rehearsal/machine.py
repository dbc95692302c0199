"""A rehearsal: the project's functions and classes gone through with imaginary values, one way at each fork.

What other packages do is asked of `Outside`; what it does not know gives a `Blank`.
"""

from __future__ import annotations

import ast
from typing import Protocol

from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.python.rehearsal.library import BUILTINS, own_method
from chatkit_doctor.python.rehearsal.statements import Returned, Running
from chatkit_doctor.python.rehearsal.values import (
    Blank,
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

_DEEPEST = 14
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

    def compared(self, op: ast.cmpop, left: object, right: object) -> object:
        """Return what a comparison gives."""

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value that is not the project's own."""

    def entry(self, holder: object, key: object) -> object:
        """Return an entry of a value that is not Python's own."""


class Machine(Running):
    """One pass. `forks` says which way to go at each; those it meets besides are taken the first way and kept."""

    def __init__(self, symbols: Symbols, outside: Outside, forks: dict[ast.AST, bool]) -> None:
        super().__init__()
        self.symbols = symbols
        self.outside = outside
        self.forks = forks
        self._globals: dict[Binding, object] = {}
        self._class_values: dict[tuple[ast.ClassDef, str], object] = {}
        self._depth = 0
        self.at: Module | None = None
        # The unknown objects of which an attribute was set.
        self.changed: list[Blank] = []
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
        return self._defined(found) if found else Blank()

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
            self._globals[binding] = self.value(binding.value, Locals(found.module, None))
        return self._globals[binding]

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
            holder.parts["method", name] = _BlankMethod(holder, name)
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
        return holder.attributes.setdefault(name, _BlankMethod(holder, name))

    def _of_class(self, view: ClassView, name: str, receiver: object) -> object:
        first = next(view.members(name), None)
        if first is None:
            return NotImplemented if receiver is not None else self.outside.attribute(Class(view), name)
        owner, statement = first
        if isinstance(statement, FunctionNode):
            return self._bound(self.view(owner.module, owner.node), statement, receiver)
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            return Blank()
        if receiver is None and (found := self.outside.attribute(Class(view), name)) is not NotImplemented:
            return found
        key = (owner.node, name)
        if key not in self._class_values:
            self._class_values[key] = self.value(statement.value, Locals(owner.module, None))
        return self._class_values[key]

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
            raise Lost
        elif isinstance(holder, Blank):
            holder.parts[name] = value
            self.changed.append(holder)

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

    def _super(self, scope: Locals) -> object:
        around: Locals | None = scope
        while around is not None and around.owner is None:
            around = around.outer
        receiver = scope.holder("self")
        if around is None or around.owner is None or receiver is None:
            raise Lost
        return Super(receiver.names["self"], around.owner)

    def call(self, function: object, arguments: list[object], named: dict[str, object], node: ast.Call) -> object:
        """Return what calling a value gives."""
        if isinstance(function, Outer):
            found = self.outside.call(self, function.dotted, arguments, named, node)
            return self.unknown_call(arguments, named) if found is NotImplemented else found
        return self.apply(function, arguments, named)

    def apply(self, function: object, arguments: list[object], named: dict[str, object] | None = None) -> object:
        """Return what a function that was handed over gives."""
        named = named or {}
        if isinstance(function, Closure):
            return self.enter(function, arguments, named)
        if isinstance(function, Built):
            return function.call(arguments, named)
        if isinstance(function, Class):
            return self.make(function.view, arguments, named)
        if isinstance(function, _BlankMethod):
            found = self.outside.method(self, function.holder, function.name, arguments, named)
            return self.unknown_call(arguments, named, function.holder) if found is NotImplemented else found
        return self.unknown_call(arguments, named)

    def unknown_call(self, arguments: list[object], named: dict[str, object], holder: object = None) -> object:
        """Return what unknown code gives: of the row that it was given. Raises Lost where it may change what it got."""
        given = [*arguments, *named.values()]
        if any(isinstance(each, list | dict | set | Closure) and each for each in given):
            raise Lost
        rows = {each.row for each in (*given, holder) if isinstance(each, Blank) and each.row is not None}
        return Blank(rows.pop(), "") if len(rows) == 1 else Blank()

    def make(self, view: ClassView, arguments: list[object], named: dict[str, object]) -> object:
        """Return an object of a class of the project."""
        made = Thing(view.name, {}, view)
        start = view.method("__init__")
        if start is not None:
            owner = self.view(start[0].module, start[0].node)
            self.enter(Closure(start[1], start[0].module, receiver=made, owner=owner), arguments, named)
            return made
        fields = [each for owner in reversed(view.classes) for each in _fields(owner)]
        made.attributes.update(dict(zip([name for name, _, _ in fields], arguments, strict=False)) | named)
        for name, default, module in fields:
            if default is not None and name not in made.attributes:
                made.attributes[name] = self.value(default, Locals(module, None))
        return made

    def enter(self, closure: Closure, arguments: list[object], named: dict[str, object]) -> object:
        """Return what a function of the project gives. Raises Raised, and Lost where it cannot be followed."""
        if self._depth > _DEEPEST:
            raise Lost
        scope = Locals(closure.module, closure.outer, closure.owner)
        self._bind(closure, arguments, named, scope)
        self._depth += 1
        before, self.at = self.at, closure.module
        try:
            if isinstance(closure.node, ast.Lambda):
                return self.value(closure.node.body, scope)
            self.run(closure.node.body, scope)
        except Returned as returned:
            return returned.value if scope.given is None else scope.given
        finally:
            self._depth -= 1
            self.at = before
        return scope.given

    def _bind(self, closure: Closure, arguments: list[object], named: dict[str, object], scope: Locals) -> None:
        parameters = closure.node.args
        plain = [*parameters.posonlyargs, *parameters.args]
        given = arguments if closure.receiver is None else [closure.receiver, *arguments]
        rest = dict(named)
        defaults = dict(zip([each.arg for each in plain][::-1], parameters.defaults[::-1], strict=False))
        defaults |= {
            each.arg: default
            for each, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
            if default is not None
        }
        if len(given) > len(plain) and parameters.vararg is None:
            raise Lost
        for index, each in enumerate([*plain, *parameters.kwonlyargs]):
            if index < min(len(plain), len(given)):
                scope.names[each.arg] = given[index]
            elif each.arg in rest:
                scope.names[each.arg] = rest.pop(each.arg)
            elif each.arg in defaults:
                scope.names[each.arg] = self.value(defaults[each.arg], Locals(closure.module, closure.outer))
            else:
                scope.names[each.arg] = Blank()
        if parameters.vararg is not None:
            scope.names[parameters.vararg.arg] = tuple(given[len(plain) :])
        if parameters.kwarg is not None:
            scope.names[parameters.kwarg.arg] = dict(rest)


class _BlankMethod(Blank):
    """An attribute that nobody knows, which may be a method."""

    def __init__(self, holder: Blank | Thing, name: str) -> None:
        super().__init__(holder.row if isinstance(holder, Blank) else None, name)
        self.holder = holder
        self.name = name


def _is_plain(decorator: ast.expr) -> bool:
    return _last(decorator) in _PLAIN_DECORATORS


def _last(decorator: ast.expr) -> str:
    if isinstance(decorator, ast.Attribute):
        return decorator.attr
    return decorator.id if isinstance(decorator, ast.Name) else ""


def _fields(owner: ClassId) -> list[tuple[str, ast.expr | None, Module]]:
    """Return the fields that a class declares, with their defaults."""
    return [
        (each.target.id, each.value, owner.module)
        for each in owner.node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
