"""Classes that derive from abstract classes of ChatKit, and the abstract methods they leave out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.completed import GivenNames
from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts.sdk.callables import CallableContract, ClassContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView, bound_names, is_for_checkers
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
    """Yield the app's own classes, of any depth, that leave abstract methods of ChatKit out; abstract ones too."""
    for view in app.hierarchy.views:
        if not app.owns(view.own.module.source.path):
            continue
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
    given = GivenNames(app, view)
    left = _abstract_names(app, view, bases, given) if not given.is_open else frozenset()
    if not left:
        return None
    missing: dict[str, CallableContract] = {}
    hidden: dict[str, str] = {}
    owed = []
    for base in abstract:
        names = [name for name in base.abstract_methods if name in left and name not in missing]
        owed.append((len(names), base))
        missing |= {name: base.methods[name] for name in names}
        hidden |= {name: owner for name in names if (owner := _hidden_by(app, view, name))}
    left_abstract = tuple(name for name in sorted(left) if _is_declared_abstract(app, view, name))
    base = max(owed, key=lambda pair: pair[0])[1]
    return Incomplete(view, base.name, len(base.abstract_methods), tuple(missing.values()), hidden, left_abstract)


def _abstract_names(app: App, view: ClassView, bases: Mapping[str, ClassContract], given: GivenNames) -> frozenset[str]:
    """Return what is abstract in a class when it is made, as Python's ABCMeta counts it.

    Worked out once for each class, bases first, for a class may be reached by very many ways.
    """
    known = app.derive(_known_abstract_names)
    for each in reversed(view.classes):
        if each.node not in known:
            own = app.hierarchy.view(each.node) or ClassView(app.symbols, each)
            known[each.node] = _names_of_one(app, own, bases, given, known)
    return known[view.own.node]


def _known_abstract_names(_: App) -> dict[ast.ClassDef, frozenset[str]]:
    """Return where it is kept, class by class, what is abstract in it."""
    return {}


def _names_of_one(
    app: App,
    view: ClassView,
    bases: Mapping[str, ClassContract],
    given: GivenNames,
    known: Mapping[ast.ClassDef, frozenset[str]],
) -> frozenset[str]:
    """Return what a class's own body leaves abstract, and what is so in a base and, looked up on it, is so still."""
    if not _counts(app, view, bases) or given.is_emptied(view.own):
        return frozenset()
    body = {name for each in view.own.node.body for name in bound_names(each)} - given.with_class(view.own)
    found = {
        name
        for name in body
        if (bound := _definition(app, view.own, name)) is not None and _is_abstract(app, view.own, bound)
    }
    for parent in view.parents:
        if isinstance(parent, ClassView):
            inherited = known.get(parent.own.node, frozenset())
        else:
            inherited = frozenset(bases[parent].abstract_methods) if parent in bases else frozenset()
        found |= {name for name in inherited if _is_left_out(app, view, name, bases, given)}
    return frozenset(found)


def _counts(app: App, view: ClassView, bases: Mapping[str, ClassContract]) -> bool:
    """Return whether Python counts the abstract methods of a class: it is made by ABCMeta."""
    names = (app.names(each.module).qualified(key.value) for each in view.classes for key in each.node.keywords)
    return any(each in bases or each == "abc.ABC" for each in view.externals) or "abc.ABCMeta" in names


def _is_left_out(app: App, view: ClassView, name: str, bases: Mapping[str, ClassContract], given: GivenNames) -> bool:
    """Return whether what Python finds first under a method's name, in the order of inheritance, is abstract."""
    for each in view.ancestry:
        if isinstance(each, ClassId):
            if given.gives(each, name, to=view.own):
                return False
            defined = _definition(app, each, name)
            if defined is not None:
                return _is_abstract(app, each, defined)
        elif each in bases:
            method = bases[each].methods.get(name)
            if method is not None:
                return method.is_abstract
    return False


def _is_declared_abstract(app: App, view: ClassView, name: str) -> bool:
    """Return whether a class of the project declares a method abstract itself."""
    found = ((each, _definition(app, each, name)) for each in view.classes)
    return any(bound is not None and _is_abstract(app, each, bound) for each, bound in found)


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
