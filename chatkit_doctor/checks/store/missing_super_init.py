"""Find a server whose constructor never calls the SDK's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.uninitialised import Uninitialised, uninitialised_servers
from chatkit_doctor.contracts.sdk.sdk_names import STORE_ATTRIBUTE
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.insertion import has_own_lines, indent_of
from chatkit_doctor.words import joined


def missing_super_init(app: App) -> Iterator[Finding]:
    """Find a server whose constructor never calls the SDK's."""
    for found in uninitialised_servers(app):
        name = found.view.name
        yield Finding(
            "CK217",
            found.module.name_location(found.function),
            f"{name}.__init__ never calls ChatKitServer's, so {name} has no {joined(found.lacking, 'or')}",
            label="runs no other __init__",
            help="call super().__init__(store) in it",
            seen_as=SeenAs("store" if STORE_ATTRIBUTE in found.lacking else "files", {"class": name}),
            fix=_fix(found),
        )


def _fix(found: Uninitialised) -> Fix | None:
    """Return the fix: the SDK's constructor in the place of the assignment of the store, or given the parameter."""
    function, module = found.function, found.module
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=attr)]) if (
                attr == STORE_ATTRIBUTE and owner == function.args.args[0].arg
            ):
                value = module.location(statement.value).text
                at = module.location(statement)
                return _with(f"super().__init__({value})", Edit(at, f"super().__init__({value})"))
    names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
    if STORE_ATTRIBUTE not in names or STORE_ATTRIBUTE not in found.lacking:
        return None
    body = [each for index, each in enumerate(function.body) if index or not _is_docstring(each)]
    if not body or not has_own_lines(module, function):
        return None
    start = module.location(body[0]).start
    call, indent = f"super().__init__({STORE_ATTRIBUTE})", indent_of(module, body[0])
    return _with(call, Edit(module.source.location(start, start), f"{call}{module.source.newline}{indent}"))


def _with(call: str, edit: Edit) -> Fix:
    return Fix(f"call {call}", Applicability.SAFE, lambda: [edit])


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
