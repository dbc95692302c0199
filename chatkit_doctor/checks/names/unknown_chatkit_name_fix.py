"""The edits that mend the use of a name that ChatKit does not have, or has in another module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.guards import MOST_BINDINGS
from chatkit_doctor.backend.imports.handed_on import is_handed_on
from chatkit_doctor.backend.imports.modules import home
from chatkit_doctor.backend.imports.name_uses import UnknownName, names_without_home
from chatkit_doctor.contracts import Meant, Remedy, meant_name
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.import_lines import Imported, rearranged
from chatkit_doctor.python.module import Module, is_set
from chatkit_doctor.python.type_uses import TypeUses, uses_of_alias, uses_of_attribute
from chatkit_doctor.remembered import remembered


def name_fix(app: App, unknown: UnknownName) -> Fix | None:
    """Return the fix of an unknown name, or None where no edit can be right."""
    if unknown.home:
        return _moved(app, unknown)
    meant = meant_name(unknown.owner, unknown.name)
    if meant is None or meant.remedy is Remedy.NONE:
        return None
    node = unknown.node
    # The fix of each import has all uses in it.
    if isinstance(node, ast.alias) and _is_bound_often(app, unknown.module, node):
        return None
    uses = _uses(app, unknown)
    if uses.others or (isinstance(node, ast.alias) and is_handed_on(app, unknown.module, node.asname or node.name)):
        return None
    safety = Applicability.UNSAFE if uses.runtime else Applicability.SAFE
    if meant.remedy is Remedy.REPLACE:
        return _replaced(app, unknown, meant, uses, safety)
    return _dropped(app, unknown, uses, safety)


def _moved(app: App, unknown: UnknownName) -> Fix | None:
    module = unknown.module
    title = f"import {unknown.name} from {unknown.home}"
    if (statement := _statement(unknown)) is not None:
        contract = contract_for(app, module.source.path)
        # The names of one statement move together, so that one of them does not keep the others waiting.
        plan = {
            alias: Imported(
                home(contract, unknown.owner, alias.name) or statement.module or "", module.location(alias).text
            )
            for alias in statement.names
        }
        return Fix(title, Applicability.SAFE, lambda: rearranged(module, statement, plan))
    if _is_bound(app, module, unknown.name):
        return None
    path = unknown.home or ""

    def build() -> Iterator[Edit]:
        yield from (Edit(module.location(each), unknown.name) for each in _attributes(app, unknown))
        yield from import_edits(module, {path: [unknown.name]})

    return Fix(title, Applicability.SAFE, lambda: tuple(build()))


def _replaced(app: App, unknown: UnknownName, meant: Meant, uses: TypeUses, safety: Applicability) -> Fix | None:
    module, node = unknown.module, unknown.node
    path, _, new = (meant.replacement or "").rpartition(".")
    title = f"use {new} from {path}"
    statement = _statement(unknown)
    if statement and isinstance(node, ast.alias) and node.asname:
        plan = _plan(module, statement, node, Imported(path, f"{new} as {node.asname}"))
        return Fix(title, safety, lambda: rearranged(module, statement, plan))
    if _is_bound(app, module, new, except_for=f"{path}.{new}"):
        return None

    def build() -> Iterator[Edit]:
        from chatkit_doctor.python import write

        text = module.location(node).text
        for each in uses.types:
            at = module.location(each)
            yield Edit(at, write.renamed(at.text, text, new))
        if statement is not None:
            plan = _plan(module, statement, node, Imported(path, new))
            yield from rearranged(module, statement, plan, names_without_home(app, module))
        else:
            yield from import_edits(module, {path: [new]})

    return Fix(title, safety, lambda: tuple(build()))


def _dropped(app: App, unknown: UnknownName, uses: TypeUses, safety: Applicability) -> Fix | None:
    module, node = unknown.module, unknown.node
    if _is_bound(app, module, "Any", except_for="typing.Any"):
        return None

    def build() -> Iterator[Edit]:
        from chatkit_doctor.python import write

        text = (node.asname or node.name) if isinstance(node, ast.alias) else module.location(node).text
        edits = []
        for each in uses.types:
            at = module.location(each)
            edits.append(Edit(at, write.dropped(at.text, text, "Any")))
        if any(edit.at.text.count("#") > edit.text.count("#") for edit in edits):
            # A comment on a member would go with it.
            return
        if (statement := _statement(unknown)) is not None:
            edits += rearranged(module, statement, _plan(module, statement, node, None))
        if any("Any" in edit.text and "Any" not in edit.at.text for edit in edits):
            edits = _joined(edits, import_edits(module, {"typing": ["Any"]}))
        yield from edits

    return Fix(f"leave {unknown.name} out", safety, lambda: tuple(build()))


def _joined(edits: Sequence[Edit], insertions: Sequence[Edit]) -> list[Edit]:
    """Put each insertion that touches another edit into it, since edits side by side have no order."""
    result = list(edits)
    for insertion in insertions:
        touching = next((each for each in result if insertion.at.start in {each.at.start, each.at.end}), None)
        if touching is None:
            result.append(insertion)
            continue
        before = insertion.at.start == touching.at.start
        text = insertion.text + touching.text if before else touching.text + insertion.text
        result[result.index(touching)] = Edit(touching.at, text)
    return result


def _uses(app: App, unknown: UnknownName) -> TypeUses:
    names = app.names(unknown.module)
    if isinstance(unknown.node, ast.alias):
        return uses_of_alias(names, unknown.node)
    return uses_of_attribute(names, unknown.module.location(unknown.node).text, names.qualified(unknown.node) or "")


def _is_bound_often(app: App, module: Module, alias: ast.alias) -> bool:
    return len(app.names(module).lookup(alias.asname or alias.name, module.parents[alias])) > MOST_BINDINGS


def _attributes(app: App, unknown: UnknownName) -> Iterator[ast.Attribute]:
    names = app.names(unknown.module)
    dotted = names.qualified(unknown.node) if isinstance(unknown.node, ast.Attribute) else None
    yield from (each for each in unknown.module.nodes(ast.Attribute) if names.qualified(each) == dotted)


def _plan(
    module: Module, statement: ast.ImportFrom, unknown: ast.AST, imported: Imported | None
) -> dict[ast.alias, Imported | None]:
    """Keep every name of the statement where it is, but the unknown one."""
    path = statement.module or ""
    return {
        alias: imported if alias is unknown else Imported(path, module.location(alias).text)
        for alias in statement.names
    }


def _statement(unknown: UnknownName) -> ast.ImportFrom | None:
    """Return the statement that imports the name, or None where it is reached as an attribute."""
    statement = unknown.module.parents[unknown.node]
    return statement if isinstance(unknown.node, ast.alias) and isinstance(statement, ast.ImportFrom) else None


@remembered
def _is_bound(app: App, module: Module, name: str, except_for: str | None = None) -> bool:
    """Return whether a name means something else in a file already, in whatever scope."""
    names = app.names(module)
    return is_set(name, module.nodes(ast.Name)) or any(binding.dotted != except_for for binding in names.bindings(name))
