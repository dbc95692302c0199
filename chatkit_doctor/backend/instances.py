"""How a project uses a class: made into objects, inherited, changed from outside, or left alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.symbols import plain_class_expression

_HARMLESS_DECORATORS = frozenset({"dataclasses.dataclass", "typing.final", "typing_extensions.final"})
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


def references(app: App, view: ClassView) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the expressions that stand for a class, type arguments included, and the modules they are in."""
    for module in app.modules():
        if view.name not in module.source.text:
            continue
        nodes: list[ast.Name | ast.Attribute] = [*module.nodes(ast.Name), *module.nodes(ast.Attribute)]
        for node in nodes:
            parent = module.parents[node]
            if not isinstance(node.ctx, ast.Load) or isinstance(parent, ast.Attribute):
                continue
            if isinstance(parent, ast.Subscript) and parent.value is node:
                yield from _reference(app, view, module, parent)
            else:
                yield from _reference(app, view, module, node)


def _reference(app: App, view: ClassView, module: Module, node: ast.expr) -> Iterator[tuple[Module, ast.expr]]:
    plain = plain_class_expression(node)
    if any(found.class_node is view.own.node for found in app.symbols.definitions(module, plain)):
        yield module, node


def is_changed_from_outside(app: App, view: ClassView) -> bool:
    """Return whether a decorator, a metaclass or an assignment to an attribute may give the class methods."""
    names = app.names(view.own.module)
    for each in view.own.node.decorator_list:
        plain = each.func if isinstance(each, ast.Call) else each
        if names.qualified(plain) not in _HARMLESS_DECORATORS:
            return True
    if any(each.arg == "metaclass" and names.qualified(each.value) != "abc.ABCMeta" for each in view.own.node.keywords):
        return True
    return any(_is_set_on(app, view, module) for module in app.modules() if view.name in module.source.text)


def _is_set_on(app: App, view: ClassView, module: Module) -> bool:
    targets = [each.value for each in module.nodes(ast.Attribute) if isinstance(each.ctx, ast.Store)]
    targets += [
        call.args[0]
        for call in module.nodes(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "setattr" and call.args
    ]
    return any(found.class_node is view.own.node for each in targets for found in app.symbols.definitions(module, each))


def is_open_generic(app: App, view: ClassView) -> bool:
    """Return whether a class leaves its type parameters to those who inherit from it."""
    names = app.names(view.own.module)
    return any(
        isinstance(part, ast.Name)
        and any(
            isinstance(found.value, ast.Call) and names.qualified(found.value.func) in _TYPE_VARIABLES
            for found in names.lookup(part.id, part)
        )
        for base in view.own.node.bases
        if isinstance(base, ast.Subscript)
        for part in ast.walk(base.slice)
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
