"""Regular expressions that are compiled when they are first asked for, and not when a module is imported.

A scan loads more than a hundred of them and asks half. To the type checker `regex` is `re.compile`.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import compile as regex
else:
    _METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags")

    class _Later:
        """A pattern that is not compiled yet; once it is, its methods are the compiled one's own."""

        def __init__(self, text, flags=0):
            self._text = text
            self._flags = flags

        def __getattr__(self, name):
            if name not in _METHODS:
                raise AttributeError(name)
            made = re.compile(self._text, self._flags)
            self.__dict__.update({each: getattr(made, each) for each in _METHODS})
            return self.__dict__[name]

    regex = _Later


__all__ = ["regex"]
