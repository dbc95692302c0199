"""Answers about names that are set very often: they are the same for all uses of one, of which there may be as many."""

from __future__ import annotations

from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Hashable
    from typing import Concatenate, ParamSpec, TypeVar

    from chatkit_doctor.project.app import App
    from chatkit_doctor.python.module import Module

    P = ParamSpec("P")
    T = TypeVar("T")


def same_for_all_uses(
    function: Callable[Concatenate[App, Module, ast.expr, P], T],
) -> Callable[Concatenate[App, Module, ast.expr, P], T]:
    """Have a function keep its answer about a name that is set very often, for each of its uses.

    Of what else it is asked it keeps nothing. Its other arguments are hashable, and it gives no iterator.
    """

    def answers(_: App) -> dict[Hashable, T]:
        return {}

    @wraps(function)
    def asked(app: App, module: Module, expr: ast.expr, /, *args: P.args, **kwargs: P.kwargs) -> T:
        crowd = app.flow.crowd_of(module, expr)
        if crowd is None:
            return function(app, module, expr, *args, **kwargs)
        known = app.derive(answers)
        question = (crowd, *args, *kwargs.items())
        if question not in known:
            known[question] = function(app, module, expr, *args, **kwargs)
        return known[question]

    return asked
