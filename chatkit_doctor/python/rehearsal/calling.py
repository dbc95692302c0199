"""Calls of a rehearsal: the way into the project's functions and classes, and what unknown code gives."""

from __future__ import annotations

import ast
from abc import abstractmethod

from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.rehearsal.statements import Returned, Running
from chatkit_doctor.python.rehearsal.values import (
    Blank,
    BlankMethod,
    Built,
    Class,
    Closure,
    Locals,
    Lost,
    Super,
    Thing,
)

_DEEPEST = 14


class Calling(Running):
    """Goes into what is called, where it is the project's own."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self.at: Module | None = None

    @abstractmethod
    def view(self, module: Module, node: ast.ClassDef) -> ClassView:
        """Return a class of the project with what it inherits."""

    @abstractmethod
    def connected(self, made: Thing) -> None:
        """Give an object of the project what one of its methods opens when the app starts."""

    @abstractmethod
    def missing(self, parameter: ast.arg, module: Module) -> object:
        """Return what stands in for an argument that the rehearsal does not have."""

    @abstractmethod
    def call_unknown(self, function: BlankMethod, arguments: list[object], named: dict[str, object]) -> object:
        """Return what an attribute that nobody knows gives when it is called."""

    def _super(self, scope: Locals) -> object:
        around: Locals | None = scope
        while around is not None and around.owner is None:
            around = around.outer
        receiver = scope.holder("self")
        if around is None or around.owner is None or receiver is None:
            raise Lost
        return Super(receiver.names["self"], around.owner)

    def apply(self, function: object, arguments: list[object], named: dict[str, object] | None = None) -> object:
        """Return what a function that was handed over gives."""
        named = named or {}
        if isinstance(function, Closure):
            return self.enter(function, arguments, named)
        if isinstance(function, Built):
            return function.call(arguments, named)
        if isinstance(function, Class):
            return self.make(function.view, arguments, named)
        if isinstance(function, BlankMethod):
            return self.call_unknown(function, arguments, named)
        return self.unknown_call(arguments, named)

    def unknown_call(self, arguments: list[object], named: dict[str, object], holder: object = None) -> object:
        """Return what unknown code gives: of the row that it was given. Raises Lost where it may change what it got."""
        given = [*arguments, *named.values()]
        if any(self._may_change(each) for each in given):
            raise Lost
        rows = {each.row for each in (*given, holder) if isinstance(each, Blank) and each.row is not None}
        return Blank(rows.pop(), "") if len(rows) == 1 else Blank()

    def _may_change(self, value: object) -> bool:
        """Return whether unknown code that gets a value may change something that is looked at later."""
        if any(value is each for each in self.made_for_call):
            return False
        return isinstance(value, Closure) or (isinstance(value, list | dict | set) and bool(value))

    def make(self, view: ClassView, arguments: list[object], named: dict[str, object]) -> object:
        """Return an object of a class of the project."""
        made = Thing(view.name, {}, view)
        start = view.method("__init__")
        if start is not None:
            owner = self.view(start[0].module, start[0].node)
            self.enter(Closure(start[1], start[0].module, receiver=made, owner=owner), arguments, named)
        else:
            fields = [each for owner in reversed(view.classes) for each in _fields(owner)]
            made.attributes.update(dict(zip([name for name, _, _ in fields], arguments, strict=False)) | named)
            for name, default, module in fields:
                if default is not None and name not in made.attributes:
                    made.attributes[name] = self.value(default, Locals(module, None))
        self.connected(made)
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
                scope.names[each.arg] = self.missing(each, closure.module)
        if parameters.vararg is not None:
            scope.names[parameters.vararg.arg] = tuple(given[len(plain) :])
        if parameters.kwarg is not None:
            scope.names[parameters.kwarg.arg] = dict(rest)


def _fields(owner: ClassId) -> list[tuple[str, ast.expr | None, Module]]:
    """Return the fields that a class declares, with their defaults."""
    return [
        (each.target.id, each.value, owner.module)
        for each in owner.node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
