"""The methods of a project that the SDK calls: overrides in subclasses of its store, server and converters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.contracts.sdk.callables import CallableContract
from chatkit_doctor.contracts.sdk.server_calls import ServerCall, called_classes, server_calls
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

# Decorators that leave a method's parameters and colour as they are.
_PLAIN = frozenset({"typing.override", "typing_extensions.override", "staticmethod", "classmethod"})


@dataclass(frozen=True, slots=True)
class Override:
    """A method that the SDK calls, where the project defines it.

    view: the class that has it. owner: dotted, the class of the SDK that declares it.
    """

    view: ClassView
    module: Module
    function: FunctionNode
    owner: str
    declared: CallableContract
    calls: tuple[ServerCall, ...]

    @property
    def is_awaited(self) -> bool:
        """Return whether the SDK awaits what a call gives: it says so by `async def` or by the type of the result."""
        return self.declared.is_async or (self.declared.returns or "").startswith("Awaitable")

    @property
    def is_static(self) -> bool:
        """Return whether a call passes no object or class in front."""
        return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in self.function.decorator_list)

    @property
    def only_raises(self) -> bool:
        """Return whether the body does nothing but raise, so that a call fails however it is made."""
        body = self.function.body
        is_documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        return all(isinstance(each, ast.Raise) for each in (body[1:] if is_documented else body)) and len(body) > (
            1 if is_documented else 0
        )


# Of what a rule may do in an app: people have a few classes that the SDK calls.
_STEPS_OF_A_CLASS = 100


def overrides(app: App) -> Iterator[Override]:
    """Yield each method of the project that the SDK calls, once; those with unknown decorators are left out."""
    seen: set[tuple[ast.AST, str]] = set()
    for view, owners in app.derive(_overriding):
        app.last_looked_at = view.own.module.source.path
        app.budget.spend(_STEPS_OF_A_CLASS)
        for owner in owners:
            for found in _of_class(app, view, owner):
                if (found.function, owner) not in seen:
                    seen.add((found.function, owner))
                    yield found


def _overriding(app: App) -> tuple[tuple[ClassView, list[str]], ...]:
    """Return the classes with methods that the SDK may call, each with the SDK's classes that declare them."""
    deriving = ((view, _owners(app, view)) for view in app.hierarchy.views if view.own.node.bases)
    return tuple(
        (view, owners) for view, owners in deriving if owners and not is_foreign(app, view.own.module.source.path)
    )


def _owners(app: App, view: ClassView) -> list[str]:
    contract = contract_for(app, view.own.module.source.path)
    found = {contract.canonical(each) for each in view.externals}
    return [each for each in called_classes() if each in found]


def _of_class(app: App, view: ClassView, owner: str) -> Iterator[Override]:
    contract = contract_for(app, view.own.module.source.path)
    class_ = contract.class_(owner)
    for name, calls in server_calls(owner, contract.version).items():
        declared = class_.methods.get(name) if class_ else None
        found = view.method(name)
        if declared is not None and found is not None and _is_plain(app, found[0].module, found[1]):
            yield Override(view, found[0].module, found[1], owner, declared, calls)


def _is_plain(app: App, module: Module, function: FunctionNode) -> bool:
    names = app.names(module)
    return all(
        (names.qualified(each) or (each.id if isinstance(each, ast.Name) else "")) in _PLAIN
        for each in function.decorator_list
    )
