"""The context where none was given: an empty one, which says so when something is asked of it that it lacks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from chatkit_doctor.conformance.results import SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType

_ADVICE = "the context is asked for {0!r}: give --context with the JSON of a user's context"


class _NoAttributeError(SkippedError, AttributeError):
    """Also an AttributeError, so that `getattr(context, name, default)` gives the default."""


class _NoKeyError(SkippedError, KeyError):
    """Also a KeyError, as of any dict."""

    def __str__(self) -> str:
        return str(self.args[0])


class Nobody(dict[str, Any]):
    """A user of whom nothing is known.

    asked_for: what functions asked it for with a default, by their code: one that raises then may have needed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: dict[CodeType, str] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return the default, and note who asked."""
        if key not in self:
            self.asked_for[sys._getframe(1).f_code] = key
        return super().get(key, default)

    def __getattr__(self, name: str) -> Any:
        # What Python itself asks for (copying, pickling) is no question of the project's.
        if name.startswith("__"):
            raise AttributeError(name)
        raise _NoAttributeError(_ADVICE.format(name))

    def __missing__(self, key: str) -> Any:
        raise _NoKeyError(_ADVICE.format(key))


def needed(contexts: Iterable[Any], error: BaseException | None) -> str | None:
    """Return what to say of an error that a function raises after it asked a context for what it lacks; else None.

    So it is with one that comes of another that was raised so.
    """
    asked = [each.asked_for for each in contexts if isinstance(each, Nobody)]
    while error is not None and asked:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        found = [each[trace.tb_frame.f_code] for each in asked if trace is not None and trace.tb_frame.f_code in each]
        if found:
            return _ADVICE.format(found[0])
        error = error.__cause__ or error.__context__
    return None
