"""The places where a project takes a name from a module of ChatKit that does not have it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.guards import has_working_import, is_asked_for, is_guarded
from chatkit_doctor.backend.imports.modules import home, imported_names, is_sdk, real_module
from chatkit_doctor.contracts import PythonContract, history, meant_module
from chatkit_doctor.contracts.mistakes import sdk_roots
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, is_none, root_name
from chatkit_doctor.python.names import BindingKind, Names
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that a module lacks, at its import or, with `node` an attribute, at its first use.

    owner: the module, or the one that was meant by a wrong path. home: the module that has the name, if any.
    """

    module: Module
    owner: str
    name: str
    home: str | None
    node: ast.alias | ast.Attribute
    at: Location


def unknown_names(app: App) -> Iterator[UnknownName]:
    """Yield the unknown names that own files of the app import, then those that are reached as attributes."""
    for module in app.own_modules():
        if any(each in module.source.text for each in sdk_roots()):
            yield from imported_unknown_names(app, module)
            yield from _attributes(app, module)


def imported_unknown_names(app: App, module: Module) -> Iterator[UnknownName]:
    """Yield the unknown names that a file imports."""
    contract = contract_for(app, module.source.path)
    for statement in module.nodes(ast.ImportFrom):
        written = statement.module or ""
        if statement.level or not is_sdk(app, module, written):
            continue
        owner = real_module(contract, written)
        if owner is None or not contract.has_module(owner):
            continue
        for alias in imported_names(statement):
            if contract.has_name(owner, alias.name) or meant_module(f"{owner}.{alias.name}"):
                continue
            found = home(contract, owner, alias.name)
            # A name that another module has is put right with the path that was wrong.
            if (owner != written and found) or _is_expected(app, module, owner, alias):
                continue
            at = module.location(alias)
            end = at.start + len(alias.name)
            yield UnknownName(module, owner, alias.name, found, alias, module.source.location(at.start, end))


def _is_expected(app: App, module: Module, owner: str, alias: ast.alias) -> bool:
    if is_guarded(module, alias) and history(owner, alias.name) is not None:
        return True
    return has_working_import(app, module, [alias.asname or alias.name], module.parents[alias])


# Asked by the fix of each import in a file, and a look at every import in it to answer.
@remembered
def names_without_home(app: App, module: Module) -> frozenset[str]:
    """Return the imported names that no module has, as they are written."""
    unknown = imported_unknown_names(app, module)
    return frozenset(module.location(each.node).text for each in unknown if each.home is None)


def _attributes(app: App, module: Module) -> Iterator[UnknownName]:
    contract = contract_for(app, module.source.path)
    names = app.names(module)
    roots = {
        binding.name
        for binding in names.imports()
        if binding.kind is BindingKind.IMPORT and is_sdk(app, module, binding.dotted)
    }
    seen: set[tuple[str, str]] = set()
    set_here = {each.attr for each in module.nodes(ast.Attribute) if not isinstance(each.ctx, ast.Load)}
    for node in module.nodes(ast.Attribute):
        root = root_name(node)
        if root is None or root.id not in roots or node.attr in set_here or not _is_only_imported(module, names, root):
            continue
        for written in dict.fromkeys(names.qualified_all(node.value)):
            owner = real_module(contract, written) if is_sdk(app, module, written) else None
            if owner is None or not contract.has_module(owner) or (owner, node.attr) in seen:
                continue
            if contract.has_name(owner, node.attr) or _is_module(contract, module, written, node.attr):
                continue
            found = home(contract, owner, node.attr)
            if (owner != written and found) or is_asked_for(module, node):
                continue
            seen.add((owner, node.attr))
            yield UnknownName(module, owner, node.attr, found, node, module.location(node))


def _is_module(contract: PythonContract, module: Module, owner: str, name: str) -> bool:
    """Return whether an attribute is a module, which is imported somewhere and judged there."""
    dotted = f"{owner}.{name}"
    return real_module(contract, dotted) is not None or dotted in module.derive(_imported_paths)


def _imported_paths(module: Module) -> frozenset[str]:
    """Return what `import a.b.c` brings in, here and there in a file: `a`, `a.b` and `a.b.c`."""
    paths = {alias.name for each in module.nodes(ast.Import) for alias in each.names}
    parts = [path.split(".") for path in paths]
    return frozenset(".".join(each[:count]) for each in parts for count in range(1, len(each) + 1))


def _is_only_imported(module: Module, names: Names, root: ast.Name) -> bool:
    """Return whether a name is nothing but imports, or None where they fail; the same for all that is bound as it."""
    bindings = names.lookup(root.id, root)
    known = module.derive(_known)
    if id(bindings) not in known:
        known[id(bindings)] = all(each.kind is BindingKind.IMPORT or is_none(each.value) for each in bindings)
    return known[id(bindings)]


def _known(_: Module) -> dict[int, bool]:
    return {}
