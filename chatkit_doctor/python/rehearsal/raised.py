"""Which handler an exception of a rehearsal meets."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from chatkit_doctor.patterns import regex
from chatkit_doctor.python.hierarchy import ClassId
from chatkit_doctor.python.rehearsal.values import Class, Lost, Outer, Thing

# The kind of what a library raises where nothing is stored under a key; its class is known by its name alone.
NOT_STORED = "<nothing is stored there>"
_SAYS_SO = regex(r"NotFound|DoesNotExist|NoResult|NoSuch|Missing")


def is_kind_of(value: object, kind: object) -> bool:
    """Return whether an exception is of a class, both known by their names."""
    wanted = kind.dotted if isinstance(kind, Outer) else kind.view.name if isinstance(kind, Class) else ""
    if not isinstance(value, Thing) or not wanted:
        # One of a kind that nobody knows may be anything.
        raise Lost
    if value.kind == NOT_STORED:
        return _says_missing(wanted.rpartition(".")[2])
    own = [value.kind, *((each if isinstance(each, str) else each.name) for each in _ancestry(value))]
    last = wanted.rpartition(".")[2]
    if any(each.rpartition(".")[2] == last for each in own) or last in {"Exception", "BaseException"}:
        return True
    return any(_is_built_in(each, last) for each in own)


def _says_missing(name: str) -> bool:
    """Return whether a class is that of what a library raises for a key without anything. Raises Lost where it may."""
    if _SAYS_SO.search(name) or name in {"Exception", "BaseException"}:
        return True
    if isinstance(getattr(builtins, name, None), type):
        return False
    raise Lost


def _ancestry(value: Thing) -> Sequence[ClassId | str]:
    return value.view.ancestry if value.view else ()


def _is_built_in(name: str, wanted: str) -> bool:
    own, other = getattr(builtins, name, None), getattr(builtins, wanted, None)
    return isinstance(own, type) and isinstance(other, type) and issubclass(own, other)
