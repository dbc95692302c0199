"""Find imports of modules that ChatKit does not have, in any form."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.absence import absence, severity_of_absence
from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.imports.guards import has_working_branch, has_working_import, is_guarded
from chatkit_doctor.backend.imports.modules import ModuleImport, home, imported_names, module_imports, real_module
from chatkit_doctor.checks.names.unknown_chatkit_module_fix import module_fix
from chatkit_doctor.contracts import error_rows, history
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


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
            label="this import fails",
            help=_module_help(app, found, meant),
            severity=None if meant else severity_of_absence(app, path),
            row=_row(found.dotted),
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
    contract = contract_for(app, found.module.source.path)
    homes = {}
    if isinstance(found.node, ast.ImportFrom):
        homes = {each.name: home(contract, found.dotted, each.name) or meant for each in imported_names(found.node)}
    places = sorted({each for each in homes.values() if each}) or ([meant] if meant else [])
    if history(found.dotted) is not None:
        return "use a release that has the module, or do without it"
    if not places:
        return f"import from one of {', '.join(contract.modules)}"
    return f"import from {joined(places)}"


def _row(name: str) -> int | None:
    """Return the row of the error reference that names a module or a name."""
    return next((each.row for each in error_rows() if f"`{name}`" in each.error), None)
