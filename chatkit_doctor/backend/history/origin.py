"""Where a part of a run's input may come from, and what the questions about one run share."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from enum import Enum

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module

_MAX_STEPS = 6_000
_GROWERS = frozenset({"append", "extend", "insert", "add", "update", "appendleft"})
_CHANGERS = _GROWERS | {"setdefault", "pop", "popleft", "clear", "remove"}

# Names of what may hold a conversation; code that uses one of them is never taken to know nothing of it.
MEMORY_WORD = regex(r"histor|messages|memor|conversation|transcript|previous|session|items", re.IGNORECASE)
# What the code of an object that keeps words would speak of.
_TALK = regex(
    r"histor|message|memor|conversation|transcript|dialog|utter|prompt|content|text|thread_item"
    r"|\b(?:role|chat|turns?|reply|replies|answers?)\b",
    re.IGNORECASE,
)


class Origin(Enum):
    """Where a part of a value comes from."""

    ITEM = "the new message, which knows its thread"
    MESSAGE = "what the new message says"
    CONTEXT = "the context or the thread's own fields"
    FIXED = "the program itself"
    OTHER = "anything else"


ParameterOrigins = Mapping[str, frozenset[Origin]]
FIXED = frozenset({Origin.FIXED})
OTHER = frozenset({Origin.OTHER})


class Analysis:
    """What the origins of one run share: the project, a bound on their work, and what was found out on the way."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._steps = _MAX_STEPS
        self._growth = app.derive(_growth_tables)
        self._changed: dict[str, bool] = {}

    def step(self) -> bool:
        """Count one step, and return whether there may be more."""
        self._steps -= 1
        return self._steps > 0

    def growth(self, function: FunctionNode) -> dict[str, list[ast.expr]]:
        """Return what a function puts into lists and dicts after they were made, by the names of these."""
        if function not in self._growth:
            table: dict[str, list[ast.expr]] = {}
            for name, exprs in _growth(function):
                table.setdefault(name, []).extend(exprs)
            self._growth[function] = table
        return self._growth[function]

    def is_changed(self, name: str) -> bool:
        """Return whether code anywhere puts something into what is bound to this name, or binds it anew."""
        if name not in self._changed:
            modules = (each for each in self.app.modules() if name in each.source.text)
            self._changed[name] = any(_changes(module, name) for module in modules)
        return self._changed[name]


def keeps_no_talk(module: Module) -> bool:
    """Return whether nothing in a file speaks of messages, so that what its objects hold is no conversation."""
    return _TALK.search(module.source.text) is None


def _growth_tables(_: App) -> dict[FunctionNode, dict[str, list[ast.expr]]]:
    """Return where the growth in functions is kept, for all runs of an app."""
    return {}


def _growth(function: FunctionNode) -> Iterator[tuple[str, list[ast.expr]]]:
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and node.func.attr in _GROWERS:
                yield owner.id, [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript | ast.Attribute) and isinstance(target.value, ast.Name):
                    yield target.value.id, [node.value]


def _changes(module: Module, name: str) -> bool:
    if any(name in each.names for each in module.nodes(ast.Global)):
        return True
    return any(_is_change(module, node) for node in module.nodes(ast.Name) if node.id == name)


def _is_change(module: Module, name: ast.Name) -> bool:
    node: ast.AST = name
    parent = module.parents[node]
    while isinstance(parent, ast.Subscript | ast.Attribute) and parent.value is node:
        if not isinstance(parent.ctx, ast.Load):
            return True
        if isinstance(parent, ast.Attribute) and parent.attr in _CHANGERS:
            return True
        node, parent = parent, module.parents[parent]
        if isinstance(parent, ast.Call) and parent.func is node:
            node, parent = parent, module.parents[parent]
    return isinstance(parent, ast.AugAssign) and parent.target is node
