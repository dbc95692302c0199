"""Unions of models that are called, or asked to validate, as if they were a model (CK114)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.models.unions import VALIDATING_METHODS, UnionUse, is_refused, union_uses
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import top_level_imports
from chatkit_doctor.python.inserted_names import free_name, imported
from chatkit_doctor.python.insertion import behind_statement, below_imports
from chatkit_doctor.python.module import Module, root_name
from chatkit_doctor.python.names import Names

_ADAPTER = "pydantic.TypeAdapter"


def union_used_as_class(app: App) -> Iterator[Finding]:
    """Find unions of models that are called, or asked to validate, as if they were a model."""
    for use in union_uses(app):
        name = use.module.location(use.class_).text
        # What fits no member is refused by an adapter as well.
        refused = is_refused(app, use)
        yield Finding(
            "CK114",
            use.module.location(use.expr),
            f"{name} is a union of models, not a class" + (f", and has no {use.method}()" if use.method else ""),
            label="fails when it is called" if use.call else "fails when it is read",
            help=f"build the member of {name} that is meant, with the fields that it takes"
            if refused
            else f"validate with TypeAdapter({name}), or build the member that is meant",
            seen_as=_seen_as(use),
            fix=None if refused else union_fix(app, use),
        )


def _seen_as(use: UnionUse) -> SeenAs:
    return SeenAs("method", {"method": use.method}) if use.method else SeenAs("call")


def union_fix(app: App, use: UnionUse) -> Fix | None:
    """Return the fix that validates with a TypeAdapter; None where the arguments are not those of a model."""
    module = use.module
    name = module.location(use.class_).text
    at, arguments = module.location(use.expr), ""
    if use.call is not None and not use.method:
        written = _as_dict(module, use.call)
        if written is None:
            return None
        at, arguments = module.location(use.call), f"({written})"
    method = VALIDATING_METHODS.get(use.method, "validate_python")

    def build() -> Iterator[Edit]:
        adapter, edits = _adapter(app, use, name)
        yield Edit(at, f"{adapter}.{method}{arguments}")
        yield from edits

    return Fix(f"validate with TypeAdapter({name})", Applicability.SAFE, lambda: tuple(build()))


def _adapter(app: App, use: UnionUse, name: str) -> tuple[str, Sequence[Edit]]:
    """Return the text of an adapter, and what it needs above.

    Making one takes far longer than using it, so what is used in a function is made once, for the whole file.
    """
    module = use.module
    names = app.names(module)
    known = [each for each in module.tree.body if isinstance(each, ast.Assign) and _is_adapter(names, each)]
    for each in known:
        if isinstance(each.value, ast.Call) and module.location(each.value.args[0]).text == name:
            return module.location(each.targets[0]).text, ()
    brought = imported(names, {"pydantic": ["TypeAdapter"]})
    made = f"{brought.local['TypeAdapter']}({name})"
    if not _is_imported_above(app, use):
        return made, brought.edits
    constant = free_name(module, f"{_snake(name.rpartition('.')[2]).upper()}_ADAPTER")
    line = f"{constant} = {made}"
    definition = behind_statement(module, known[-1], line) if known else below_imports(module, line)
    return (constant, (*brought.edits, definition)) if definition else (made, brought.edits)


def _is_adapter(names: Names, statement: ast.Assign) -> bool:
    value = statement.value
    is_made = isinstance(value, ast.Call) and len(value.args) == 1 and names.qualified(value.func) == _ADAPTER
    return is_made and isinstance(statement.targets[0], ast.Name)


def _is_imported_above(app: App, use: UnionUse) -> bool:
    """Return whether a use in a function names a union that the file imports at its top."""
    module = use.module
    root = root_name(use.class_)
    if module.enclosing_function(use.expr) is None or root is None:
        return False
    at_top = {id(alias) for statement in top_level_imports(module) for alias in statement.names}
    bindings = app.names(module).lookup(root.id, use.expr)
    return len(bindings) == 1 and id(bindings[0].node) in at_top


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


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
