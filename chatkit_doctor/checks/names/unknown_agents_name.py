"""Find names and modules that openai-agents does not have, and its module under the name of its package."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.imports.agents_imports import UnknownImport, unknown_imports
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.names.unknown_agents_name_fix import moved_fix
from chatkit_doctor.checks.names.words import import_label, is_seen, why_attribute, why_import
from chatkit_doctor.contracts.published import resolve_release
from chatkit_doctor.contracts.sdk import agents_modules
from chatkit_doctor.contracts.sdk.agents import AGENTS, AGENTS_MODULE, is_mistaken
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.words import joined, nearest_few


def unknown_agents_name(app: App) -> Iterator[Finding]:
    """Find names and modules that openai-agents does not have, and its module under the name of its package."""
    for unknown in unknown_imports(app):
        path = unknown.module.source.path
        is_known = unknown.home is not None or is_mistaken(unknown.dotted)
        yield Finding(
            "CK104",
            _place(unknown),
            _fact(app, unknown),
            label=_label(unknown),
            help=_help(unknown),
            severity=None if is_known else severity_of_absence(app, path, AGENTS),
            seen_as=_seen_as(unknown),
            why=_why(unknown),
            fix=moved_fix(app, unknown),
        )


def _label(unknown: UnknownImport) -> str:
    if isinstance(unknown.node, ast.Attribute):
        return "this attribute is not there"
    return import_label(unknown.module, unknown.node)


def _why(unknown: UnknownImport) -> str:
    if isinstance(unknown.node, ast.Attribute):
        return why_attribute(unknown.module, unknown.node)
    return why_import(unknown.module, unknown.node)


def _place(unknown: UnknownImport) -> Location:
    if isinstance(unknown.node, ast.Attribute):
        return unknown.module.location(unknown.node)
    if isinstance(unknown.node, ast.ImportFrom):
        return unknown.module.import_path_location(unknown.node)
    at = unknown.module.location(unknown.node)
    return unknown.module.source.location(at.start, at.start + len(unknown.node.name))


def _fact(app: App, unknown: UnknownImport) -> str:
    if is_mistaken(unknown.dotted):
        return f"the module of {AGENTS} is named '{AGENTS_MODULE}', not '{unknown.dotted.partition('.')[0]}'"
    what = f"'{unknown.name}' in {unknown.dotted}" if unknown.name else f"the module '{unknown.dotted}'"
    known = agents_modules.known(unknown.dotted, unknown.name)
    if known is None:
        target = app.target(unknown.module.source.path, AGENTS)
        if target is not None and resolve_release(AGENTS, target.version)[1]:
            return f"{AGENTS} {unknown.release}, the newest release known here, does not have {what}"
        return f"no release of {AGENTS} has {what}"
    when = f"appeared in {known.first}" if known.last is None else f"is in {known.first} to {known.last} only"
    return f"{what} {when}, and {AGENTS} {unknown.release} counts here"


def _help(unknown: UnknownImport) -> str:
    if unknown.home:
        return f"import {unknown.name} from {unknown.home}" if unknown.name else f"import from {unknown.home}"
    if is_mistaken(unknown.dotted):
        return f"import what {AGENTS_MODULE} has"
    if agents_modules.known(unknown.dotted, unknown.name) is not None:
        return "use a release that has it, or do without it"
    near = nearest_few(unknown.name, agents_modules.names(unknown.dotted, unknown.release)) if unknown.name else []
    return f"use {joined(near, 'or')}, the nearest to it" if near else "do without it, or define it yourself"


def _seen_as(unknown: UnknownImport) -> SeenAs | None:
    """Return Python's own words; None where the import never runs, or it is a module in one that is missing."""
    if not is_seen(unknown.module, unknown.node):
        return None
    if isinstance(unknown.node, ast.Attribute):
        return SeenAs("attribute", {"name": unknown.name, "module": unknown.dotted})
    if unknown.name:
        return SeenAs("import", {"name": unknown.name, "module": unknown.dotted})
    top = unknown.dotted.partition(".")[0]
    return SeenAs("module", {"module": top if is_mistaken(top) else unknown.dotted})
