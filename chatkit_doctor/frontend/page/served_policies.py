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
            found = _header(module, node) if module is not None else None
            if found is not None and module is not None and _is_for_every_answer(module, node):
                yield found[0], found[1], module.location(node.value)


def _is_served_page(app: App, document: Document) -> bool:
    """Return whether a file is a page with the chat, and no tool for the web makes it."""
    is_page = document.markup is not None and not document.is_component and app.owns(document.path)
    is_plain = is_page and not app.packages.of(document.path).manifest and not app.is_test_or_story(document.path)
    return is_plain and any(True for _ in mounts(app.resolver, document))


def _header(module: Module, node: ast.Assign) -> tuple[str, str] | None:
    """Return name and value of `response.headers["…"] = "…"`; the value may be a constant of the file or joined."""
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Attribute):
        return None
    name = target.slice
    if target.value.attr != "headers" or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    text = _text(module, value)
    return (name.value.lower(), text) if text is not None else None


def _text(module: Module, value: ast.expr) -> str | None:
    """Return a text that is written out: as a literal, joined of literals, or in a constant of the file."""
    if isinstance(value, ast.Name):
        set_to = [
            each.value
            for each in module.nodes(ast.Assign)
            if any(isinstance(target, ast.Name) and target.id == value.id for target in each.targets)
        ]
        return _text(module, set_to[0]) if len(set_to) == 1 and not isinstance(set_to[0], ast.Name) else None
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else None
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute) or value.func.attr != "join":
        return None
    glue, parts = value.func.value, value.args[0] if len(value.args) == 1 else None
    if not isinstance(glue, ast.Constant) or not isinstance(glue.value, str):
        return None
    texts = [_text(module, each) for each in parts.elts] if isinstance(parts, ast.List | ast.Tuple) else [None]
    known = [each for each in texts if each is not None]
    return glue.value.join(known) if len(known) == len(texts) else None


def _is_for_every_answer(module: Module, node: ast.Assign) -> bool:
    """Return whether a statement is run for each answer: in middleware, and under no condition."""
    function = module.enclosing_function(node)
    if function is None or any(isinstance(each, ast.If | ast.Try) for each in module.ancestors(node)):
        return False
    called = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    names = {each.attr for each in called if isinstance(each, ast.Attribute)}
    return function.name in _HANDLERS or not names.isdisjoint(_DECORATORS)
