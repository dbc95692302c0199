"""The stores of a project that a server may be given, and their methods wherever these are written."""

from __future__ import annotations

import ast
from functools import cached_property

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.instances import is_idle_double
from chatkit_doctor.contracts.sdk.sdk_names import STORE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class StoreMethod:
    """A method of a store, and the class of its hierarchy that has it."""

    view: ClassView
    owner: ClassId
    function: FunctionNode

    @property
    def name(self) -> str:
        """Return the method's name."""
        return self.function.name

    @property
    def title(self) -> str:
        """Return the method with the class that people know it by."""
        return f"{self.view.name}.{self.name}"

    @property
    def module(self) -> Module:
        """Return the file that the method stands in."""
        return self.owner.module

    @property
    def only_raises(self) -> bool:
        """Return whether the body does nothing but raise, as one does that is not there yet."""
        return bool(body := self.statements) and all(isinstance(each, ast.Raise) for each in body)

    @property
    def statements(self) -> list[ast.stmt]:
        """Return the body without what does nothing: its docstring, `pass`, `...`, an error that nobody raises."""
        return [each for each in self.function.body if not _is_idle(each)]


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Expr(value=ast.Name(id="NotImplementedError")):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


class ConcreteStore:
    """A Store of the project."""

    def __init__(self, view: ClassView) -> None:
        self.view = view

    @cached_property
    def _methods(self) -> dict[str, StoreMethod | None]:
        return {}

    def method(self, name: str) -> StoreMethod | None:
        """Return a method, None where the project does not define it or decorates it."""
        if name not in self._methods:
            found = self.view.method(name)
            is_plain = found is not None and not found[1].decorator_list
            self._methods[name] = StoreMethod(self.view, *found) if found and is_plain else None
        return self._methods[name]


def stores(app: App) -> tuple[ConcreteStore, ...]:
    """Return the stores that the app reaches; those of tests count where a server is run with them."""
    return app.derive(_stores)


def stores_to_judge(app: App) -> tuple[ConcreteStore, ...]:
    """Return those of the stores that the app has a part in: where many apps reach one, the others leave it alone."""
    return app.derive(_stores_to_judge)


def _stores(app: App) -> tuple[ConcreteStore, ...]:
    return tuple(ConcreteStore(view) for view in app.hierarchy.views if _is_store(app, view))


def _stores_to_judge(app: App) -> tuple[ConcreteStore, ...]:
    leading = (view for view in app.hierarchy.views if app.leads_home(view.own.module.source.path))
    return tuple(ConcreteStore(view) for view in leading if _is_store(app, view))


def _is_store(app: App, view: ClassView) -> bool:
    path = view.own.module.source.path
    contract = contract_for(app, path)
    return (
        any(contract.canonical(each) == STORE for each in view.externals)
        and not is_foreign(app, path)
        and not is_idle_double(app, view)
    )
