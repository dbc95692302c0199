"""When an import or a name of a module is needed: as the file loads, later, never, or with its failure taken."""

from __future__ import annotations

import ast
from enum import Enum

from chatkit_doctor.backend.imports.guards import is_guarded
from chatkit_doctor.python.hierarchy import is_for_checkers
from chatkit_doctor.python.module import Module


class Moment(Enum):
    """When code runs that fails.

    LOAD: as the file is loaded. CALL: in a call of the function around it. GUARDED: in a `try` that takes a failed
    import. NEVER: type checkers read it, and Python does not run it.
    """

    LOAD = "load"
    CALL = "call"
    GUARDED = "guarded"
    NEVER = "never"


def moment_of(module: Module, node: ast.AST) -> Moment:
    """Return when a node runs."""
    if _is_for_type_checkers(module, node) or _is_unevaluated_annotation(module, node):
        return Moment.NEVER
    if is_guarded(module, node):
        return Moment.GUARDED
    around = [each for each in module.ancestors(node) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    if any(_is_in_body(module, node, each) for each in around):
        return Moment.CALL
    return Moment.LOAD


def _is_in_body(module: Module, node: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a node is of a function's body; its parameters and decorators are evaluated as it is defined."""
    inside = {node, *module.ancestors(node)}
    return any(statement in inside for statement in function.body)


def _is_for_type_checkers(module: Module, node: ast.AST) -> bool:
    inside = {node, *module.ancestors(node)}
    return any(
        isinstance(each, ast.If) and is_for_checkers(each) and not inside.isdisjoint(each.body) for each in inside
    )


def _is_unevaluated_annotation(module: Module, node: ast.AST) -> bool:
    """Return whether a node stands in an annotation of a file that keeps its annotations as text."""
    if not module.derive(_keeps_annotations_as_text):
        return False
    inside = {node, *module.ancestors(node)}
    return any(
        getattr(each, "annotation", None) in inside or getattr(each, "returns", None) in inside
        for each in inside
        if isinstance(each, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _keeps_annotations_as_text(module: Module) -> bool:
    return any(
        each.module == "__future__" and any(alias.name == "annotations" for alias in each.names)
        for each in module.nodes(ast.ImportFrom)
    )
