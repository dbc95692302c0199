"""Unions of models that are called, or asked to validate, as if they were a model (CK114)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.models.unions import VALIDATING_METHODS, UnionUse, union_uses
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import Module


def union_used_as_class(app: App) -> Iterator[Finding]:
    """Find unions of models that are called, or asked to validate, as if they were a model."""
    for use in union_uses(app):
        name = use.module.location(use.class_).text
        yield Finding(
            "CK114",
            use.module.location(use.expr),
            f"{name} is a union of models, not a class" + (f", and has no {use.method}()" if use.method else ""),
            label="fails when it is called" if use.call else "fails when it is read",
            help=f"validate with TypeAdapter({name}), or build the member that is meant",
            fix=union_fix(app, use),
        )


def union_fix(app: App, use: UnionUse) -> Fix | None:
    """Return the fix that validates with a TypeAdapter; None where the arguments are not those of a model."""
    module = use.module
    adapter = app.names(module).lookup("TypeAdapter", use.expr)
    if any(each.dotted != "pydantic.TypeAdapter" for each in adapter):
        return None
    name = module.location(use.class_).text
    at = module.location(use.expr)
    target = f"TypeAdapter({name}).{VALIDATING_METHODS.get(use.method, 'validate_python')}"
    if use.call is not None and not use.method:
        arguments = _as_dict(module, use.call)
        if arguments is None:
            return None
        at, target = module.location(use.call), f"{target}({arguments})"
    edits = [Edit(at, target)]
    return Fix(
        f"validate with TypeAdapter({name})",
        Applicability.SAFE,
        lambda: [*edits, *import_edits(module, {"pydantic": ["TypeAdapter"]})],
    )


def _as_dict(module: Module, call: ast.Call) -> str | None:
    """Return the arguments of a call by keyword as an expression for the dict that they are, laid out as they are."""
    at = module.location(call)
    if call.args or not call.keywords or "#" in at.text:
        return None
    # The place of a keyword, unlike that of its value, has the parentheses around it.
    places = [module.location(each) for each in call.keywords]
    if len(places) == 1 and call.keywords[0].arg is None:
        return places[0].text.removeprefix("**").strip()
    text = module.source.text
    parts: list[str] = []
    done = text.index("(", module.location(call.func).end) + 1
    for each, place in zip(call.keywords, places, strict=True):
        written = f'"{each.arg}": {place.text.partition("=")[2].strip()}' if each.arg else place.text
        parts += [text[done : place.start], written]
        done = place.end
    rest = text[done : at.end - 1]
    return "{" + "".join(parts) + (rest if "\n" in rest else "") + "}"
