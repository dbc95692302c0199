"""What gives a class methods that its body and those of its bases do not write down."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module, children, walk

_HARMLESS_DECORATORS = frozenset(
    {"dataclasses.dataclass", "functools.total_ordering", "typing.final", "typing_extensions.final"}
    | {"typing.runtime_checkable", "typing_extensions.runtime_checkable"}
)
# What gives a class's body its own namespace to write, or runs text in it.
_NAMESPACES = frozenset({"locals", "vars", "exec", "eval"})
_ANY = "*"


class GivenNames:
    """The names that the classes of a hierarchy are given otherwise than by statements of their bodies.

    is_open: whether these may be any.
    """

    def __init__(self, app: App, view: ClassView) -> None:
        self._bodies = {each.node: set(_written_into_namespace(each.node)) for each in view.classes}
        self._set = {each.node: _set_on(app, each) for each in view.classes}
        self._recounted = app.derive(_recounted)
        subclassed = {each.node: set(_set_by_subclassing(each)) for each in view.classes}
        self._by_bases: dict[ast.ClassDef, set[str]] = {}
        for each in view.classes:
            above = app.hierarchy.view(each.node)
            bases = above.classes[1:] if above is not None else ()
            self._by_bases[each.node] = {name for base in bases for name in subclassed.get(base.node, ())}
        names = {name for table in (self._bodies, self._by_bases) for found in table.values() for name in found}
        names |= {name for each in view.classes[1:] for name in self._set[each.node]}
        self.is_open = _ANY in names or any(
            _is_made_otherwise(app, each) or _defines(each, "__new__") for each in view.classes
        )

    def with_class(self, class_: ClassId) -> set[str]:
        """Return the names that a class has from its start: its body writes them by hand, or a base sets them on it."""
        return self._bodies.get(class_.node, set()) | self._by_bases.get(class_.node, set())

    def is_emptied(self, class_: ClassId) -> bool:
        """Return whether a program says of a class itself that nothing in it is abstract."""
        return "__abstractmethods__" in self._set.get(class_.node, ())

    def may_give(self, owner: ClassId, name: str) -> bool:
        """Return whether a class in a hierarchy may have a name so when its objects are used: set at whatever time."""
        set_names = self._set.get(owner.node, set())
        return name in self.with_class(owner) or name in set_names or _ANY in set_names

    def gives(self, owner: ClassId, name: str, *, to: ClassId) -> bool:
        """Return whether a class in a hierarchy has a name so, when the class that inherits from it is made.

        A method that is set on that class itself comes too late, unless what is abstract is counted again.
        """
        if name in self.with_class(owner):
            return True
        is_late = owner.node is to.node and owner.node not in self._recounted
        return not is_late and name in self._set.get(owner.node, ())


def _is_made_otherwise(app: App, class_: ClassId) -> bool:
    names = app.names(class_.module)
    for each in class_.node.decorator_list:
        plain = each.func if isinstance(each, ast.Call) else each
        if names.qualified(plain) not in _HARMLESS_DECORATORS:
            return True
    return any(
        each.arg == "metaclass" and names.qualified(each.value) != "abc.ABCMeta" for each in class_.node.keywords
    )


def _defines(class_: ClassId, name: str) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == name for each in class_.node.body)


def _written_into_namespace(node: ast.ClassDef) -> Iterator[str]:
    """Yield the names that a class's body, its methods left aside, puts into its namespace by hand."""
    stack: list[ast.AST] = list(node.body)
    while stack:
        each = stack.pop()
        if (name := _entry(each)) is not None:
            yield name
            continue
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in _NAMESPACES:
            yield _ANY
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(children(each))


def _entry(statement: ast.AST) -> str | None:
    """Return the name that `locals()["name"] = …` puts into a namespace."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=ast.Call(func=ast.Name("locals" | "vars"), args=[]), slice=key)]):
            return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    return None


def _set_by_subclassing(base: ClassId) -> Iterator[str]:
    """Yield the names that a base sets on each class that inherits from it."""
    for function in base.node.body:
        if not isinstance(function, ast.FunctionDef) or function.name != "__init_subclass__":
            continue
        first = next(iter(function.args.args), None)
        for node in walk(function):
            if not isinstance(node, ast.Name) or first is None or node.id != first.arg:
                continue
            parent = base.module.parents[node]
            is_set = isinstance(parent, ast.Attribute) and isinstance(parent.ctx, ast.Store)
            yield parent.attr if is_set and isinstance(parent, ast.Attribute) else _ANY


def _set_on(app: App, class_: ClassId) -> set[str]:
    """Return the attributes of a class that code assigns, `*` for one whose name is worked out."""
    return app.derive(_attributes_set).get(class_.node, set())


def _attributes_set(app: App) -> dict[ast.ClassDef, set[str]]:
    """Return what is assigned to attributes of each class, found in one pass."""
    found: dict[ast.ClassDef, set[str]] = {}
    for module in app.modules():
        for owner, attribute in _assigned(module):
            for each in app.symbols.definitions(module, owner):
                if each.class_node is not None:
                    found.setdefault(each.class_node, set()).add(attribute)
    return found


def _assigned(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield the objects on which a file sets attributes, and their names; what is set on `self` is no class's own."""
    for each in module.nodes(ast.Attribute):
        if isinstance(each.ctx, ast.Store) and getattr(each.value, "id", "") != "self":
            yield each.value, each.attr
    for call in module.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) > 1:
            name = call.args[1]
            yield call.args[0], str(name.value) if isinstance(name, ast.Constant) else _ANY


def _recounted(app: App) -> set[ast.ClassDef]:
    """Return the classes whose abstract methods a program has counted anew."""
    return {
        each.class_node
        for module in app.modules()
        if "update_abstractmethods" in module.source.text
        for call in module.nodes(ast.Call)
        if call.args and app.names(module).qualified(call.func) == "abc.update_abstractmethods"
        for each in app.symbols.definitions(module, call.args[0])
        if each.class_node is not None
    }
