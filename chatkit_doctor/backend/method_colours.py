"""Whether an override is sync or async as the SDK calls it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_idle_double
from chatkit_doctor.backend.overrides import Override, overrides
from chatkit_doctor.backend.results import CallResult, results_of
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, walk

_AWAITABLES = frozenset({"Awaitable", "Coroutine", "Future", "Task", "Generator"})
_ANYTHING = frozenset({"Any", "object"})


def wrong_colours(app: App) -> tuple[Override, ...]:
    """Return the overrides that are sync where the SDK awaits them, or give something to await where it does not.

    A method of a class that answers others without anything to await is taken to do as they do, where it does not
    surely give something to await: nobody writes half a store for sync databases.
    """
    return app.derive(_wrong_colours)


def _wrong_colours(app: App) -> tuple[Override, ...]:
    doubtful: list[Override] = []
    wrong: list[Override] = []
    for override in overrides(app):
        verdict = _is_wrong(app, override)
        if verdict is False or is_idle_double(app, override.view):
            continue
        if verdict is None:
            doubtful.append(override)
        else:
            wrong.append(override)
    sync = {class_of(each) for each in wrong if each.is_awaited}
    wrong += [each for each in doubtful if class_of(each) in sync]
    return tuple(sorted(wrong, key=lambda each: (str(each.module.source.path), each.function.lineno)))


def class_of(override: Override) -> ast.ClassDef | None:
    """Return the class in which an override is written."""
    return override.module.enclosing_class(override.function)


def awaitable_returns(app: App, override: Override) -> Iterator[ast.expr]:
    """Yield what a plain override returns that is to be awaited, where other returns of it are not."""
    for expr, result in results_of(app, override.module, override.function).items():
        if result is CallResult.AWAITABLE and expr is not None:
            yield expr


def _is_wrong(app: App, override: Override) -> bool | None:
    """Return whether a method surely has the wrong colour for the SDK's calls, None where that cannot be told.

    A plain `def` may return something to await, and a method that streams may have either colour.
    """
    function = override.function
    if "AsyncIterator" in (override.declared.returns or "") or _yields(function):
        return False
    if isinstance(function, ast.AsyncFunctionDef):
        return not override.is_awaited
    given = set(results_of(app, override.module, function).values())
    says_awaitable = function.returns is not None and bool(_names_in(function.returns) & _AWAITABLES)
    if not override.is_awaited:
        return says_awaitable or given == {CallResult.AWAITABLE}
    if says_awaitable or given <= {CallResult.AWAITABLE, CallResult.NOTHING}:
        return False
    if CallResult.VALUE in given:
        return True
    if function.returns is None or _names_in(function.returns) & _ANYTHING:
        return None
    return CallResult.AWAITABLE not in given


def _yields(function: FunctionNode) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(function))


def _names_in(annotation: ast.expr) -> set[str]:
    """Return the names that an annotation speaks of, those in texts included."""
    names = {each.id for each in walk(annotation) if isinstance(each, ast.Name)}
    names |= {each.attr for each in walk(annotation) if isinstance(each, ast.Attribute)}
    texts = [each.value for each in walk(annotation) if isinstance(each, ast.Constant)]
    return names | {word for text in texts if isinstance(text, str) for word in re.findall(r"\w+", text)}
