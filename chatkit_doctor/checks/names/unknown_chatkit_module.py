"""Find imports of modules that ChatKit does not have, in any form."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.imports.guards import has_working_branch, has_working_import, is_guarded
from chatkit_doctor.backend.imports.modules import ModuleImport, imported_names, module_imports, real_module
from chatkit_doctor.checks.absence import absence, severity_of_absence
from chatkit_doctor.checks.names.unknown_chatkit_module_fix import module_fix, places
from chatkit_doctor.checks.names.words import import_label, is_seen, row_naming, why_import
from chatkit_doctor.contracts import history
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, nearest_few


def unknown_chatkit_module(app: App) -> Iterator[Finding]:
    """Find imports of modules that ChatKit does not have, in any form."""
    for found in module_imports(app):
        path = found.module.source.path
        if contract_for(app, path).has_module(found.dotted) or _has_another_way(app, found):
            continue
        if is_foreign(app, path):
            continue
        meant = real_module(contract_for(app, path), found.dotted)
        yield Finding(
            "CK101",
            found.at,
            absence(app, path, f"the module '{found.dotted}'", history(found.dotted)),
            label=import_label(found.module, found.node),
            help=_module_help(app, found, meant),
            severity=None if meant else severity_of_absence(app, path, CHATKIT),
            row=_row(app, found),
            seen_as=_seen_as(app, found),
            why=why_import(found.module, found.node),
            fix=module_fix(app, found),
        )


def _has_another_way(app: App, found: ModuleImport) -> bool:
    module, node = found.module, found.node
    if is_guarded(module, node) and history(found.dotted) is not None:
        return True
    if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
        return has_working_import(app, module, [each.asname or each.name for each in imported_names(node)], node)
    if isinstance(node, ast.alias):
        return has_working_import(app, module, [node.asname or node.name.partition(".")[0]], node)
    return has_working_branch(app, module, node)


def _module_help(app: App, found: ModuleImport, meant: str | None) -> str:
    if history(found.dotted) is not None:
        return "use a release that has the module, or do without it"
    if found_in := places(app, found, meant):
        return f"import from {joined(found_in)}"
    modules = {each.rpartition(".")[2]: each for each in contract_for(app, found.module.source.path).modules}
    near = [modules[each] for each in nearest_few(found.dotted.rpartition(".")[2], modules)]
    instead = f"import from {joined(near, 'or')}, the nearest to it" if near else "do without it"
    return f"{instead}; `chatkit-doctor explain CK101 --values` lists the modules"


def _row(app: App, found: ModuleImport) -> int | None:
    """Return the row that names the module, where what it says to use is what is to be used here."""
    row = row_naming(found.dotted)
    meant = real_module(contract_for(app, found.module.source.path), found.dotted)
    return row if meant in places(app, found, meant) else None


def _seen_as(app: App, found: ModuleImport) -> SeenAs | None:
    """Return Python's own words, which are about the first module on the path that is not there."""
    module, node = found.module, found.node
    if not is_seen(module, node):
        return None
    if isinstance(node, ast.Attribute):
        package, _, name = found.dotted.rpartition(".")
        return SeenAs("attribute", {"module": package, "name": name})
    if isinstance(node, ast.alias) and isinstance(statement := module.parents[node], ast.ImportFrom):
        return SeenAs("name", {"name": node.name, "module": statement.module or ""})
    contract = contract_for(app, module.source.path)
    parts = found.dotted.split(".")
    paths = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    missing = next(each for each in paths if not contract.has_module(each))
    owner = missing.rpartition(".")[0]
    if owner and owner != parts[0]:
        return SeenAs("no-package", {"module": missing, "owner": owner})
    return SeenAs("module", {"module": missing})
