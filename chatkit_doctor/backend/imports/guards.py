"""Whether code that fails was expected to fail: imports and attributes with another way beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.modules import home, is_sdk
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.remembered import remembered

# Nobody binds a name so often in one place.
MOST_BINDINGS = 200
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def is_guarded(module: Module, node: ast.AST) -> bool:
    """Return whether a node stands in a `try` that takes a failed import, or in the handler of one."""
    return any(_catches(each, _IMPORT_ERRORS) for each in _tries(module, node))


def has_working_import(app: App, module: Module, names: list[str], node: ast.AST) -> bool:
    """Return whether every one of the local names that a guarded import binds is imported otherwise as well."""
    return is_guarded(module, node) and bool(names) and all(_is_bound(app, module, name, node) for name in names)


def has_working_branch(app: App, module: Module, node: ast.AST) -> bool:
    """Return whether the `try` around a star import or a loader's call also imports something that is there."""
    return any(
        binding.kind is BindingKind.IMPORT and _works(app, module, binding)
        for each in _tries(module, node)
        if _catches(each, _IMPORT_ERRORS)
        for binding in app.names(module).imports()
        if each in module.ancestors(binding.node) and is_sdk(app, module, binding.dotted)
    )


def is_asked_for(module: Module, node: ast.Attribute) -> bool:
    """Return whether the code asks if an attribute is there: for it, for a release, or by taking the AttributeError."""
    if any(_tells_of(each, node.attr) for each in _tests(module, node)):
        return True
    if any(_catches(each, frozenset({"AttributeError"})) for each in _tries(module, node)):
        return True
    return node.attr in module.derive(_looked_for)


def _looked_for(module: Module) -> frozenset[object]:
    """Return the names that some `hasattr` asks for, or that are looked for in a table of members."""
    found: set[object] = set()
    for each in (*module.nodes(ast.Call), *module.nodes(ast.Compare)):
        match each:
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, ast.Constant(value=name)]):
                found.add(name)
            case ast.Compare(left=ast.Constant(value=name), ops=[ast.In() | ast.NotIn()], comparators=[table]):
                if _holds_members(table):
                    found.add(name)
    return frozenset(found)


def _tests(module: Module, node: ast.AST) -> Iterator[ast.expr]:
    """Yield what is tested around a node."""
    yield from (each.test for each in module.ancestors(node) if isinstance(each, ast.If | ast.IfExp))


def _tells_of(test: ast.expr, name: str) -> bool:
    """Return whether a test is for a name in some list, or for the release of something."""
    for each in walk(test):
        match each:
            case ast.Compare(left=ast.Constant(value=value), ops=[ast.In() | ast.NotIn()]) if value == name:
                return True
            case ast.Name(id=word) | ast.Attribute(attr=word) if "version" in word.lower():
                return True
    return False


def _holds_members(table: ast.expr) -> bool:
    match table:
        case ast.Attribute(attr="__members__" | "__dict__" | "model_fields"):
            return True
        case ast.Call(func=ast.Name(id="dir" | "vars")):
            return True
    return False


def _is_bound(app: App, module: Module, name: str, node: ast.AST) -> bool:
    bindings = app.names(module).lookup(name, node)
    # What a machine wrote is taken to work somewhere.
    return len(bindings) > MOST_BINDINGS or any(
        binding.kind is BindingKind.IMPORT
        and _works(app, module, binding)
        and node not in (binding.node, *module.ancestors(binding.node))
        for binding in bindings
    )


# Each import is asked for by every other.
@remembered
def _works(app: App, module: Module, binding: Binding) -> bool:
    """Return whether an import can succeed: what is not ChatKit's is taken to."""
    if not is_sdk(app, module, binding.dotted):
        return True
    contract = contract_for(app, module.source.path)
    written = _written(module, binding)
    if contract.has_module(written):
        return True
    owner, _, name = written.rpartition(".")
    return contract.has_module(owner) and home(contract, owner, name) == owner


def _written(module: Module, binding: Binding) -> str:
    """Return what an import statement asks for: `import a.b` binds `a` and asks for `a.b`."""
    parent = module.parents[binding.node]
    return (
        binding.node.name if isinstance(parent, ast.Import) and isinstance(binding.node, ast.alias) else binding.dotted
    )


def _tries(module: Module, node: ast.AST) -> Iterator[ast.Try | ast.With]:
    for each in module.ancestors(node):
        if isinstance(each, ast.Try | ast.With):
            yield each
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return


def _catches(statement: ast.Try | ast.With, errors: frozenset[str]) -> bool:
    if isinstance(statement, ast.With):
        entered = [each.context_expr for each in statement.items]
        return any(_is_suppress(each) and _names_any(each, errors) for each in entered)
    return any(handler.type is None or _names_any(handler.type, errors) for handler in statement.handlers)


def _is_suppress(entered: ast.expr) -> bool:
    match entered:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress")):
            return True
    return False


def _names_any(written: ast.expr, errors: frozenset[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in errors for each in walk(written))
