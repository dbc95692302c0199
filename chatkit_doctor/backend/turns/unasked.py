"""The first use of a parameter that fails where it is None, in a function that has not asked whether it is.

What a condition guards is left aside, as is all that stands behind any question about the parameter.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.runs.frames import CallFrame, called, parameters
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, children, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_QUESTIONS = frozenset({"isinstance", "hasattr", "bool"})
# What None has as well.
_TAKEN_FOR_GRANTED = frozenset({"__class__", "__doc__", "__dict__"})


@dataclass(frozen=True, slots=True)
class UnaskedUse:
    """A use that fails for None. frame: the function that it stands in.

    expr: `message.content`, or what a conversion is given. name: what the parameter is called there.
    conversion: the call that takes items alone; None where an attribute is read.
    """

    frame: CallFrame
    expr: ast.expr
    name: str
    conversion: ast.Call | None = None


def unasked_use(app: App, frame: CallFrame, name: str) -> UnaskedUse | None:
    """Return the first use of a parameter that surely fails for None; None where the function may have asked before."""
    if frame.function is None:
        return None
    going = _Walk(app, frame, name)
    going.through(frame.function.body)
    return going.found


class _Walk:
    """Goes through what a function surely does, in its order, as far as it has not asked about a parameter."""

    def __init__(self, app: App, frame: CallFrame, name: str) -> None:
        self._app = app
        self._frame = frame
        self._name = name
        # Variables that hold something of the parameter: to ask about them is to ask about it.
        self._derived = {name}
        self.found: UnaskedUse | None = None
        self._steps: tuple[tuple[Any, Callable[[Any], bool]], ...] = (
            (_SCOPES, lambda _: True),
            (ast.If | ast.IfExp | ast.While | ast.Assert, self._branches),
            (ast.Match, self._matches),
            (ast.BoolOp, self._combines),
            (ast.For | ast.AsyncFor, self._loops),
            (ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, self._comprehends),
            (ast.Try | ast.TryStar, self._tries),
            (ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr, self._assigns),
            (ast.Return | ast.Raise | ast.Continue | ast.Break, self._ends),
            (ast.Attribute, self._reads),
            (ast.Call, self._calls),
            (ast.Compare, self._compares),
            (ast.expr | ast.stmt | ast.keyword | ast.withitem, lambda each: self.through(children(each))),
        )

    def through(self, nodes: Iterable[ast.AST]) -> bool:
        """Go through some nodes, and return whether to go on behind them."""
        return all(self._step(node) for node in nodes)

    def _step(self, node: ast.AST) -> bool:
        """Go through what a node surely does, and return whether to go on behind it."""
        for kinds, step in self._steps:
            if isinstance(node, kinds):
                return step(node)
        return True

    def _branches(self, node: ast.If | ast.IfExp | ast.While | ast.Assert) -> bool:
        return self._asks(node.test) and not self._leaves(node)

    def _matches(self, node: ast.Match) -> bool:
        return self._asks(node.subject) and not self._leaves(node)

    def _combines(self, node: ast.BoolOp) -> bool:
        first, *others = node.values
        return self._asks(first) and not any(self._is_about(each) for each in others)

    def _loops(self, node: ast.For | ast.AsyncFor) -> bool:
        return self._step(node.iter) and not self._is_rebound(node)

    def _comprehends(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> bool:
        return self._step(node.generators[0].iter)

    def _compares(self, node: ast.Compare) -> bool:
        return self.through(children(node)) and not self._is_about(node)

    def _ends(self, node: ast.stmt) -> bool:
        self.through(children(node))
        return False

    def _reads(self, node: ast.Attribute) -> bool:
        is_of_parameter = isinstance(node.value, ast.Name) and node.value.id == self._name
        if not is_of_parameter or node.attr in _TAKEN_FOR_GRANTED:
            return self.through(children(node))
        self.found = UnaskedUse(self._frame, node, self._name)
        return False

    def _asks(self, test: ast.expr) -> bool:
        """Go through a condition, and return whether to go on: not where it asks about the parameter."""
        return self._step(test) and not self._is_about(test)

    def _is_about(self, node: ast.AST) -> bool:
        return any(isinstance(each, ast.Name) and each.id in self._derived for each in walk(node))

    def _leaves(self, node: ast.AST) -> bool:
        """Return whether a branch may end the function, which may be how a turn without a message ends."""
        kinds = (ast.Return, ast.Raise, ast.Continue, ast.Break)
        return any(isinstance(each, kinds) for each in walk(node)) or self._is_rebound(node)

    def _is_rebound(self, node: ast.AST) -> bool:
        return any(
            isinstance(each, ast.Name) and each.id == self._name and isinstance(each.ctx, ast.Store)
            for each in walk(node)
        )

    def _tries(self, node: ast.Try | ast.TryStar) -> bool:
        """Go through what is tried: where something is caught, and no answer is tried with it, it may be meant to."""
        is_answer = any(isinstance(each, ast.Yield | ast.YieldFrom) for part in node.body for each in walk(part))
        if not node.handlers or is_answer:
            return self.through(node.body) and not self._leaves(node) and self.through(node.finalbody)
        return not any(self._is_about(each) for each in node.body) and self.through(node.finalbody)

    def _assigns(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> bool:
        if node.value is None or not self._step(node.value):
            return node.value is None
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {each.id for target in targets for each in walk(target) if isinstance(each, ast.Name)}
        if self._name in names and any(self._is_rebound(each) for each in targets):
            return False
        if self._is_about(node.value):
            self._derived |= names
        # Another name of the parameter may be asked about in its place.
        return not (isinstance(node.value, ast.Name) and node.value.id == self._name)

    def _calls(self, call: ast.Call) -> bool:
        inner = called(self._app, self._frame, call)
        if inner is None and self._converts(call):
            return False
        if not self.through(children(call)):
            return False
        if inner is None or inner.function is None:
            return not self._asks_by_call(call)
        for parameter in parameters(inner.module, inner.function):
            given = inner.argument(parameter)
            if isinstance(given, ast.Name) and given.id == self._name:
                self.found = self.found or self._within(call, inner, parameter)
                return self.found is None and not _raises(inner.function)
        return True

    def _within(self, call: ast.Call, inner: CallFrame, parameter: str) -> UnaskedUse | None:
        """Return the use in a function that is called here, where the call surely runs it."""
        is_run = not isinstance(inner.function, ast.AsyncFunctionDef) or isinstance(
            self._frame.module.parents[call], ast.Await | ast.AsyncFor
        )
        return unasked_use(self._app, inner, parameter) if is_run else None

    def _converts(self, call: ast.Call) -> bool:
        """Return whether a call is the SDK's conversion of items, given the parameter; it fails for None."""
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else last_part(self._qualified(func))
        given = [part for each in call.args for part in (each.elts if isinstance(each, ast.List) else [each])]
        for each in given if name in CONVERTS_ITEMS else ():
            if isinstance(each, ast.Name) and each.id == self._name:
                self.found = UnaskedUse(self._frame, each, self._name, call)
                return True
        return False

    def _qualified(self, func: ast.expr) -> str:
        return self._app.names(self._frame.module).qualified(func) or ""

    def _asks_by_call(self, call: ast.Call) -> bool:
        """Return whether a call of nothing known may ask about the parameter, as `isinstance` and `hasattr` do."""
        is_question = isinstance(call.func, ast.Name) and call.func.id in _QUESTIONS
        return is_question and self._is_about(call)


def _raises(function: FunctionNode) -> bool:
    return any(isinstance(each, ast.Raise | ast.Assert) for each in own_nodes(function))
