"""Find attributes that ChatKit's models do not have, read or set."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.attributes import (
    UnknownAttribute,
    UnknownMember,
    unknown_attributes,
    unknown_members,
)
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.contracts.mistakes import meant_field
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.words import joined, last_part, nearest_few


def unknown_model_attribute(app: App) -> Iterator[Finding]:
    """Find attributes that ChatKit's models do not have, read or set, and members that its enums do not have."""
    yield from (_no_member(app, each) for each in unknown_members(app))
    for found in unknown_attributes(app):
        at = _place(found)
        yield Finding(
            "CK115",
            at,
            _fact(found),
            label="set, and refused" if _is_set(found) else "not there",
            help=_help(app, found),
            severity=severity_of_absence(app, found.module.source.path, CHATKIT),
            seen_as=_seen_as(found),
            fix=_fix(found, at),
        )


def _no_member(app: App, found: UnknownMember) -> Finding:
    name = last_part(found.enum)
    known = [f"{name}.{each}" for each in found.members]
    return Finding(
        "CK115",
        _place(found),
        f"the enum {name} has no member {found.node.attr}",
        label="not there",
        help=f"use {joined(known, 'or')}{', the only one' if len(known) == 1 else ''}",
        severity=severity_of_absence(app, found.module.source.path, CHATKIT),
        seen_as=SeenAs("member", {"enum": name, "name": found.node.attr}),
    )


def _place(found: UnknownAttribute | UnknownMember) -> Location:
    end = found.module.location(found.node).end
    return found.module.source.location(end - len(found.node.attr), end)


def _is_set(found: UnknownAttribute) -> bool:
    return isinstance(found.node.ctx, ast.Store)


def _fact(found: UnknownAttribute) -> str:
    name = last_part(found.shape.name)
    if len(found.shape.models) > 1:
        return f"no {name} has an attribute '{found.node.attr}', of whatever kind it is"
    return f"the model {name} has no attribute '{found.node.attr}'"


def _help(app: App, found: UnknownAttribute) -> str:
    if right := _meant(found):
        return f"use {right}"
    contract = contract_for(app, found.module.source.path)
    fields = {field for each in found.shape.models if (model := contract.model(each)) for field in model.fields}
    if near := nearest_few(found.node.attr, fields):
        return f"use {joined(near, 'or')}, the nearest to it"
    return f"use one of its fields: {joined(sorted(fields)[:8])}" if len(fields) <= 8 else "use a field that it has"


def _meant(found: UnknownAttribute) -> str | None:
    meant = meant_field(found.shape.name, found.node.attr) if len(found.shape.models) == 1 else None
    return meant.field if meant is not None else None


def _seen_as(found: UnknownAttribute) -> SeenAs | None:
    if len(found.shape.models) > 1:
        return None
    return SeenAs("set" if _is_set(found) else "read", {"model": last_part(found.shape.name), "name": found.node.attr})


def _fix(found: UnknownAttribute, at: Location) -> Fix | None:
    right = _meant(found)
    if right is None:
        return None
    return Fix(f"use {right}", Applicability.SAFE, lambda: (Edit(at, right),))
