"""Whether a file hands a name on, so that it has to stay there under that name."""

from __future__ import annotations

import ast

from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module


def is_handed_on(app: App, module: Module, name: str) -> bool:
    """Return whether a file lists a name in `__all__`, or another one imports it from there, by itself or by a star."""
    listed = any(each.value == name and _is_listed(module, each) for each in module.nodes(ast.Constant))
    return listed or _is_taken_from(app, module, name)


def _is_taken_from(app: App, module: Module, name: str) -> bool:
    path = module.source.path
    for other in app.modules():
        for statement in other.nodes(ast.ImportFrom) if other is not module else ():
            dotted = "." * statement.level + (statement.module or "")
            takes = any(alias.name in {name, "*"} for alias in statement.names)
            if takes and app.layout.resolve(other.source.path, dotted) == path:
                return True
    return False


def _is_listed(module: Module, constant: ast.Constant) -> bool:
    return any(
        isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign) and _targets_all(each)
        for each in module.ancestors(constant)
    )


def _targets_all(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets)
