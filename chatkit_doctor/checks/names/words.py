"""What findings say of an import that fails: at this spot, and why it is bad there."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.imports.moments import Moment, moment_of
from chatkit_doctor.contracts import error_rows
from chatkit_doctor.python.module import Module

_IMPORT = {
    Moment.CALL: "Python stops at the import each time that the function is called.",
    Moment.GUARDED: "The code takes the error, so the app goes on without what is imported here.",
    Moment.NEVER: "Python never runs this import; a type checker reports it, and knows nothing of what is imported.",
}
_ATTRIBUTE = {
    Moment.LOAD: "The name fails as the file is loaded, so nothing behind it runs.",
    Moment.CALL: "The name fails each time that the line is reached.",
    Moment.GUARDED: "The name fails when the line is reached, which the code around it may hide.",
    Moment.NEVER: "Nothing evaluates the name here until somebody asks for the annotations; then it fails.",
}


def why_import(module: Module, node: ast.AST) -> str:
    """Return why an import that fails is bad where it stands; empty where the page says it."""
    return _IMPORT.get(moment_of(module, node), "")


def why_attribute(module: Module, node: ast.AST) -> str:
    """Return why an attribute that is not there is bad where it stands."""
    return _ATTRIBUTE[moment_of(module, node)]


def is_seen(module: Module, node: ast.AST) -> bool:
    """Return whether the failure of what stands here reaches the user as an error of Python's."""
    return moment_of(module, node) in {Moment.LOAD, Moment.CALL}


def import_label(module: Module, node: ast.AST) -> str:
    """Return what the place of an import that fails shows."""
    return "type checkers do not find it" if moment_of(module, node) is Moment.NEVER else "this import fails"


def row_naming(name: str) -> int | None:
    """Return the row of the error reference that names a module or a name."""
    return next((each.row for each in error_rows() if f"`{name}`" in each.error), None)
