"""How a project uses a class: made into objects, inherited, changed from outside, or left alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module, root_name, walk
from chatkit_doctor.python.names import Names

_SERVER = ".ChatKitServer"
_WORD = regex(r"\w+")
_TYPE_VARIABLES = frozenset({"typing.TypeVar", "typing_extensions.TypeVar"})


def is_instantiated(app: App, view: ClassView) -> bool:
    """Return whether the project calls a class, other than to see it fail."""
    return any(
        isinstance(call := module.parents[node], ast.Call)
        and call.func is node
        and not is_expected_to_raise(module, node)
        for module, node in references(app, view)
    )


def is_referenced(app: App, view: ClassView) -> bool:
    """Return whether any file names a class, annotations and imports left aside."""
    return any(not _is_annotation(module, node) for module, node in references(app, view))


def is_idle_double(app: App, view: ClassView) -> bool:
    """Return whether a class of a test stands in for the real one where no server ever calls its methods."""
    if not app.is_test_file(view.own.module.source.path):
        return False
    modules = {view.own.module, *(module for module, _ in references(app, view))}
    servers = {each.own.node for each in app.hierarchy.views if any(name.endswith(_SERVER) for name in each.externals)}
    return not any(_calls_server(app, module, servers) for module in modules)


def _calls_server(app: App, module: Module, servers: set[ast.ClassDef]) -> bool:
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
    yield from app.derive(_references).get(view.own.node, ())


def _references(app: App) -> dict[ast.ClassDef, list[tuple[Module, ast.expr]]]:
    """Return the expressions that stand for each of the app's classes, found in one pass over its names."""
    found: dict[ast.ClassDef, list[tuple[Module, ast.expr]]] = {}
    written = {view.name for view in app.hierarchy.views}
    for module in app.modules():
        if written.isdisjoint(module.derive(_words)):
            continue
        names = app.names(module)
        nodes: list[ast.Name | ast.Attribute] = [*module.nodes(ast.Name), *module.nodes(ast.Attribute)]
        for node in nodes:
            parent = module.parents[node]
            if not isinstance(node.ctx, ast.Load) or isinstance(parent, ast.Attribute):
                continue
            root = root_name(node)
            if root is not None and not names.may_be_defined_elsewhere(root.id):
                continue
            whole = parent if isinstance(parent, ast.Subscript) and parent.value is node else node
            for class_ in app.symbols.classes(module, whole):
                found.setdefault(class_, []).append((module, whole))
    return found


def _words(module: Module) -> frozenset[str]:
    """Return the words of a file, which hold every name in it."""
    return frozenset(_WORD.findall(module.source.text))


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
