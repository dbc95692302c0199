"""Whether a file hands a name on, so that it has to stay there under that name."""

from __future__ import annotations

import ast

from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.remembered import remembered


@remembered
def is_handed_on(app: App, module: Module, name: str) -> bool:
    """Return whether a file lists a name in `__all__`, or another one imports it from there, by itself or by a star."""
    return name in module.derive(_listed) or _is_taken_from(app, module, name)


def _is_taken_from(app: App, module: Module, name: str) -> bool:
    taken = app.derive(_imports)
    for other, statement in (*taken.get(name, ()), *taken.get("*", ())):
        dotted = "." * statement.level + (statement.module or "")
        if other is not module and app.layout.resolve(other.source.path, dotted) == module.source.path:
            return True
    return False


def _imports(app: App) -> dict[str, list[tuple[Module, ast.ImportFrom]]]:
    """Return the statements of all files that import a name, by the name."""
    found: dict[str, list[tuple[Module, ast.ImportFrom]]] = {}
    for module in app.modules():
        for statement in module.nodes(ast.ImportFrom):
            for name in {alias.name for alias in statement.names}:
                found.setdefault(name, []).append((module, statement))
    return found


def _listed(module: Module) -> frozenset[object]:
    """Return what a file lists in `__all__`."""
    return frozenset(each.value for each in module.nodes(ast.Constant) if _is_listed(module, each))


def _is_listed(module: Module, constant: ast.Constant) -> bool:
    return any(
        isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign) and _targets_all(each)
        for each in module.ancestors(constant)
    )


def _targets_all(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets)
