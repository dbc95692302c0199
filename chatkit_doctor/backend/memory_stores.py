"""Whether a project's Store keeps its threads no longer than its process lives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts.sdk.sdk_names import STORE
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, children, walk
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location

# What a file that keeps things elsewhere than in the process speaks of.
_WRITES = regex(
    r"\bopen\(|write_text|write_bytes|json\.dump\b|pickle|shelve|sqlite|execute\(|redis|mongo|supabase|firestore|boto3"
    r"|cosmos|psycopg|asyncpg|sqlalchemy|sqlmodel|objects\.|session\.(?:add|merge|commit)"
)
_TABLES = frozenset({"dict", "defaultdict", "OrderedDict", "list"})


def keeps_threads_in_memory(app: App) -> bool:
    """Return whether a Store of the project keeps its threads in a dict or list of its own."""
    for view in app.hierarchy.views:
        contract = contract_for(app, view.own.module.source.path)
        if any(contract.canonical(each) == STORE for each in view.externals) and _has_table_of_threads(view):
            return True
    return False


def _has_table_of_threads(view: ClassView) -> bool:
    return next(_tables_of_threads(view), None) is not None


def is_in_memory(view: ClassView) -> bool:
    """Return whether the files of a Store make tables for objects, and it uses nothing that keeps things elsewhere."""
    if _writes_elsewhere(view):
        return False
    kept: list[ast.Assign | ast.AnnAssign] = []
    for module in {each.module for each in view.classes}:
        kept += [*module.nodes(ast.Assign), *module.nodes(ast.AnnAssign)]
    return any(_is_own(each) and each.value is not None and _is_empty_table(each.value) for each in kept)


def _is_own(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Attribute) for each in targets)


def _writes_elsewhere(view: ClassView) -> bool:
    """Return whether a class, what it uses of its file or what uses its objects there keeps things elsewhere."""
    return any(
        each.module.derive(_may_write)
        and any(_writes(each.module, statement) for statement in _used(each.module, each.node))
        for each in view.classes
    )


def _may_write(module: Module) -> bool:
    return _WRITES.search(module.source.text) is not None


@remembered
def _writes(_: Module, statement: ast.stmt) -> bool:
    return _WRITES.search(ast.unparse(statement)) is not None


def _used(module: Module, start: ast.ClassDef) -> list[ast.stmt]:
    """Return a class, the statements at the top of its module that bind what it names, and those that use its object.

    And so on. `json.dumps(store.threads)`, when the server stops, keeps what is in it as well.
    """
    binding = module.derive(_binding)
    objects = module.derive(_objects).get(start.name, ())
    owning = [each for name in objects for each in module.derive(_taking).get(name, ())]
    waiting = [start, *dict.fromkeys(owning)]
    found = dict.fromkeys(waiting)
    done: set[str] = set()
    while waiting:
        names = _named(module, waiting.pop()) - done
        done |= names
        new = [each for name in names for each in binding.get(name, ()) if each not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)


def _binding(module: Module) -> dict[str, list[ast.stmt]]:
    """Return the statements at the top of a module by the names that they may bind."""
    found: dict[str, list[ast.stmt]] = {}
    for each in module.tree.body:
        for name in _bound(each):
            found.setdefault(name, []).append(each)
    return found


def _objects(module: Module) -> dict[str, set[str]]:
    """Return the names that a module sets to objects, by the names of the classes."""
    found: dict[str, set[str]] = {}
    for each in module.tree.body:
        value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            found.setdefault(value.func.id, set()).update(_bound(each))
    return found


def _taking(module: Module) -> dict[str, list[ast.stmt]]:
    """Return the statements at the top of a module by the names of which they take an attribute."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in module.tree.body:
        attributes = (each for each in walk(statement) if isinstance(each, ast.Attribute))
        for name in {each.value.id for each in attributes if isinstance(each.value, ast.Name)}:
            found.setdefault(name, []).append(statement)
    return found


@remembered
def _named(_: Module, statement: ast.stmt) -> frozenset[str]:
    return frozenset(each.id for each in walk(statement) if isinstance(each, ast.Name))


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top of a module may bind."""
    pending: list[ast.AST] = [statement]
    for each in pending:
        if not isinstance(each, FunctionNode | ast.ClassDef):
            pending += children(each)
        if isinstance(each, FunctionNode | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.alias):
            yield (each.asname or each.name).partition(".")[0]
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def volatile_table(view: ClassView) -> Location | None:
    """Return where a Store makes the table that its threads are in; None where it may write them somewhere as well."""
    if _writes_elsewhere(view):
        return None
    return next(_tables_of_threads(view), None)


def _tables_of_threads(view: ClassView) -> Iterator[Location]:
    for each in view.classes:
        for node in walk(each.node):
            if isinstance(node, ast.Assign | ast.AnnAssign) and (value := node.value) is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from (
                    each.module.location(target)
                    for target in targets
                    if _is_named_for_threads(target) and _is_empty_table(value)
                )


def _is_named_for_threads(target: ast.expr) -> bool:
    name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
    return "thread" in name.lower()


def _is_empty_table(value: ast.expr) -> bool:
    if isinstance(value, ast.Dict | ast.List):
        return not ast.unparse(value).strip("{}[]")
    name = value.func if isinstance(value, ast.Call) else None
    return isinstance(name, ast.Name) and name.id in _TABLES
