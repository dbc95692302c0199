"""The calls of a method in a project, by its name alone: on which object they are, nobody can always tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module


def method_calls(app: App, name: str) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the calls of a method's name on any object."""
    for module in app.modules():
        for call in module.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr == name:
                yield module, call
