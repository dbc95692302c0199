"""How a project uses a class: made into objects, inherited, changed from outside, or left alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module, root_name, walk
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

_SERVER = ".ChatKitServer"
_TYPE_VARIABLES = frozenset({"typing.TypeVar", "typing_extensions.TypeVar"})


def is_instantiated(app: App, view: ClassView) -> bool:
    """Return whether the project calls a class, other than to see it fail."""
    return _uses(app, view.own.node).has_call


def instantiations(app: App, view: ClassView) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the calls of a class, and the modules they are in; tests among them."""
    for module, node in references(app, view):
        if (call := _call_of(module, node)) is not None:
            yield module, call


def is_referenced(app: App, view: ClassView) -> bool:
    """Return whether any file names a class, annotations and imports left aside."""
    return _uses(app, view.own.node).has_more_than_annotations


def is_idle_double(app: App, view: ClassView) -> bool:
    """Return whether a class of a test stands in for the real one where no server ever calls its methods."""
    if not app.is_test_file(view.own.module.source.path):
        return False
    modules = {view.own.module, *_uses(app, view.own.node).modules}
    return not any(_calls_server(app, module) for module in modules)


def _servers(app: App) -> frozenset[ast.ClassDef]:
    views = app.hierarchy.views
    return frozenset(each.own.node for each in views if any(name.endswith(_SERVER) for name in each.externals))


@remembered
def _calls_server(app: App, module: Module) -> bool:
    servers = app.derive(_servers)
    return any(
        (isinstance(call.func, ast.Attribute) and call.func.attr == "process")
        or any(
            found.class_node in servers or found.external.endswith(_SERVER)
            for found in app.symbols.definitions(module, call.func)
        )
        for call in module.nodes(ast.Call)
    )


def references(app: App, view: ClassView) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the expressions that stand for a class, type arguments included, and the modules they are in."""
    yield from _uses(app, view.own.node).places


class _Uses:
    """Where a class is named; of several that only their place in a file tells from each other, all are."""

    def __init__(self, numbered: Iterable[tuple[int, Module, ast.expr]]) -> None:
        self.numbered = tuple(numbered)

    @cached_property
    def places(self) -> tuple[tuple[Module, ast.expr], ...]:
        return tuple((module, node) for _, module, node in self.numbered)

    @cached_property
    def modules(self) -> frozenset[Module]:
        return frozenset(module for module, _ in self.places)

    @cached_property
    def has_call(self) -> bool:
        """Return whether one of them is called, other than to see it fail."""
        return any(_call_of(*each) is not None and not is_expected_to_raise(*each) for each in self.places)

    @cached_property
    def has_more_than_annotations(self) -> bool:
        return any(not _is_annotation(*each) for each in self.places)


def _call_of(module: Module, node: ast.expr) -> ast.Call | None:
    """Return the call of what an expression stands for, None where it is not called."""
    call = module.parents[node]
    return call if isinstance(call, ast.Call) and call.func is node else None


@remembered
def _uses(app: App, class_: ast.ClassDef) -> _Uses:
    """Return where one of the app's classes is named, looked for where a name of it is written."""
    found = _uses_of_names(app, app.derive(_Titles).of(class_.name)).get(class_, [])
    if len(found) == 1:
        return found[0]
    return _Uses(sorted((each for part in found for each in part.numbered), key=itemgetter(0)))


@remembered
def _uses_of_names(app: App, called: frozenset[str]) -> dict[ast.ClassDef, list[_Uses]]:
    """Return where the classes are named that some names stand for."""
    together: dict[tuple[ast.ClassDef, ...], list[tuple[int, Module, ast.expr]]] = {}
    named = ((module, whole) for module in app.derive(_Writing).of(called) for whole in _naming(module, called))
    for number, (module, whole) in enumerate(named):
        together.setdefault(app.symbols.classes(module, whole), []).append((number, module, whole))
    found: dict[ast.ClassDef, list[_Uses]] = {}
    for classes, numbered in together.items():
        uses = _Uses(numbered)
        for class_ in classes:
            found.setdefault(class_, []).append(uses)
    return found


def _naming(module: Module, called: frozenset[str]) -> Iterator[ast.expr]:
    """Yield the expressions of a file that end with one of some names, type arguments included."""
    names, written = module.derive(Names), module.derive(_by_last_name)
    for _, node in sorted((each for name in called for each in written.get(name, ())), key=itemgetter(0)):
        parent = module.parents[node]
        if not isinstance(node.ctx, ast.Load) or isinstance(parent, ast.Attribute):
            continue
        root = root_name(node)
        if root is None or names.may_be_defined_elsewhere(root.id):
            yield parent if isinstance(parent, ast.Subscript) and parent.value is node else node


def _by_last_name(module: Module) -> dict[str, list[tuple[int, ast.Name | ast.Attribute]]]:
    """Return the names and attributes of a file by how they end, each with its number."""
    found: dict[str, list[tuple[int, ast.Name | ast.Attribute]]] = {}
    nodes: list[ast.Name | ast.Attribute] = [*module.nodes(ast.Name), *module.nodes(ast.Attribute)]
    for number, node in enumerate(nodes):
        found.setdefault(node.id if isinstance(node, ast.Name) else node.attr, []).append((number, node))
    return found


class _Writing:
    """The files of an app by the names that are written in them, in their order: an app may have as many classes."""

    def __init__(self, app: App) -> None:
        self._numbers: dict[Module, int] = {}
        self._modules: dict[str, list[Module]] = {}
        for module in app.modules():
            self._numbers[module] = len(self._numbers)
            for name in module.derive(_by_last_name):
                self._modules.setdefault(name, []).append(module)

    def of(self, called: frozenset[str]) -> list[Module]:
        """Return the files in which one of some names is written."""
        found = {module for name in called for module in self._modules.get(name, ())}
        return sorted(found, key=self._numbers.__getitem__)


class _Titles:
    """What the classes of an app are called in its files: by their own names, and by those they are given there."""

    def __init__(self, app: App) -> None:
        self._given: dict[str, set[str]] = {}
        # Who hands a class on imports its file, and so matters as well.
        for module in app.modules():
            for name, other in module.derive(_renamed):
                self._given.setdefault(name, set()).add(other)

    def of(self, name: str) -> frozenset[str]:
        """Return a class's own name, and all that it may be called elsewhere."""
        found, waiting = {name}, [name]
        while waiting:
            new = self._given.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)


def _renamed(module: Module) -> frozenset[tuple[str, str]]:
    """Return the names that imports and assignments of a file give another name to, each with that."""
    imports: list[ast.Import | ast.ImportFrom] = [*module.nodes(ast.Import), *module.nodes(ast.ImportFrom)]
    aliases = (alias for each in imports for alias in each.names)
    found = {(last_part(alias.name), alias.asname) for alias in aliases if alias.asname}
    given: list[tuple[ast.expr, ast.expr | None]] = [
        *((target, each.value) for each in module.nodes(ast.Assign) for target in each.targets),
        *((each.target, each.value) for each in module.nodes(ast.AnnAssign)),
        *((each.target, each.value) for each in module.nodes(ast.NamedExpr)),
    ]
    for target, value in given:
        meant = plain_class_expression(value)
        if isinstance(target, ast.Name) and isinstance(meant, ast.Name | ast.Attribute):
            found.add((meant.id if isinstance(meant, ast.Name) else meant.attr, target.id))
    return frozenset((name, other) for name, other in found if name != other)


def is_open_generic(app: App, view: ClassView) -> bool:
    """Return whether a class leaves its type parameters to those who inherit from it."""
    names = app.names(view.own.module)
    return any(
        isinstance(part, ast.Name) and _is_type_variable(view.own, names, part)
        for base in view.own.node.bases
        if isinstance(base, ast.Subscript)
        for part in walk(base.slice)
    )


def _is_type_variable(class_: ClassId, names: Names, part: ast.Name) -> bool:
    """Return whether a name is a type parameter: made by a call, or by `class S[T]`."""
    if part.id in {each.name for each in getattr(class_.node, "type_params", ())}:
        return True
    found = names.lookup(part.id, part)
    if not found:
        # Where this interpreter lacks that syntax, it was read around.
        return class_.module.needs is not None and not hasattr(builtins, part.id)
    return any(
        isinstance(each.value, ast.Call) and names.qualified(each.value.func) in _TYPE_VARIABLES for each in found
    )


def is_expected_to_raise(module: Module, node: ast.AST) -> bool:
    """Return whether a call stands in `with pytest.raises(…)` or its like."""
    return any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Attribute)
        and item.context_expr.func.attr in {"raises", "assertRaises", "assertRaisesRegex"}
        for each in module.ancestors(node)
        if isinstance(each, ast.With | ast.AsyncWith)
        for item in each.items
    )


def _is_annotation(module: Module, node: ast.AST) -> bool:
    below = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.arg):
            return True
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return parent.returns is below
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is below
        if isinstance(parent, ast.stmt):
            return False
        below = parent
    return False
