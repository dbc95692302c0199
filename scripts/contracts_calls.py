"""How one release of openai-chatkit calls the methods that projects override, read off its sources.

A call counts for a class that declares a method of the name in that release, whatever object it is made on: names of
two classes that mean the same (`delete_attachment`) are called alike.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Facts = dict[str, dict[str, Any]]
Call = tuple[int, tuple[str, ...]]

# The modules whose calls count, and the classes in them whose methods projects override.
MODULES = ("server", "agents", "store")
CLASSES = {
    "server": ("ChatKitServer",),
    "store": ("Store", "AttachmentStore"),
    "agents": ("ThreadItemConverter", "ResponseStreamConverter"),
}
# Nothing of the SDK calls these on what a project wrote: the project does, or the class itself by `super()`.
NOT_CALLED = frozenset({"process", "to_agent_input", "generate_attachment_id"})


def calls_facts(site: Path) -> Facts:
    """Return the calls of one release unpacked in a folder: by class and method, each `[positional, keywords]`."""
    trees = {name: _parsed(site / "chatkit" / f"{name}.py") for name in MODULES}
    called = _calls(tree for tree in trees.values() if tree is not None)
    found: Facts = {}
    for module, classes in CLASSES.items():
        for owner, methods in _methods(trees[module], classes):
            own = {name: _in_order(called[name]) for name in methods if name in called}
            if own:
                found[f"chatkit.{module}.{owner}"] = own
    return {"calls": found}


def _parsed(path: Path) -> ast.Module | None:
    return ast.parse(path.read_text(encoding="utf-8")) if path.exists() else None


def _calls(trees: Iterator[ast.Module]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                keywords = tuple(each.arg for each in node.keywords if each.arg)
                found.setdefault(node.func.attr, []).append((len(node.args), keywords))
    return found


def _methods(tree: ast.Module | None, classes: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield the classes that a module has, each with its public methods that are called on what a project wrote."""
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.ClassDef) and node.name in classes:
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
            names = dict.fromkeys(each.name for each in methods)
            yield node.name, [each for each in names if not each.startswith("_") and each not in NOT_CALLED]


def _in_order(calls: list[Call]) -> list[list[Any]]:
    """Return the calls of a method, each way once, those with the fewest arguments by position first."""
    ways: dict[tuple[int, frozenset[str]], Call] = {}
    for positional, keywords in calls:
        ways.setdefault((positional, frozenset(keywords)), (positional, keywords))
    ordered = sorted(ways.values(), key=lambda call: (call[0], len(call[1]), call[1]))
    return [[positional, list(keywords)] for positional, keywords in ordered]
