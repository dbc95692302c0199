"""Find names taken from a module of ChatKit that does not have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.absence import absence, severity_of_absence
from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.imports.name_uses import UnknownName, unknown_names
from chatkit_doctor.checks.names.unknown_chatkit_name_fix import name_fix
from chatkit_doctor.checks.words import leave_out
from chatkit_doctor.contracts import error_rows, history, meant_name
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.words import nearest


def unknown_chatkit_name(app: App) -> Iterator[Finding]:
    """Find names taken from a module of ChatKit that does not have them."""
    for unknown in unknown_names(app):
        path = unknown.module.source.path
        if is_foreign(app, path):
            continue
        known = unknown.home or meant_name(unknown.owner, unknown.name)
        yield Finding(
            "CK102",
            unknown.at,
            absence(app, path, f"'{unknown.name}' in {unknown.owner}", history(unknown.owner, unknown.name)),
            label="this import fails" if isinstance(unknown.node, ast.alias) else "this attribute is not there",
            help=_name_help(app, unknown),
            severity=None if known else severity_of_absence(app, path),
            row=_row(unknown.name),
            fix=name_fix(app, unknown),
        )


def _name_help(app: App, unknown: UnknownName) -> str:
    if unknown.home:
        return f"import {unknown.name} from {unknown.home}"
    if meant := meant_name(unknown.owner, unknown.name):
        return meant.instead
    if history(unknown.owner, unknown.name) is not None:
        return "use a release that has the name, or do without it"
    near = nearest(unknown.name, contract_for(app, unknown.module.source.path).names(unknown.owner))
    return leave_out(near, "name")


def _row(name: str) -> int | None:
    """Return the row of the error reference that names a module or a name."""
    return next((each.row for each in error_rows() if f"`{name}`" in each.error), None)
