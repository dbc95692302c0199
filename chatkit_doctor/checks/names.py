"""CK1: what is imported from ChatKit, whether the release in use has it, and what its models are built from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.checks._context import contract_for, is_foreign
from chatkit_doctor.checks._deprecated import deprecated_uses, deprecation_fix, deprecation_help, deprecation_message
from chatkit_doctor.checks._field_edits import name_location
from chatkit_doctor.checks._guards import has_working_branch, has_working_import, is_guarded
from chatkit_doctor.checks._imports import ModuleImport, home, imported_names, module_imports, real_module
from chatkit_doctor.checks._literals import is_none
from chatkit_doctor.checks._model_calls import constructions
from chatkit_doctor.checks._model_fixes import (
    invalid_value_fix,
    missing_field_fix,
    positional_fix,
    unexplained_fields,
    unknown_field_fix,
)
from chatkit_doctor.checks._model_values import Invalid, Missing
from chatkit_doctor.checks._model_words import (
    invalid_help,
    invalid_label,
    invalid_message,
    missing_help,
    missing_message,
    unknown_help,
    unknown_message,
)
from chatkit_doctor.checks._module_fixes import module_fix
from chatkit_doctor.checks._name_fixes import name_fix
from chatkit_doctor.checks._name_uses import UnknownName, unknown_names
from chatkit_doctor.checks._releases import absence, severity_of_absence
from chatkit_doctor.checks._unions import union_fix, union_uses
from chatkit_doctor.checks.registry import CHATKIT, rule
from chatkit_doctor.contracts import error_rows, history, meant_name, nearest
from chatkit_doctor.contracts.mistakes import loses_what_matters
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.project import Project


@rule("CK101", python=CHATKIT)
def unknown_chatkit_module(project: Project) -> Iterator[Finding]:
    """Find imports of modules that ChatKit does not have, in any form."""
    for found in module_imports(project):
        path = found.module.source.path
        if contract_for(project, path).has_module(found.dotted) or _has_another_way(project, found):
            continue
        if is_foreign(project, path):
            continue
        meant = real_module(contract_for(project, path), found.dotted)
        yield Finding(
            "CK101",
            found.at,
            absence(project, path, f"the module '{found.dotted}'", history(found.dotted)),
            label="this import fails",
            help=_module_help(project, found, meant),
            severity=None if meant else severity_of_absence(project, path),
            row=_row(found.dotted),
            fix=module_fix(project, found),
        )


@rule("CK102", python=CHATKIT)
def unknown_chatkit_name(project: Project) -> Iterator[Finding]:
    """Find names taken from a module of ChatKit that does not have them."""
    for unknown in unknown_names(project):
        path = unknown.module.source.path
        if is_foreign(project, path):
            continue
        known = unknown.home or meant_name(unknown.owner, unknown.name)
        yield Finding(
            "CK102",
            unknown.at,
            absence(project, path, f"'{unknown.name}' in {unknown.owner}", history(unknown.owner, unknown.name)),
            label="this import fails" if isinstance(unknown.node, ast.alias) else "this attribute is not there",
            help=_name_help(project, unknown),
            severity=None if known else severity_of_absence(project, path),
            row=_row(unknown.name),
            fix=name_fix(project, unknown),
        )


def _has_another_way(project: Project, found: ModuleImport) -> bool:
    module, node = found.module, found.node
    if is_guarded(module, node) and history(found.dotted) is not None:
        return True
    if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
        return has_working_import(project, module, [each.asname or each.name for each in imported_names(node)], node)
    if isinstance(node, ast.alias):
        return has_working_import(project, module, [node.asname or node.name.partition(".")[0]], node)
    return has_working_branch(project, module, node)


def _module_help(project: Project, found: ModuleImport, meant: str | None) -> str:
    contract = contract_for(project, found.module.source.path)
    homes = {}
    if isinstance(found.node, ast.ImportFrom):
        homes = {each.name: home(contract, found.dotted, each.name) or meant for each in imported_names(found.node)}
    places = sorted({each for each in homes.values() if each}) or ([meant] if meant else [])
    if history(found.dotted) is not None:
        return "use a release that has the module, or do without it"
    if not places:
        return f"import from one of {', '.join(contract.modules)}"
    return f"import from {' and '.join(places)}"


def _name_help(project: Project, unknown: UnknownName) -> str:
    if unknown.home:
        return f"import {unknown.name} from {unknown.home}"
    if meant := meant_name(unknown.owner, unknown.name):
        return meant.instead
    if history(unknown.owner, unknown.name) is not None:
        return "use a release that has the name, or do without it"
    near = nearest(unknown.name, contract_for(project, unknown.module.source.path).names(unknown.owner))
    return f"leave it out, or use {near}, the name nearest to it" if near else "leave it out"


def _row(name: str) -> int | None:
    """Return the row of the error reference that names a module or a name."""
    return next((each.row for each in error_rows() if f"`{name}`" in each.error), None)


@rule("CK103", python=CHATKIT)
def deprecated_chatkit_name(project: Project) -> Iterator[Finding]:
    """Find deprecated classes that a file builds, and calls of deprecated methods."""
    for found in deprecated_uses(project):
        yield Finding(
            "CK103",
            found.at,
            deprecation_message(found),
            label="warns when it is called",
            help=deprecation_help(project, found),
            fix=deprecation_fix(found),
        )


@rule("CK111", python=CHATKIT)
def missing_model_field(project: Project) -> Iterator[Finding]:
    """Find models built without a required field, or with fields given by position."""
    for built in constructions(project):
        path = built.module.source.path
        if built.positional:
            yield Finding(
                "CK111",
                built.module.location(built.positional[0]),
                f"{built.module.location(built.class_).text} takes its fields by name only",
                label="given by position",
                help="name the field",
                severity=severity_of_absence(project, path),
                fix=positional_fix(built),
            )
        for problem in built.problems:
            if isinstance(problem, Missing):
                is_call = problem.fields.node is built.call
                yield Finding(
                    "CK111",
                    built.module.location(built.class_ if is_call else problem.fields.node),
                    missing_message(built, problem),
                    label="fails with a ValidationError",
                    help=missing_help(problem),
                    severity=severity_of_absence(project, path),
                    fix=missing_field_fix(project, built, problem),
                )


@rule("CK112", python=CHATKIT)
def unknown_model_field(project: Project) -> Iterator[Finding]:
    """Find fields that a model does not have, which pydantic drops without a word."""
    for built in constructions(project):
        path = built.module.source.path
        for problem in unexplained_fields(built):
            breaks = loses_what_matters(problem.owner.name) and not is_none(problem.given.value)
            is_error = breaks and severity_of_absence(project, path) is None
            yield Finding(
                "CK112",
                name_location(built.module, problem.given),
                unknown_message(project, built, problem),
                label="dropped without a word",
                help=unknown_help(problem),
                severity=Severity.ERROR if is_error else None,
                fix=unknown_field_fix(project, built, problem),
            )


@rule("CK113", python=CHATKIT)
def invalid_model_literal(project: Project) -> Iterator[Finding]:
    """Find values written in the call that the field refuses."""
    for built in constructions(project):
        for problem in built.problems:
            if isinstance(problem, Invalid):
                yield Finding(
                    "CK113",
                    built.module.location(problem.value),
                    invalid_message(built, problem),
                    label=invalid_label(built, problem),
                    help=invalid_help(built, problem),
                    severity=severity_of_absence(project, built.module.source.path),
                    fix=invalid_value_fix(project, built, problem),
                )


@rule("CK114", python=CHATKIT)
def union_used_as_class(project: Project) -> Iterator[Finding]:
    """Find unions of models that are called, or asked to validate, as if they were a model."""
    for use in union_uses(project):
        name = use.module.location(use.class_).text
        yield Finding(
            "CK114",
            use.module.location(use.expr),
            f"{name} is a union of models, not a class" + (f", and has no {use.method}()" if use.method else ""),
            label="fails when it is called" if use.call else "fails when it is read",
            help=f"validate with TypeAdapter({name}), or build the member that is meant",
            fix=union_fix(project, use),
        )
