"""What the methods of Python's own values do in a rehearsal."""

from __future__ import annotations

from chatkit_doctor.python.rehearsal.operators import exception, is_key
from chatkit_doctor.python.rehearsal.player import Player, ordered
from chatkit_doctor.python.rehearsal.values import Blank, Instant, Lost

# Methods whose results follow from what is known; they change nothing but what they are called on.
_OF_LISTS = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "copy", "reverse", "index", "count"})
_OF_DICTS = frozenset({"keys", "values", "items", "copy", "update", "clear", "popitem"})
_OF_SETS = frozenset({"add", "discard", "remove", "union", "copy", "clear", "update", "difference", "intersection"})


def own_method(player: Player, holder: object, name: str, arguments: list[object], named: dict[str, object]) -> object:
    """Return what a method of one of Python's own values gives. Raises Raised as Python does, Lost where it may."""
    try:
        return _own_method(player, holder, name, arguments, named)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError):
        # It is called in a way that Python would refuse.
        raise Lost from None


def _own_method(player: Player, holder: object, name: str, arguments: list[object], named: dict[str, object]) -> object:
    if isinstance(holder, dict):
        return _of_dict(player, holder, name, arguments)
    if isinstance(holder, list):
        return _of_list(player, holder, name, arguments, named)
    if isinstance(holder, set) and name in _OF_SETS and all(map(is_key, arguments)):
        return _called(holder, name, arguments)
    if isinstance(holder, str):
        return _of_text(holder, name, arguments)
    if isinstance(holder, Instant):
        return Blank() if name == "utcoffset" else holder
    return player.unknown_call(arguments, named)


def _of_dict(player: Player, holder: dict[object, object], name: str, arguments: list[object]) -> object:
    if name in {"get", "pop", "setdefault"} and arguments:
        key, default = arguments[0], arguments[1] if len(arguments) > 1 else None
        if not is_key(key):
            raise Lost
        if name == "setdefault":
            return holder.setdefault(key, default)
        if key in holder:
            return holder[key] if name == "get" else holder.pop(key)
        if name == "pop" and len(arguments) == 1:
            raise exception("KeyError")
        return default
    if name in {"keys", "values", "items"}:
        return list(_called(holder, name, []))  # type: ignore[call-overload]
    if name == "update" and arguments and not isinstance(arguments[0], dict):
        raise Lost
    if name == "move_to_end":
        key = arguments[0]
        holder[key] = holder.pop(key)
        return None
    return _called(holder, name, arguments) if name in _OF_DICTS else player.unknown_call(arguments, {})


def _of_list(
    player: Player, holder: list[object], name: str, arguments: list[object], named: dict[str, object]
) -> object:
    if name == "sort":
        holder[:] = ordered(player, holder, named)
        return None
    if name == "extend":
        holder.extend(player.items(arguments[0]))
        return None
    if name in {"index", "remove"} and any(isinstance(each, Blank) for each in (*arguments, *holder)):
        raise Lost
    if name == "pop" and arguments and not isinstance(arguments[0], int):
        raise Lost
    return _called(holder, name, arguments) if name in _OF_LISTS else player.unknown_call(arguments, named)


def _of_text(holder: str, name: str, arguments: list[object]) -> object:
    if name == "join" and arguments and isinstance(arguments[0], list | tuple):
        parts = arguments[0]
        return holder.join(map(str, parts)) if all(isinstance(each, str) for each in parts) else Blank()
    if name in {"encode", "decode"}:
        # Which of the two a text is makes no difference here.
        return holder
    if name in {"isoformat", "format"} or not all(isinstance(each, str | int) for each in arguments):
        return Blank()
    return _called(holder, name, arguments)


def _called(holder: object, name: str, arguments: list[object]) -> object:
    try:
        return getattr(holder, name)(*arguments)
    except (KeyError, ValueError, IndexError) as error:
        raise exception(type(error).__name__) from None
    except (TypeError, AttributeError):
        return Blank()
