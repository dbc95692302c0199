"""The context where none was given: an empty one, which says so when something is asked of it that it lacks."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.conformance.results import SkippedError

_ADVICE = "the context is asked for {0!r}: give --context with the JSON of a user's context"


class _NoAttributeError(SkippedError, AttributeError):
    """Also an AttributeError, so that `getattr(context, name, default)` gives the default."""


class _NoKeyError(SkippedError, KeyError):
    """Also a KeyError, as of any dict."""

    def __str__(self) -> str:
        return str(self.args[0])


class Nobody(dict[str, Any]):
    """A user of whom nothing is known."""

    def __getattr__(self, name: str) -> Any:
        # What Python itself asks for (copying, pickling) is no question of the project's.
        if name.startswith("__"):
            raise AttributeError(name)
        raise _NoAttributeError(_ADVICE.format(name))

    def __missing__(self, key: str) -> Any:
        raise _NoKeyError(_ADVICE.format(key))
