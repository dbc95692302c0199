"""The edits that mend an import of a module that ChatKit does not have, and what was reached through it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.contract import contract_for
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
from chatkit_doctor.python.type_uses import strings_in_annotations
from chatkit_doctor.records import dataclass
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
        told = {each.needs for each in _uses(app, contract, found, meant)}
        if isinstance(node, ast.alias) and node.asname:
            told = {meant, *_homes_behind(app, contract, found, node)}
    return sorted(each for each in told if each) or ([meant] if meant else [])


def _homes_behind(app: App, contract: PythonContract, found: ModuleImport, alias: ast.alias) -> Iterator[str]:
    """Yield the modules that have what is taken from a module under another name, where these are others."""
    for node in found.module.nodes(ast.Attribute):
        bound = app.names(found.module).lookup(node.value.id, node) if isinstance(node.value, ast.Name) else ()
        if any(each.node is alias for each in bound) and (path := home(contract, found.dotted, node.attr)):
            yield path


def _edits(app: App, contract: PythonContract, found: ModuleImport, meant: str | None) -> list[Edit]:
    node = found.node
    if isinstance(node, ast.ImportFrom):
        return _from_import(app, contract, found.module, node, meant)
    if meant is None or isinstance(node, ast.Constant):
        return [Edit(found.at, meant)] if meant else []
    if isinstance(node, ast.Attribute):
        return _package_import(app, contract, found, meant)
    statement = found.module.parents[node]
    if isinstance(statement, ast.ImportFrom):
        return _submodule(app, found.module, statement, node, meant)
    if node.asname:
        return _aliased_import(app, contract, found, node, meant)
    return _plain_import(app, contract, found, meant)


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
    taken = free_name(module, new) != new
    in_text = any(f"{alias.name}." in each.value for each in module.nodes(ast.Constant) if isinstance(each.value, str))
    if taken or in_text or is_handed_on(app, module, alias.name):
        return f"{new} as {alias.name}", []
    uses = [each for each in module.nodes(ast.Name) if each.id == alias.name]
    mine = [each for each in uses if any(binding.node is alias for binding in names.lookup(each.id, each))]
    return new, [Edit(module.location(each), new) for each in mine]


def _plain_import(app: App, contract: PythonContract, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `import chatkit.stores` and every `chatkit.stores.…` in the file."""
    uses = list(_uses(app, contract, found, meant))
    needed = sorted({use.needs for use in uses}) or [meant]
    return [
        Edit(found.at, _separator(found.module, found.node).join(needed)),
        *(Edit(found.module.location(use.node), use.path) for use in uses),
        *_edits_in_strings(contract, found, meant),
    ]


def _aliased_import(
    app: App, contract: PythonContract, found: ModuleImport, alias: ast.alias, meant: str
) -> list[Edit]:
    """Mend `import openai_chatkit as ck`; names that live elsewhere are imported by themselves."""
    module, names = found.module, app.names(found.module)
    edits = [Edit(found.at, meant)]
    wanted: dict[str, set[str]] = {}
    for node in module.nodes(ast.Attribute):
        if not (
            isinstance(node.value, ast.Name) and any(each.node is alias for each in names.lookup(node.value.id, node))
        ):
            continue
        path = home(contract, found.dotted, node.attr)
        if path is None or path == meant:
            continue
        if names.lookup(node.attr, node):
            return []
        wanted.setdefault(path, set()).add(node.attr)
        edits.append(Edit(module.location(node), node.attr))
    return [*edits, *import_edits(module, wanted)]


def _separator(module: Module, node: ast.AST) -> str:
    """Return what goes between two modules that are imported in the place of one."""
    statement = module.parents[node]
    if not (isinstance(statement, ast.Import) and len(statement.names) == 1):
        return ", "
    line = module.source.line(statement.lineno)
    before = line[: module.location(statement).first.column - 1]
    return ", " if before.strip() or ";" in line else f"\n{before}import "


def _edits_in_strings(contract: PythonContract, found: ModuleImport, meant: str) -> Iterator[Edit]:
    source = found.module.source
    word = re.compile(rf"(?<![\w.]){re.escape(found.dotted)}(?=\.(\w+))")
    for constant in strings_in_annotations(found.module):
        at = found.module.location(constant)
        for match in word.finditer(source.text, at.start, at.end):
            path = home(contract, found.dotted, match.group(1)) or meant
            yield Edit(source.location(match.start(), match.end()), path)


def _package_import(app: App, contract: PythonContract, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `chatkit.stores.Store` after `import chatkit`; under another name for the package nothing can be told."""
    package = found.dotted.partition(".")[0]
    imports = [alias for each in found.module.nodes(ast.Import) for alias in each.names]
    alias = next((each for each in imports if (each.name, each.asname) == (package, None)), None)
    if alias is None:
        return []
    uses = list(_uses(app, contract, found, meant))
    needed = [package, *sorted({use.needs for use in uses})]
    text = _separator(found.module, alias).join(needed)
    return [
        Edit(found.module.location(alias), text),
        *(Edit(found.module.location(use.node), use.path) for use in uses),
    ]


@dataclass(frozen=True, slots=True)
class _Use:
    """An expression that is a wrong module, the path to write in its place, and the module to import for it."""

    node: ast.expr
    path: str
    needs: str


def _uses(app: App, contract: PythonContract, found: ModuleImport, meant: str) -> Iterator[_Use]:
    """Yield the uses of a wrong module; each becomes the module that has what is taken from it."""
    module, names = found.module, app.names(found.module)
    nodes: Sequence[ast.expr] = [*module.nodes(ast.Name), *module.nodes(ast.Attribute)]
    for node in nodes:
        if module.location(node).text != found.dotted or found.dotted not in names.qualified_all(node):
            continue
        parent = module.parents[node]
        if not isinstance(parent, ast.Attribute):
            yield _Use(node, meant, meant)
        elif deeper := real_module(contract, f"{found.dotted}.{parent.attr}"):
            # `openai_chatkit.store` after `import openai_chatkit`.
            yield _Use(node, meant, deeper)
        else:
            path = home(contract, found.dotted, parent.attr) or meant
            yield _Use(node, path, path)
