"""What a project imports from openai-agents that the release it uses does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.guards import has_working_import, is_asked_for, is_guarded
from chatkit_doctor.backend.imports.modules import home, imported_names
from chatkit_doctor.contracts.published import resolve_release
from chatkit_doctor.contracts.sdk import agents_modules
from chatkit_doctor.contracts.sdk.agents import AGENTS, AGENTS_MODULE, home_of, is_mistaken, meant
from chatkit_doctor.contracts.sdk.sdk_names import AGENTS as CHATKIT_AGENTS
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class UnknownImport:
    """A module, or with a name that name of it, which an import or an attribute asks for and does not get.

    module: the file. dotted: the module as it is written. release: the one that counts.
    node: the statement or its alias where the module is missing, else the alias of the name, or its first use.
    home: the module to import from instead, where there is one.
    """

    module: Module
    dotted: str
    name: str
    release: str
    node: ast.ImportFrom | ast.alias | ast.Attribute
    home: str | None


def unknown_imports(app: App) -> Iterator[UnknownImport]:
    """Yield what the app's files import in vain from openai-agents, or from a module named after it."""
    for module in app.own_modules():
        path = module.source.path
        target = app.target(path, AGENTS)
        if AGENTS_MODULE not in module.source.text or (target is not None and target.is_foreign):
            continue
        release, _ = resolve_release(AGENTS, target.version if target else None)
        for statement in module.nodes(ast.Import):
            for alias in statement.names:
                if _is_asked_of_sdk(app, module, alias.name) and not agents_modules.has_module(alias.name, release):
                    yield from _module(app, module, alias.name, release, alias)
        for each in module.nodes(ast.ImportFrom):
            if not each.level and each.module and _is_asked_of_sdk(app, module, each.module):
                yield from _from(app, module, each, release)
        yield from _attributes(app, module, release)


def _attributes(app: App, module: Module, release: str) -> Iterator[UnknownImport]:
    """Yield the first use of each name that is asked of a module which `import` binds, and is not there."""
    names = app.names(module)
    seen = set()
    # By the lists of bindings, of which all uses of a name have one.
    modules: dict[int, str | None] = {}
    set_here = {each.attr for each in module.nodes(ast.Attribute) if not isinstance(each.ctx, ast.Load)}
    for node in module.nodes(ast.Attribute):
        if not isinstance(node.value, ast.Name) or node.attr in set_here or node.attr.startswith("_"):
            continue
        bindings = names.lookup(node.value.id, node.value)
        if id(bindings) not in modules:
            modules[id(bindings)] = _only_module(bindings) if bindings else None
        dotted = modules[id(bindings)]
        if dotted is None or (dotted, node.attr) in seen or not _is_asked_of_sdk(app, module, dotted):
            continue
        if not agents_modules.has_module(dotted, release) or agents_modules.has_name(dotted, node.attr, release):
            continue
        if is_asked_for(module, node):
            continue
        seen.add((dotted, node.attr))
        found = home_of(node.attr, release) or _of_chatkit(app, module, node.attr)
        yield UnknownImport(module, dotted, node.attr, release, node, found)


def _only_module(bindings: list[Binding]) -> str | None:
    """Return the module that a name is bound to, by nothing but `import`; None where there is more than one."""
    found = {each.dotted for each in bindings if each.kind is BindingKind.IMPORT and isinstance(each.node, ast.alias)}
    if len(found) != 1 or any(each.kind is not BindingKind.IMPORT for each in bindings):
        return None
    return found.pop()


def _is_asked_of_sdk(app: App, module: Module, dotted: str) -> bool:
    """Return whether an import means openai-agents, and not a module of the project's own by that name."""
    top = dotted.partition(".")[0]
    if top != AGENTS_MODULE and not is_mistaken(top):
        return False
    return not app.layout.has_package(module.source.path, top) and app.layout.resolve(module.source.path, top) is None


def _module(
    app: App, module: Module, dotted: str, release: str, node: ast.ImportFrom | ast.alias
) -> Iterator[UnknownImport]:
    bound = (
        [each.asname or each.name for each in imported_names(node)]
        if isinstance(node, ast.ImportFrom)
        else [node.asname or node.name.partition(".")[0]]
    )
    statement = node if isinstance(node, ast.ImportFrom) else module.parents[node]
    if is_guarded(module, node) and agents_modules.known(dotted) is not None:
        return
    if not has_working_import(app, module, bound, statement):
        right = meant(f"{dotted}.").removesuffix(".")
        found = right if right != dotted and agents_modules.has_module(right, release) else None
        yield UnknownImport(module, dotted, "", release, node, found or _home_of_all(node, release))


def _home_of_all(node: ast.ImportFrom | ast.alias, release: str) -> str | None:
    """Return the one module that has all that a statement imports."""
    names = [each.name for each in node.names] if isinstance(node, ast.ImportFrom) else []
    found = {home_of(each, release) for each in names}
    return found.pop() if len(found) == 1 else None


def _from(app: App, module: Module, statement: ast.ImportFrom, release: str) -> Iterator[UnknownImport]:
    dotted = statement.module or ""
    if not agents_modules.has_module(dotted, release):
        yield from _module(app, module, dotted, release, statement)
        return
    for alias in imported_names(statement):
        if agents_modules.has_name(dotted, alias.name, release) or alias.name.startswith("_"):
            continue
        if is_guarded(module, alias) and agents_modules.known(dotted, alias.name) is not None:
            continue
        if has_working_import(app, module, [alias.asname or alias.name], statement):
            continue
        found = home_of(alias.name, release) or _of_chatkit(app, module, alias.name)
        yield UnknownImport(module, dotted, alias.name, release, alias, found)


def _of_chatkit(app: App, module: Module, name: str) -> str | None:
    """Return the module of ChatKit that has a name, which people look for in the wrong one of the two packages."""
    contract = contract_for(app, module.source.path)
    owner = home(contract, CHATKIT_AGENTS, name)
    return owner if owner and (contract.canonical(f"{owner}.{name}") or "").startswith("chatkit.") else None
