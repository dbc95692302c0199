"""Answers that are worked out once for each question, and kept with what they are about: an app, a file.

`app.derive(build)` keeps one thing for an app; `@remembered` keeps an answer for each argument beside it.
"""

from __future__ import annotations

from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

    class Keeper(Protocol):
        """What keeps things that are made of it: an `App`, a `Module`, a `Document`."""

        def derive(self, build: Callable[[Any], dict[Hashable, Any]], /) -> dict[Hashable, Any]:
            """Return what a function makes of this, made once."""

    K = TypeVar("K", bound=Keeper)
    P = ParamSpec("P")
    T = TypeVar("T")


def remembered(function: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
    """Have a function keep its answers with its first argument, one for all others, which are hashable.

    What raises is not kept.
    """

    def answers(_: K) -> dict[Hashable, T]:
        return {}

    @wraps(function)
    def asked(keeper: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known = keeper.derive(answers)
        question = (*args, *kwargs.items()) if kwargs else args
        if question not in known:
            known[question] = function(keeper, *args, **kwargs)
        found: T = known[question]
        return found

    return asked
