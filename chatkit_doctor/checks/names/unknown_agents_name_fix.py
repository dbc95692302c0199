"""Return the fix that imports from the module which has the names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.imports.agents_imports import UnknownImport
from chatkit_doctor.contracts.sdk import agents_modules
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_lines import Imported, rearranged


def moved_fix(app: App, unknown: UnknownImport) -> Fix | None:
    """Return the fix that imports from the module which has the names; None where there is none, or not for all."""
    if unknown.home is None or isinstance(unknown.node, ast.Attribute):
        return None
    module, node, home = unknown.module, unknown.node, unknown.home
    if isinstance(node, ast.ImportFrom):
        if not all(
            each.name == "*" or agents_modules.has_name(home, each.name, unknown.release) for each in node.names
        ):
            return None
        return _fix(home, lambda: iter((Edit(module.import_path_location(node), home),)))
    statement = module.parents[node]
    if isinstance(statement, ast.Import):
        return _fix(home, lambda: _renamed(app, unknown))
    if not isinstance(statement, ast.ImportFrom):
        return None
    plan = {
        alias: Imported(home if alias is node else statement.module or "", module.location(alias).text)
        for alias in statement.names
    }
    return _fix(home, lambda: iter(rearranged(module, statement, plan)))


def _fix(home: str, build: object) -> Fix:
    assert callable(build)
    return Fix(f"import from {home}", Applicability.SAFE, lambda: tuple(build()))


def _renamed(app: App, unknown: UnknownImport) -> Iterator[Edit]:
    """Yield the edits of `import openai_agents` and of the uses of the name that it binds."""
    module, node, home = unknown.module, unknown.node, unknown.home or ""
    assert isinstance(node, ast.alias)
    at = module.location(node)
    yield Edit(module.source.location(at.start, at.start + len(node.name)), home)
    if node.asname is None:
        old, new = node.name.partition(".")[0], home.partition(".")[0]
        for each in module.nodes(ast.Name):
            if each.id == old and [one.node for one in app.names(module).lookup(old, each)] == [node]:
                yield Edit(module.location(each), new)
