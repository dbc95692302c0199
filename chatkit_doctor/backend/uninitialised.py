"""Servers whose own constructor never runs the SDK's, so that they lack what that one sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_referenced
from chatkit_doctor.backend.servers import servers
from chatkit_doctor.contracts.sdk.sdk_names import ATTACHMENT_STORE_ATTRIBUTE, STORE_ATTRIBUTE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass

_INIT = "__init__"
_SET_BY_SDK = (STORE_ATTRIBUTE, ATTACHMENT_STORE_ATTRIBUTE)


@dataclass(frozen=True, slots=True)
class Uninitialised:
    """A constructor that runs no other. lacking: the attributes of the SDK's that are then not there."""

    view: ClassView
    module: Module
    function: FunctionNode
    lacking: tuple[str, ...]


def uninitialised_servers(app: App) -> Iterator[Uninitialised]:
    """Yield the constructors of servers that never run the SDK's and set not all that it sets, each once."""
    seen: set[FunctionNode] = set()
    for view in servers(app):
        found = view.method(_INIT) if app.leads_home(view.own.module.source.path) else None
        if found is None or found[1] in seen or not view.is_complete or not _is_used(app, view):
            continue
        owner, function = found
        seen.add(function)
        if app.is_test_file(owner.module.source.path) or _may_run_another(view, function):
            continue
        lacking = tuple(name for name in _SET_BY_SDK if not _sets(view, name))
        if lacking:
            yield Uninitialised(view, owner.module, function, lacking)


def _is_used(app: App, view: ClassView) -> bool:
    return is_referenced(app, view)


def _may_run_another(view: ClassView, function: FunctionNode) -> bool:
    """Return whether a constructor calls any other's, or one of its methods does."""
    methods = {
        each.name: each for class_ in view.classes for each in class_.node.body if isinstance(each, FunctionNode)
    }
    pending, seen = [function], {function}
    while pending:
        for node in own_nodes(pending.pop()):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr == _INIT:
                return True
            called = methods.get(node.func.attr)
            if called is not None and called not in seen:
                seen.add(called)
                pending.append(called)
    return False


def _sets(view: ClassView, name: str) -> bool:
    """Return whether a class gives itself an attribute: by assignment, in its body, or by a property."""
    if view.defines(name):
        return True
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == name
        for class_ in view.classes
        for node in walk(class_.node)
    )
