"""The edits that mend an import of a module that ChatKit does not have, and what was reached through it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.checks._context import contract_for
from chatkit_doctor.checks._imports import ModuleImport, home, real_module
from chatkit_doctor.checks._name_uses import names_without_home
from chatkit_doctor.checks._type_uses import strings_in_annotations
from chatkit_doctor.contracts import PythonContract, meant_module
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project import Project
from chatkit_doctor.python.import_lines import Imported, rearranged
from chatkit_doctor.python.module import Module


def module_fix(project: Project, found: ModuleImport) -> Fix | None:
    """Return the fix that imports from the modules that were meant, or None where they cannot be told."""
    contract = contract_for(project, found.module.source.path)
    meant = real_module(contract, found.dotted)
    meant = meant if meant and contract.has_module(meant) else None
    # Without a known mistake behind it, the name alone says which module was meant.
    safety = Applicability.SAFE if meant else Applicability.UNSAFE
    if isinstance(found.node, ast.ImportFrom):
        edits = _from_import(project, contract, found.module, found.node, meant)
    elif meant is None:
        return None
    elif isinstance(found.node, ast.alias) and isinstance(found.module.parents[found.node], ast.ImportFrom):
        edits = _submodule(project, found, meant)
    elif isinstance(found.node, ast.alias) and found.node.asname is None:
        edits = _plain_import(project, contract, found, meant)
    elif isinstance(found.node, ast.Attribute):
        edits = _package_import(project, contract, found)
    else:
        edits = [Edit(found.at, meant)]
    if not edits:
        return None
    title = f"import from {meant}" if meant else "import each name from the module that has it"
    return Fix(title, safety, lambda: edits)


def _from_import(
    project: Project, contract: PythonContract, module: Module, statement: ast.ImportFrom, meant: str | None
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
            text, edits = _renamed_module(project, module, alias, submodule)
            plan[alias] = Imported(submodule.rpartition(".")[0], text)
            renames += edits
        elif (path := homes[alias] or meant) is None:
            return []
        else:
            plan[alias] = Imported(path, written)
    if not renames and not any(homes.values()):
        return []
    return [*rearranged(module, statement, plan, names_without_home(project, module)), *renames]


def _submodule(project: Project, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `from chatkit import stores`, and the uses of the name where the right one is free."""
    alias = found.node
    assert isinstance(alias, ast.alias)
    statement = found.module.parents[alias]
    assert isinstance(statement, ast.ImportFrom)
    text, renames = _renamed_module(project, found.module, alias, meant)
    path = statement.module or ""
    plan: dict[ast.alias, Imported | None] = {
        each: Imported(path, found.module.location(each).text) for each in statement.names
    }
    plan[alias] = Imported(meant.rpartition(".")[0], text)
    return [*rearranged(found.module, statement, plan), *renames]


def _renamed_module(project: Project, module: Module, alias: ast.alias, meant: str) -> tuple[str, list[Edit]]:
    """Return the text that imports a module under its right name, and the edits of its uses."""
    new = meant.rpartition(".")[2]
    if alias.asname:
        return f"{new} as {alias.asname}", []
    names = project.names(module)
    taken = any(each.id == new for each in module.nodes(ast.Name)) or any(names.module_level(new))
    in_text = any(f"{alias.name}." in each.value for each in module.nodes(ast.Constant) if isinstance(each.value, str))
    if taken or in_text:
        return f"{new} as {alias.name}", []
    uses = [each for each in module.nodes(ast.Name) if each.id == alias.name]
    mine = [each for each in uses if any(binding.node is alias for binding in names.lookup(each.id, each))]
    return new, [Edit(module.location(each), new) for each in mine]


def _plain_import(project: Project, contract: PythonContract, found: ModuleImport, meant: str) -> list[Edit]:
    """Mend `import chatkit.stores` and every `chatkit.stores.…` in the file."""
    uses = dict(_uses(project, contract, found, meant))
    modules = sorted({*uses.values()} - {meant}) if uses else []
    if meant in uses.values() or not uses:
        modules.insert(0, meant)
    in_strings = list(_edits_in_strings(contract, found, meant))
    text = ", ".join(modules)
    return [Edit(found.at, text), *(Edit(found.module.location(node), path) for node, path in uses.items()), *in_strings]


def _edits_in_strings(contract: PythonContract, found: ModuleImport, meant: str) -> Iterator[Edit]:
    source = found.module.source
    word = re.compile(rf"(?<![\w.]){re.escape(found.dotted)}(?=\.(\w+))")
    for constant in strings_in_annotations(found.module):
        at = found.module.location(constant)
        for match in word.finditer(source.text, at.start, at.end):
            path = home(contract, found.dotted, match.group(1)) or meant
            yield Edit(source.location(match.start(), match.end()), path)


def _package_import(project: Project, contract: PythonContract, found: ModuleImport) -> list[Edit]:
    """Mend `chatkit.stores.Store` after `import chatkit`; under another name for the package nothing can be told."""
    package, _, _ = found.dotted.partition(".")
    meant = meant_module(found.dotted)
    statement = next(
        (
            alias
            for each in found.module.nodes(ast.Import)
            for alias in each.names
            if alias.name == package and alias.asname is None
        ),
        None,
    )
    if statement is None or meant is None:
        return []
    uses = dict(_uses(project, contract, found, meant))
    needed = sorted({*uses.values()})
    at = found.module.location(statement)
    return [
        Edit(at, ", ".join([package, *needed])),
        *(Edit(found.module.location(node), path) for node, path in uses.items()),
    ]


def _uses(
    project: Project, contract: PythonContract, found: ModuleImport, meant: str
) -> Iterator[tuple[ast.expr, str]]:
    """Yield each expression that is the wrong module, with the module that has what is taken from it."""
    module, names = found.module, project.names(found.module)
    nodes: Sequence[ast.expr] = [*module.nodes(ast.Name), *module.nodes(ast.Attribute)]
    for node in nodes:
        if module.location(node).text != found.dotted or found.dotted not in names.qualified_all(node):
            continue
        parent = module.parents[node]
        deeper = isinstance(parent, ast.Attribute) and real_module(contract, f"{found.dotted}.{parent.attr}")
        if deeper:
            # `openai_chatkit.store` is a module of its own, under its own import.
            yield node, meant
        elif isinstance(parent, ast.Attribute):
            yield node, home(contract, found.dotted, parent.attr) or meant
        else:
            yield node, meant
