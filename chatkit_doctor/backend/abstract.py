"""Classes that derive from abstract classes of ChatKit, and the abstract methods they leave out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts.callables import CallableContract, ClassContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.names import Kind
from chatkit_doctor.records import dataclass

_ABSTRACT = frozenset({"abc.abstractmethod", "abc.abstractproperty"})


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A class with abstract methods of ChatKit left.

    base: dotted, the class of ChatKit that demands most of them. required: how many methods that one demands.
    missing: those left out, in the order of the SDK. hidden: those of them that a class of the project defines
        behind the SDK's in the order of inheritance, so that the abstract ones win; with that class's name.
    """

    view: ClassView
    base: str
    required: int
    missing: tuple[CallableContract, ...]
    hidden: dict[str, str]


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
    if not missing:
        return None
    base = max(owed, key=lambda pair: pair[0])[1]
    return Incomplete(view, base.name, len(base.abstract_methods), tuple(missing.values()), hidden)


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


def _definition(app: App, owner: ClassId, name: str) -> ast.AST | None:
    """Return what binds a name in a class's body last; an annotation without a value binds nothing."""
    bound = [
        each
        for each in app.names(owner.module).in_scope(owner.node, name)
        if each.kind is not Kind.ASSIGNMENT or each.value is not None
    ]
    return bound[-1].node if bound else None


def _is_abstract(app: App, owner: ClassId, node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return any(app.names(owner.module).qualified(each) in _ABSTRACT for each in decorators)


def declares_abstract_methods(app: App, owner: ClassId) -> bool:
    """Return whether a class says by itself that it is abstract: by methods, by its bases or by its metaclass."""
    names = app.names(owner.module)
    if any(_is_abstract(app, owner, each) for each in owner.node.body):
        return True
    written = [*owner.node.bases, *(each.value for each in owner.node.keywords if each.arg == "metaclass")]
    return any(names.qualified(each) in {"abc.ABC", "abc.ABCMeta"} for each in written)
