"""The policies that a Python server gives to every page of its own, where the page with the chat is one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.frontend.page.mounts import mounts
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document

_HANDLERS = frozenset({"dispatch", "__call__", "process_response", "after_request"})
_DECORATORS = frozenset({"middleware", "after_request"})
_NEEDLES = (b"Content-Security-Policy", b"content-security-policy", b"Embedder-Policy", b"embedder-policy")


def served_headers(app: App) -> Iterator[tuple[str, str, Location]]:
    """Yield the headers that middleware of an app's Python sets on every answer, with their values and places."""
    if not any(_is_served_page(app, each) for each in app.documents()):
        return
    for path in app.files:
        if kind_of(path.name) is not FileKind.PYTHON or not app.owns(path) or app.is_test_file(path):
            continue
        module = app.module(path) if app.mentions(path, _NEEDLES) else None
        for node in module.nodes(ast.Assign) if module is not None else ():
            found = _header(node)
            if found is not None and module is not None and _is_for_every_answer(module, node):
                yield found[0], found[1], module.location(node.value)


def _is_served_page(app: App, document: Document) -> bool:
    """Return whether a file is a page with the chat, and no tool for the web makes it."""
    is_page = document.markup is not None and not document.is_component and app.owns(document.path)
    is_plain = is_page and not app.packages.of(document.path).manifest and not app.is_test_or_story(document.path)
    return is_plain and any(True for _ in mounts(app.resolver, document))


def _header(node: ast.Assign) -> tuple[str, str] | None:
    """Return name and value of `response.headers["…"] = "…"`."""
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Attribute):
        return None
    name = target.slice
    if target.value.attr != "headers" or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return None
    return name.value.lower(), value.value


def _is_for_every_answer(module: Module, node: ast.Assign) -> bool:
    """Return whether a statement is run for each answer: in middleware, and under no condition."""
    function = module.enclosing_function(node)
    if function is None or any(isinstance(each, ast.If | ast.Try) for each in module.ancestors(node)):
        return False
    called = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    names = {each.attr for each in called if isinstance(each, ast.Attribute)}
    return function.name in _HANDLERS or not names.isdisjoint(_DECORATORS)
