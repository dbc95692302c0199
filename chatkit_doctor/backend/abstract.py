"""Classes that derive from abstract classes of ChatKit, and the abstract methods they leave out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts.callables import CallableContract, ClassContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView, is_for_checkers
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.records import dataclass

_ABSTRACT = frozenset({"abc.abstractmethod", "abc.abstractproperty"})


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A class with abstract methods of ChatKit left.

    base: dotted, the class of ChatKit that demands most of them. required: how many methods that one demands.
    missing: those left out, in the order of the SDK. hidden: those of them that a class of the project defines
        behind the SDK's in the order of inheritance, so that the abstract ones win; with that class's name.
    left_abstract: the methods, the SDK's or the project's own, that a class of the project declares abstract itself.
    """

    view: ClassView
    base: str
    required: int
    missing: tuple[CallableContract, ...]
    hidden: dict[str, str]
    left_abstract: tuple[str, ...]


def incomplete_classes(app: App) -> Iterator[Incomplete]:
    """Yield the classes, of any depth, that leave abstract methods of ChatKit out; abstract ones too."""
    for view in app.hierarchy.views:
        app.last_looked_at = view.own.module.source.path
        found = _incomplete(app, view)
        if found is not None:
            yield found


def _incomplete(app: App, view: ClassView) -> Incomplete | None:
    contract = contract_for(app, view.own.module.source.path)
    bases = {each: found for each in view.externals if (found := contract.class_(each)) and found.methods}
    abstract = [each for each in bases.values() if each.abstract_methods]
    # What is not known to be harmless may define anything.
    if not abstract or not view.is_complete or view.unknown_externals(bases):
        return None
    missing: dict[str, CallableContract] = {}
    hidden: dict[str, str] = {}
    owed = []
    for base in abstract:
        names = [name for name in base.abstract_methods if name not in missing]
        left = [name for name in names if _is_left_out(app, view, name, bases)]
        owed.append((len(left), base))
        missing |= {name: base.methods[name] for name in left}
        hidden |= {name: owner for name in left if (owner := _hidden_by(app, view, name))}
    left_abstract = tuple(dict.fromkeys(_left_abstract(app, view)))
    if not missing and not left_abstract:
        return None
    base = max(owed, key=lambda pair: pair[0])[1]
    return Incomplete(view, base.name, len(base.abstract_methods), tuple(missing.values()), hidden, left_abstract)


def _left_abstract(app: App, view: ClassView) -> Iterator[str]:
    """Yield the methods that the first class of the project to define them, in Python's order, declares abstract."""
    for owner in view.classes:
        for statement in owner.node.body:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            found = ((each, _definition(app, each, statement.name)) for each in view.classes)
            first = next(((each, bound) for each, bound in found if bound is not None), None)
            if first is not None and _is_abstract(app, *first):
                yield statement.name


def _is_left_out(app: App, view: ClassView, name: str, bases: Mapping[str, ClassContract]) -> bool:
    """Return whether what Python finds first under a method's name, in the order of inheritance, is abstract."""
    for each in view.ancestry:
        if isinstance(each, ClassId):
            defined = _definition(app, each, name)
            if defined is not None:
                return _is_abstract(app, each, defined)
        elif each in bases:
            method = bases[each].methods.get(name)
            if method is not None:
                return method.is_abstract
    return False


def _hidden_by(app: App, view: ClassView, name: str) -> str | None:
    return next(
        (
            each.name
            for each in view.classes
            if (defined := _definition(app, each, name)) is not None and not _is_abstract(app, each, defined)
        ),
        None,
    )


def _definition(app: App, owner: ClassId, name: str) -> Binding | None:
    """Return what binds a name in a class's body last, None where nothing does or `del` takes it away again.

    An annotation without a value binds nothing, and neither does what only type checkers read.
    """
    module = owner.module
    bound = [
        each
        for each in app.names(module).in_scope(owner.node, name)
        if (each.kind is not BindingKind.ASSIGNMENT or each.value is not None)
        and not _is_for_checkers(module, each.node)
    ]
    if not bound or _is_deleted(owner, name, after=bound[-1].node):
        return None
    return bound[-1]


def _is_for_checkers(module: Module, node: ast.AST) -> bool:
    below = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.ClassDef):
            return False
        if isinstance(parent, ast.If) and below in parent.body and is_for_checkers(parent):
            return True
        below = parent
    return False


def _is_deleted(owner: ClassId, name: str, *, after: ast.AST) -> bool:
    line = getattr(after, "lineno", 0)
    return any(
        isinstance(target, ast.Name) and target.id == name and statement.lineno > line
        for statement in owner.node.body
        if isinstance(statement, ast.Delete)
        for target in statement.targets
    )


def _is_abstract(app: App, owner: ClassId, bound: Binding) -> bool:
    names = app.names(owner.module)
    if isinstance(bound.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return any(names.qualified(each) in _ABSTRACT for each in bound.node.decorator_list)
    if isinstance(bound.value, ast.Call):
        return names.qualified(bound.value.func) in _ABSTRACT
    # `load_item = Store.load_item` is the abstract method itself.
    class_, _, method = (names.qualified(bound.value) or "").rpartition(".")
    declared = contract_for(app, owner.module.source.path).class_(class_) if class_ else None
    return declared is not None and method in declared.abstract_methods


def declares_abstract_methods(app: App, owner: ClassId) -> bool:
    """Return whether a class says by itself that it is abstract: by methods, by its bases or by its metaclass."""
    names = app.names(owner.module)
    functions = [each for each in owner.node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    if any(names.qualified(each) in _ABSTRACT for function in functions for each in function.decorator_list):
        return True
    written = [*owner.node.bases, *(each.value for each in owner.node.keywords if each.arg == "metaclass")]
    return any(names.qualified(each) in {"abc.ABC", "abc.ABCMeta"} for each in written)
