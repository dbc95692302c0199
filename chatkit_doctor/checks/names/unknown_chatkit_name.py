"""Find names taken from a module of ChatKit that does not have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.imports.name_uses import UnknownName, unknown_names
from chatkit_doctor.checks.absence import absence, severity_of_absence
from chatkit_doctor.checks.names.unknown_chatkit_name_fix import name_fix
from chatkit_doctor.checks.names.words import import_label, is_seen, row_naming, why_attribute, why_import
from chatkit_doctor.contracts import history, meant_name
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE, agents_names
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, nearest_few


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
            label=_label(unknown),
            help=_name_help(app, unknown),
            severity=None if known else severity_of_absence(app, path, CHATKIT),
            row=row_naming(unknown.name),
            seen_as=_seen_as(unknown),
            why=_why(unknown),
            fix=name_fix(app, unknown),
        )


def _name_help(app: App, unknown: UnknownName) -> str:
    if unknown.home:
        return f"import {unknown.name} from {unknown.home}"
    if meant := meant_name(unknown.owner, unknown.name):
        return meant.instead
    if history(unknown.owner, unknown.name) is not None:
        return "use a release that has the name, or do without it"
    if unknown.name in agents_names():
        return f"import {unknown.name} from {AGENTS_MODULE}, the module of openai-agents"
    near = nearest_few(unknown.name, contract_for(app, unknown.module.source.path).own_names(unknown.owner))
    instead = f"use {joined(near, 'or')}, the nearest to it" if near else "do without it, or define it yourself"
    return f"{instead}; `chatkit-doctor explain CK102 --values` lists what {unknown.owner} has"


def _label(unknown: UnknownName) -> str:
    if isinstance(unknown.node, ast.alias):
        return import_label(unknown.module, unknown.node)
    return "this attribute is not there"


def _why(unknown: UnknownName) -> str:
    if isinstance(unknown.node, ast.alias):
        return why_import(unknown.module, unknown.node)
    return why_attribute(unknown.module, unknown.node)


def _seen_as(unknown: UnknownName) -> SeenAs | None:
    """Return Python's own words; None where they are about something else, such as a module that is not there."""
    module, node = unknown.module, unknown.node
    if not is_seen(module, node):
        return None
    names = {"name": unknown.name, "module": unknown.owner}
    if isinstance(node, ast.Attribute):
        return SeenAs("attribute", names)
    statement = module.parents[node]
    is_written = isinstance(statement, ast.ImportFrom) and statement.module == unknown.owner
    return SeenAs("import", names) if is_written else None
