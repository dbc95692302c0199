"""CK2: the classes that ChatKit asks a project to write, above all its Store."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks._abstract import Incomplete, declares_abstract_methods, incomplete_classes
from chatkit_doctor.checks._colours import colour_fix, has_wrong_colour
from chatkit_doctor.checks._instances import (
    is_changed_from_outside,
    is_instantiated,
    is_open_generic,
    is_referenced,
    is_test_file,
)
from chatkit_doctor.checks._overrides import overrides
from chatkit_doctor.checks._releases import severity_of_absence
from chatkit_doctor.checks._signature_fixes import signature_fix
from chatkit_doctor.checks._signatures import call_text, mismatch, mismatch_help, mismatch_message
from chatkit_doctor.checks._stubs import stubs_fix
from chatkit_doctor.checks.registry import CHATKIT, rule
from chatkit_doctor.finding import Finding
from chatkit_doctor.project import Project

_SYNC = "sync, and ChatKit awaits what it returns"
_ASYNC = "async, and ChatKit takes what it returns without awaiting it"


@rule("CK201", python=CHATKIT)
def missing_store_methods(project: Project) -> Iterator[Finding]:
    """Find concrete stores and servers that leave abstract methods out, over their whole hierarchy."""
    for found in incomplete_classes(project):
        if is_changed_from_outside(project, found.view) or _is_meant_to_be_abstract(project, found):
            continue
        module, node = found.view.own.module, found.view.own.node
        names = [method.name for method in found.missing]
        yield Finding(
            "CK201",
            module.name_location(node),
            f"{found.view.name} lacks {_counted(found)}: {', '.join(names)}",
            label="has abstract methods, so it cannot be instantiated",
            help=_help(found, names),
            fix=stubs_fix(project, found),
        )


@rule("CK202", python=CHATKIT)
def incompatible_store_signature(project: Project) -> Iterator[Finding]:
    """Find overrides that the calls of the SDK do not reach, or reach in another order."""
    for override in overrides(project):
        found = mismatch(override)
        if found is None:
            continue
        module, function = override.module, override.function
        yield Finding(
            "CK202",
            module.parameter_location(found.span) if found.span else module.name_location(function),
            mismatch_message(override, found),
            label=f"ChatKit calls {call_text(override, found.call)}",
            help=mismatch_help(override),
            severity=severity_of_absence(project, module.source.path),
            fix=signature_fix(project, override, found),
        )


@rule("CK203", python=CHATKIT)
def store_method_colour(project: Project) -> Iterator[Finding]:
    """Find overrides that are sync where the SDK awaits them, or async where it does not."""
    for override in overrides(project):
        if not has_wrong_colour(override):
            continue
        module, function = override.module, override.function
        is_awaited = override.is_awaited
        yield Finding(
            "CK203",
            module.name_location(function),
            f"{override.view.name}.{function.name}() is {_SYNC if is_awaited else _ASYNC}",
            label="its result is awaited" if is_awaited else "a call gives a coroutine, never awaited",
            help=f"define it with {'async def' if is_awaited else 'def'}",
            severity=severity_of_absence(project, module.source.path),
            fix=colour_fix(project, override),
        )


def _is_meant_to_be_abstract(project: Project, found: Incomplete) -> bool:
    """Tell whether nobody is meant to instantiate a class: a base, a test double, a leftover."""
    view = found.view
    if declares_abstract_methods(project, view.own):
        return True
    if is_instantiated(project, view):
        return False
    if project.hierarchy.subclasses(view) or is_open_generic(project, view):
        return True
    return is_test_file(view.own.module.source.path, project.root) or _is_left_over(project, found)


def _is_left_over(project: Project, found: Incomplete) -> bool:
    """Tell whether no code names a class while it does name another of the same kind."""
    if is_referenced(project, found.view):
        return False
    return any(
        is_referenced(project, each)
        for each in project.hierarchy.views
        if each is not found.view and not set(each.externals).isdisjoint(found.view.externals)
    )


def _counted(found: Incomplete) -> str:
    base = found.base.rpartition(".")[2]
    if found.required == 1:
        return f"the method that {base} requires"
    if len(found.missing) > found.required:
        return f"{len(found.missing)} required methods"
    return f"{len(found.missing)} of the {found.required} methods that {base} requires"


def _help(found: Incomplete, names: list[str]) -> str:
    if found.hidden:
        owners = sorted(set(found.hidden.values()))
        return f"name {' and '.join(owners)} before {found.base.rpartition('.')[2]} in the bases"
    return f"define {names[0]}" if len(names) == 1 else f"define the {len(names)} methods"
