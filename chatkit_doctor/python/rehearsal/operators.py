"""Operators on known and unknown values, and the entries of those that have some."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from chatkit_doctor.python.rehearsal.values import Blank, Instant, Lost, Raised, Thing

_BINARY: dict[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_KNOWN = (int, float, str, bytes, list, tuple, dict, set, Instant)


def exception(name: str) -> Raised:
    """Return one of Python's own exceptions, raised."""
    return Raised(Thing(name, {}))


def binary(op: ast.operator, left: object, right: object) -> object:
    """Return what a binary operator gives; a blank where a side is unknown or is no plain value."""
    apply = _BINARY.get(type(op))
    if apply is None or not isinstance(left, _KNOWN) or not isinstance(right, _KNOWN):
        return Blank()
    if isinstance(op, ast.Mult) and not all(isinstance(each, int | float) for each in (left, right)):
        return Blank()
    try:
        return apply(left, right)
    except ZeroDivisionError:
        raise exception("ZeroDivisionError") from None
    except (TypeError, ValueError):
        return Blank()


def compare(op: ast.cmpop, left: object, right: object) -> object:
    """Return what one comparison gives; a blank where nobody can tell."""
    if isinstance(op, ast.Is | ast.IsNot):
        return _turned(_is_same(left, right), isinstance(op, ast.IsNot))
    if isinstance(op, ast.Eq | ast.NotEq):
        return _turned(_is_equal(left, right), isinstance(op, ast.NotEq))
    if isinstance(op, ast.In | ast.NotIn):
        return _turned(_is_in(left, right), isinstance(op, ast.NotIn))
    try:
        if isinstance(left, _KNOWN) and isinstance(right, _KNOWN):
            return _ORDER[type(op)](left, right)
    except TypeError:
        return Blank()
    return Blank()


def _turned(found: object, is_turned: bool) -> object:
    return (not found) if isinstance(found, bool) and is_turned else found


def _is_same(left: object, right: object) -> object:
    if left is right:
        return True
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Blank):
            return False if other is None and one.is_there else Blank()
    return left == right if isinstance(left, bool | int | str) else False


def _is_equal(left: object, right: object) -> object:
    if left is right:
        return True
    if isinstance(left, Blank) or isinstance(right, Blank):
        return Blank()
    if isinstance(left, list | tuple | dict | set) and isinstance(right, list | tuple | dict | set):
        return left == right if not left or not right else Blank()
    return bool(left == right)


def _is_in(left: object, right: object) -> object:
    if isinstance(right, str):
        return left in right if isinstance(left, str) else Blank()
    if isinstance(right, dict | set):
        return left in right if is_key(left) else Blank()
    if isinstance(right, list | tuple):
        if any(left is each or (not isinstance(each, Blank) and left == each) for each in right):
            return True
        return Blank() if any(isinstance(each, Blank) for each in (left, *right)) else False
    return Blank()


def is_key(value: object) -> bool:
    """Return whether a value can be the key of a known dict: a blank is, for what is not yet known to be in it."""
    return isinstance(value, str | int | float | bool | bytes | Blank | Instant | Thing | None) or (
        isinstance(value, tuple) and all(map(is_key, value))
    )


def entry(holder: object, key: object) -> object:
    """Return `holder[key]`. Raises Raised where the known holder has no such entry, Lost where a key is unknown."""
    if isinstance(holder, Blank):
        return holder.part(key) if is_key(key) else Blank(holder.row)
    if isinstance(holder, dict):
        return _of_dict(holder, key)
    if isinstance(holder, list | tuple | str):
        return _of_sequence(holder, key)
    if isinstance(holder, Thing):
        return holder.attributes.setdefault(str(key), Blank()) if isinstance(key, str) else Blank()
    return Blank()


def _of_dict(holder: dict[object, object], key: object) -> object:
    if not is_key(key):
        raise Lost
    if key in holder:
        return holder[key]
    if isinstance(holder, MissingMade):
        holder[key] = holder.make()
        return holder[key]
    raise exception("KeyError")


def _of_sequence(holder: list[object] | tuple[object, ...] | str, key: object) -> object:
    if isinstance(key, slice):
        if not all(isinstance(each, int | None) for each in (key.start, key.stop, key.step)) or key.step == 0:
            raise Lost
        return holder[key]
    if not isinstance(key, int):
        raise Lost
    try:
        return holder[key]
    except IndexError:
        raise exception("IndexError") from None


def set_entry(holder: object, key: object, value: object) -> None:
    """Set `holder[key]`. Raises Raised where Python would, Lost where the holder or the key is unknown."""
    if isinstance(holder, Blank | Thing):
        return
    try:
        if isinstance(holder, dict) and is_key(key):
            holder[key] = value
            return
        if isinstance(holder, list) and isinstance(key, int | slice):
            holder[key] = value  # type: ignore[index]
            return
    except (IndexError, TypeError):
        raise exception("IndexError") from None
    raise Lost


def delete_entry(holder: object, key: object) -> None:
    """Delete `holder[key]`. Raises Raised where a dict has none, Lost where the holder or the key is unknown."""
    if isinstance(holder, dict) and is_key(key):
        if key not in holder:
            raise exception("KeyError")
        del holder[key]
    elif isinstance(holder, list) and isinstance(key, int | slice):
        del holder[key]
    elif not isinstance(holder, Blank | Thing):
        raise Lost


class MissingMade(dict[object, object]):
    """A `defaultdict`: `make` gives the value of a key that is not there."""

    def __init__(self, make: Callable[[], object]) -> None:
        super().__init__()
        self.make = make
