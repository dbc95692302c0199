"""Whether an override is sync or async as the SDK calls it."""

from __future__ import annotations

import ast
import re

from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode

_AWAITABLES = frozenset({"Awaitable", "Coroutine", "Future", "Task", "Any", "object", "Generator"})
_PLAIN_VALUES = (
    ast.Constant
    | ast.Dict
    | ast.List
    | ast.Tuple
    | ast.Set
    | ast.DictComp
    | ast.ListComp
    | ast.SetComp
    | ast.JoinedStr
    | ast.Compare
)


def has_wrong_colour(override: Override) -> bool:
    """Return whether a method surely has not the colour that the SDK calls it in.

    A plain `def` may return something to await, and a method that streams may have either colour.
    """
    function = override.function
    if "AsyncIterator" in (override.declared.returns or "") or _yields(function):
        return False
    if override.is_awaited:
        return isinstance(function, ast.FunctionDef) and _surely_returns_a_value(function)
    return isinstance(function, ast.AsyncFunctionDef)


def _yields(function: FunctionNode) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(function))


def _surely_returns_a_value(function: ast.FunctionDef) -> bool:
    if function.returns is not None:
        return not _may_be_awaited(function.returns)
    returns = [each for each in own_nodes(function) if isinstance(each, ast.Return)]
    if any(each.value is None or isinstance(each.value, _PLAIN_VALUES) for each in returns):
        return True
    return not returns and _can_end(function.body)


def _may_be_awaited(annotation: ast.expr) -> bool:
    names = {each.id for each in ast.walk(annotation) if isinstance(each, ast.Name)}
    names |= {each.attr for each in ast.walk(annotation) if isinstance(each, ast.Attribute)}
    texts = [each.value for each in ast.walk(annotation) if isinstance(each, ast.Constant)]
    names |= {word for text in texts if isinstance(text, str) for word in re.findall(r"\w+", text)}
    return not names.isdisjoint(_AWAITABLES)


def _can_end(body: list[ast.stmt]) -> bool:
    """Return whether a body's last statement may be passed, so that the function returns None."""
    last = body[-1]
    if isinstance(last, ast.If):
        return not last.orelse or _can_end(last.body) or _can_end(last.orelse)
    return not isinstance(last, ast.Raise | ast.While | ast.Try | ast.With | ast.Match)
