"""The edits that mend an import of a module that ChatKit does not have, and what was reached through it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.guards import MOST_BINDINGS
from chatkit_doctor.backend.imports.handed_on import is_handed_on
from chatkit_doctor.backend.imports.modules import ModuleImport, home, imported_names, real_module
from chatkit_doctor.backend.imports.name_uses import names_without_home
from chatkit_doctor.contracts import PythonContract, history, meant_module
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.import_lines import Imported, rearranged
from chatkit_doctor.python.inserted_names import free_name
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.type_uses import strings_in_annotations
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import joined


def module_fix(app: App, found: ModuleImport) -> Fix | None:
    """Return the fix that imports from the modules that were meant, or None where they cannot be told."""
    if history(found.dotted) is not None:
        return None
    contract = contract_for(app, found.module.source.path)
    meant = real_module(contract, found.dotted)
    meant = meant if meant and contract.has_module(meant) else None
    # Without a known mistake behind it, the name alone says which module was meant.
    safety = Applicability.SAFE if meant else Applicability.UNSAFE
    edits = _edits(app, contract, found, meant)
    if not edits:
        return None
    return Fix(f"import from {joined(places(app, found, meant))}", safety, lambda: edits)


def places(app: App, found: ModuleImport, meant: str | None) -> list[str]:
    """Return the modules that have what is imported, or what is taken from the module, else the one that was meant."""
    contract, node = contract_for(app, found.module.source.path), found.node
    told: set[str | None] = set()
    if isinstance(node, ast.ImportFrom):
        told = {home(contract, found.dotted, each.name) or meant for each in imported_names(node)}
    elif meant is not None and isinstance(node, ast.alias | ast.Attribute):
        told = set(_needed(app, found.module, found.dotted, meant))
        if isinstance(node, ast.alias) and node.asname:
            bindings = app.names(found.module).lookup(node.asname, found.module.parents[node])
            told = {meant, *_homes_behind(app, found.module, id(bindings), found.dotted)}
    return sorted(each for each in told if each) or ([meant] if meant else [])


@remembered
def _homes_behind(app: App, module: Module, bindings: int, dotted: str) -> frozenset[str]:
    """Return the modules that have what is taken from a module under another name, where these are others.

    bindings: of the name, as the key that `_taken` has for them.
    """
    contract = contract_for(app, module.source.path)
    taken = {each.attr for each in module.derive(_taken).get(bindings, ())}
    return frozenset(path for name in taken if (path := home(contract, dotted, name)))


def _taken(module: Module) -> dict[int, list[ast.Attribute]]:
    """Return what is taken from each name, in the order of the text, by the lists of its bindings."""
    names = module.derive(Names)
    found: dict[int, list[ast.Attribute]] = {}
    for node in module.nodes(ast.Attribute):
        if isinstance(node.value, ast.Name) and (bindings := names.lookup(node.value.id, node)):
            found.setdefault(id(bindings), []).append(node)
    return found


def _edits(app: App, contract: PythonContract, found: ModuleImport, meant: str | None) -> list[Edit]:
    node = found.node
    if isinstance(node, ast.ImportFrom):
        return _from_import(app, contract, found.module, node, meant)
    if meant is None or isinstance(node, ast.Constant):
        return [Edit(found.at, meant)] if meant else []
    if isinstance(node, ast.Attribute):
        return _package_import(app, found, meant)
    statement = found.module.parents[node]
    if isinstance(statement, ast.ImportFrom):
        return _submodule(app, found.module, statement, node, meant)
    if node.asname:
        return _aliased_import(app, found, node, meant)
    return _plain_import(app, found, meant)


def _from_import(
    app: App, contract: PythonContract, module: Module, statement: ast.ImportFrom, meant: str | None
) -> list[Edit]:
    """Import each name of a statement from the module that has it, and the unknown ones from the one meant."""
    if statement.names[0].name == "*":
        return [Edit(module.import_path_location(statement), meant)] if meant else []
    plan: dict[ast.alias, Imported | None] = {}
    renames: list[Edit] = []
    homes = {alias: home(contract, statement.module or "", alias.name) for alias in statement.names}
    for alias in statement.names:
        written = module.location(alias).text
        submodule = meant_module(f"{meant}.{alias.name}")
        if submodule:
            text, edits = _renamed_module(app, module, alias, submodule)
            plan[alias] = Imported(submodule.rpartition(".")[0], text)
            renames += edits
        elif (path := homes[alias] or meant) is None:
            return []
        else:
            plan[alias] = Imported(path, written)
    if not renames and not any(homes.values()):
        return []
    return [*rearranged(module, statement, plan, names_without_home(app, module)), *renames]


def _submodule(app: App, module: Module, statement: ast.ImportFrom, alias: ast.alias, meant: str) -> list[Edit]:
    """Mend `from chatkit import stores`, and the uses of the name where the right one is free."""
    text, renames = _renamed_module(app, module, alias, meant)
    path = statement.module or ""
    plan: dict[ast.alias, Imported | None] = {
        each: Imported(path, module.location(each).text) for each in statement.names
    }
    plan[alias] = Imported(meant.rpartition(".")[0], text)
    return [*rearranged(module, statement, plan), *renames]


def _renamed_module(app: App, module: Module, alias: ast.alias, meant: str) -> tuple[str, list[Edit]]:
    """Return the text that imports a module under its right name, and the edits of its uses."""
    new = meant.rpartition(".")[2]
    if alias.asname:
        return f"{new} as {alias.asname}", []
    names = app.names(module)
    bindings = names.lookup(alias.name, module.parents[alias])
    taken = free_name(module, new) != new or len(bindings) > MOST_BINDINGS
    if taken or _is_in_text(module, alias.name) or is_handed_on(app, module, alias.name):
        return f"{new} as {alias.name}", []
    return new, [Edit(module.location(each), new) for each in module.derive(_used).get(id(bindings), ())]


@remembered
def _is_in_text(module: Module, name: str) -> bool:
    """Return whether a text of a file, such as an annotation, takes something from a name."""
    return any(f"{name}." in each.value for each in module.nodes(ast.Constant) if isinstance(each.value, str))


def _used(module: Module) -> dict[int, list[ast.Name]]:
    """Return the uses of each name, in the order of the text, by the lists of its bindings."""
    names = module.derive(Names)
    imported = {alias.name for statement in module.nodes(ast.ImportFrom) for alias in statement.names}
    found: dict[int, list[ast.Name]] = {}
    for node in module.nodes(ast.Name):
        if node.id in imported:
            found.setdefault(id(names.lookup(node.id, node)), []).append(node)
    return found


def _plain_import(app: App, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `import chatkit.stores` and every `chatkit.stores.…` in the file."""
    # The fix of each import has all uses in it.
    if len(app.names(found.module).bindings(found.dotted.partition(".")[0])) > MOST_BINDINGS:
        return []
    needed = sorted(_needed(app, found.module, found.dotted, meant)) or [meant]
    return [
        Edit(found.at, _separator(found.module, found.node).join(needed)),
        *_edits_of_uses(app, found.module, found.dotted, meant),
        *_edits_in_strings(app, found.module, found.dotted, meant),
    ]


def _aliased_import(app: App, found: ModuleImport, alias: ast.alias, meant: str) -> list[Edit]:
    """Mend `import openai_chatkit as ck`; names that live elsewhere are imported by themselves."""
    module = found.module
    bindings = app.names(module).lookup(alias.asname or alias.name, module.parents[alias])
    moved = _moved_behind(app, module, id(bindings), found.dotted, meant)
    if moved is None or len(bindings) > MOST_BINDINGS:
        return []
    edits, wanted = moved
    return [Edit(found.at, meant), *edits, *import_edits(module, wanted)]


@remembered
def _moved_behind(
    app: App, module: Module, bindings: int, dotted: str, meant: str
) -> tuple[list[Edit], dict[str, set[str]]] | None:
    """Return the edits of what is taken from a name and lives elsewhere, and what they import; None where it may not.

    bindings: of the name, as the key that `_taken` has for them.
    """
    names, contract = app.names(module), contract_for(app, module.source.path)
    edits: list[Edit] = []
    wanted: dict[str, set[str]] = {}
    for node in module.derive(_taken).get(bindings, ()):
        path = home(contract, dotted, node.attr)
        if path is None or path == meant:
            continue
        if names.lookup(node.attr, node):
            return None
        wanted.setdefault(path, set()).add(node.attr)
        edits.append(Edit(module.location(node), node.attr))
    return edits, wanted


def _separator(module: Module, node: ast.AST) -> str:
    """Return what goes between two modules that are imported in the place of one."""
    statement = module.parents[node]
    if not (isinstance(statement, ast.Import) and len(statement.names) == 1):
        return ", "
    line = module.source.line(statement.lineno)
    before = line[: module.location(statement).first.column - 1]
    return ", " if before.strip() or ";" in line else f"\n{before}import "


@remembered
def _edits_in_strings(app: App, module: Module, dotted: str, meant: str) -> tuple[Edit, ...]:
    source, contract = module.source, contract_for(app, module.source.path)
    word = re.compile(rf"(?<![\w.]){re.escape(dotted)}(?=\.(\w+))")
    return tuple(
        Edit(source.location(match.start(), match.end()), home(contract, dotted, match.group(1)) or meant)
        for at in map(module.location, strings_in_annotations(module))
        for match in word.finditer(source.text, at.start, at.end)
    )


def _package_import(app: App, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `chatkit.stores.Store` after `import chatkit`; under another name for the package nothing can be told."""
    package = found.dotted.partition(".")[0]
    imports = [alias for each in found.module.nodes(ast.Import) for alias in each.names]
    alias = next((each for each in imports if (each.name, each.asname) == (package, None)), None)
    if alias is None:
        return []
    needed = [package, *sorted(_needed(app, found.module, found.dotted, meant))]
    text = _separator(found.module, alias).join(needed)
    return [
        Edit(found.module.location(alias), text),
        *_edits_of_uses(app, found.module, found.dotted, meant),
    ]


@dataclass(frozen=True, slots=True)
class _Use:
    """An expression that is a wrong module, the path to write in its place, and the module to import for it."""

    node: ast.expr
    path: str
    needs: str


# The same module may be imported in many places of a file, and each asks for all of its uses.
@remembered
def _uses(app: App, module: Module, dotted: str, meant: str) -> tuple[_Use, ...]:
    """Return the uses of a wrong module; each becomes the module that has what is taken from it."""
    return tuple(_find_uses(app, module, dotted, meant))


@remembered
def _needed(app: App, module: Module, dotted: str, meant: str) -> frozenset[str]:
    return frozenset(each.needs for each in _uses(app, module, dotted, meant))


@remembered
def _edits_of_uses(app: App, module: Module, dotted: str, meant: str) -> tuple[Edit, ...]:
    return tuple(Edit(module.location(use.node), use.path) for use in _uses(app, module, dotted, meant))


def _find_uses(app: App, module: Module, dotted: str, meant: str) -> Iterator[_Use]:
    names, contract = app.names(module), contract_for(app, module.source.path)
    for node in module.derive(_by_last_part).get(dotted.rpartition(".")[2], ()):
        if module.location(node).text != dotted or dotted not in names.qualified_all(node):
            continue
        parent = module.parents[node]
        if not isinstance(parent, ast.Attribute):
            yield _Use(node, meant, meant)
        elif deeper := real_module(contract, f"{dotted}.{parent.attr}"):
            # `openai_chatkit.store` after `import openai_chatkit`.
            yield _Use(node, meant, deeper)
        else:
            path = home(contract, dotted, parent.attr) or meant
            yield _Use(node, path, path)


def _by_last_part(module: Module) -> dict[str, list[ast.expr]]:
    """Return the names and attributes of a file by what they end in, the names first."""
    found: dict[str, list[ast.expr]] = {}
    for name in module.nodes(ast.Name):
        found.setdefault(name.id, []).append(name)
    for attribute in module.nodes(ast.Attribute):
        found.setdefault(attribute.attr, []).append(attribute)
    return found
