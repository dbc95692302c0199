"""What Python's own functions and methods do with the values of a rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Protocol

from chatkit_doctor.python.rehearsal.operators import exception, is_key
from chatkit_doctor.python.rehearsal.values import Blank, Class, Instant, Lost, Outer, Thing

_MOST_ROUNDS = 200


class Player(Protocol):
    """What the library asks of the rehearsal that it serves."""

    def apply(self, function: object, arguments: list[object]) -> object:
        """Return what calling a value gives."""

    def items(self, value: object) -> list[object]:
        """Return what going over a value gives. Raises Lost where it is unknown."""

    def attribute(self, holder: object, name: str) -> object:
        """Return an attribute of a value."""

    def unknown_call(self, arguments: list[object], named: dict[str, object], holder: object = None) -> object:
        """Return what unknown code gives."""


def _known_truth(value: object) -> bool:
    if isinstance(value, Blank):
        if value.row is None or value.column is not None:
            raise Lost
        return True
    return bool(value)


def _ordered(player: Player, values: Iterable[object], named: dict[str, object]) -> list[object]:
    """Return values in the order that `sorted` gives them. Raises Lost where their keys have none that is known."""
    key, turned = named.get("key"), named.get("reverse", False)
    if isinstance(turned, Blank):
        raise Lost
    pairs = [(player.apply(key, [each]) if key is not None else each, each) for each in values]
    pairs.sort(key=cmp_to_key(_order_of_pairs), reverse=bool(turned))
    return [each for _, each in pairs]


def _order_of_pairs(one: tuple[object, object], other: tuple[object, object]) -> int:
    return _order(one[0], other[0])


def _order(one: object, other: object) -> int:
    for kind in (str, (int, float), Instant):
        if isinstance(one, kind) and isinstance(other, kind):
            return -1 if one < other else int(other < one)  # type: ignore[operator]
    if isinstance(one, tuple) and isinstance(other, tuple):
        return next((found for pair in zip(one, other, strict=False) if (found := _order(*pair))), 0)
    raise Lost


def _len(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    (value,) = arguments
    return len(value) if isinstance(value, str | list | tuple | dict | set) else player.unknown_call([], named, value)


def _list(player: Player, arguments: list[object], _: dict[str, object]) -> object:
    if not arguments:
        return []
    # What goes over something unknown is unknown.
    return Blank() if isinstance(arguments[0], Blank) else player.items(arguments[0])


def _dict(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    if not arguments:
        return dict(named)
    first = arguments[0]
    if isinstance(first, dict):
        return {**first, **named}
    if isinstance(first, Thing):
        return dict(first.attributes)
    if isinstance(first, Blank):
        return Blank(first.row, first.column)
    found: dict[object, object] = {}
    for pair in player.items(first):
        key, value = player.items(pair)
        if not is_key(key):
            raise Lost
        found[key] = value
    return found


def _int(_: Player, arguments: list[object], named: dict[str, object]) -> object:
    if not arguments:
        return 0
    value = arguments[0]
    if hasattr(value, "row"):
        # An id that is made a number: the store has ids that can be.
        return Blank(value.row, "number")
    if named or not isinstance(value, str | int | float) or len(arguments) > 1:
        return Blank()
    try:
        return int(value)
    except ValueError:
        raise exception("ValueError") from None


def _str(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    value = arguments[0] if arguments else ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    return Blank(value.row, value.column, value.inside) if isinstance(value, Blank) else Blank()


def _isinstance(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    value, wanted = arguments
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    found = [_is_of(value, each) for each in kinds]
    if True in found:
        return True
    return Blank() if None in found else False


def _is_of(value: object, kind: object) -> bool | None:
    """Return whether a value is of a class, None where nobody can tell."""
    if isinstance(kind, Class):
        if isinstance(value, Thing) and value.view is not None:
            return any(each.node is kind.view.own.node for each in value.view.classes)
        return None if isinstance(value, Blank) else False
    name = kind.dotted.rpartition(".")[2] if isinstance(kind, Outer) else ""
    if not name or (isinstance(value, Blank) and value.inside is None):
        return None
    if isinstance(value, Thing):
        return True if value.kind.rpartition(".")[2] == name else None if value.is_open else False
    own = "datetime" if isinstance(value, Instant) else "str" if isinstance(value, Blank) else type(value).__name__
    return own == name or (name == "int" and own == "bool") or (name in {"Mapping", "MutableMapping"} and own == "dict")


def _hasattr(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    value, name = arguments
    if isinstance(value, Thing) and isinstance(name, str):
        if name in value.attributes or (value.view is not None and value.view.defines(name)):
            return True
        return Blank() if value.is_open else name.startswith("model_")
    return Blank() if isinstance(value, Blank) else hasattr(value, str(name))


def _getattr(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    value, name = arguments[:2]
    if not isinstance(name, str):
        raise Lost
    if isinstance(value, Thing) and name not in value.attributes and not value.is_open and len(arguments) > 2:
        return arguments[2]
    if isinstance(value, Thing | Blank) or _hasattr(player, [value, name], named):
        return player.attribute(value, name)
    if len(arguments) > 2:
        return arguments[2]
    raise exception("AttributeError")


def _next(player: Player, arguments: list[object], _: dict[str, object]) -> object:
    found = player.items(arguments[0])
    if found:
        return found[0]
    if len(arguments) > 1:
        return arguments[1]
    raise exception("StopIteration")


def _extreme(pick: Callable[..., object]) -> Callable[[Player, list[object], dict[str, object]], object]:
    def call(player: Player, arguments: list[object], named: dict[str, object]) -> object:
        values = arguments if len(arguments) > 1 else player.items(arguments[0])
        if not values:
            return named["default"] if "default" in named else Blank()
        if any(isinstance(each, Blank) for each in values) and not named:
            return Blank()
        found = _ordered(player, values, {"key": named.get("key")})
        return found[0] if pick is min else found[-1]

    return call


def _enumerate(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    start = named.get("start", arguments[1] if len(arguments) > 1 else 0)
    if isinstance(arguments[0], Blank):
        return Blank()
    if not isinstance(start, int):
        raise Lost
    return [(start + index, each) for index, each in enumerate(player.items(arguments[0]))]


def _range(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    known = [each for each in arguments if isinstance(each, int)]
    return list(range(*known))[:_MOST_ROUNDS] if known and len(known) == len(arguments) else Blank()


def _reversed(player: Player, arguments: list[object], _: dict[str, object]) -> object:
    return Blank() if isinstance(arguments[0], Blank) else player.items(arguments[0])[::-1]


def _sorted(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    return Blank() if isinstance(arguments[0], Blank) else _ordered(player, player.items(arguments[0]), named)


def _set(player: Player, arguments: list[object], _: dict[str, object]) -> object:
    found = player.items(arguments[0]) if arguments and not isinstance(arguments[0], Blank) else []
    if arguments and (isinstance(arguments[0], Blank) or not all(map(is_key, found))):
        return Blank()
    return set(found)


_FUNCTIONS: dict[str, Callable[[Player, list[object], dict[str, object]], object]] = {
    "len": _len,
    "list": _list,
    "tuple": lambda player, arguments, named: (
        tuple(found) if isinstance(found := _list(player, arguments, named), list) else found
    ),
    "set": _set,
    "frozenset": _set,
    "dict": _dict,
    "int": _int,
    "str": _str,
    "bool": lambda player, arguments, named: (  # noqa: ARG005
        arguments[0] if isinstance(arguments[0], Blank) else bool(arguments[0])
    ),
    "isinstance": _isinstance,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "next": _next,
    "iter": lambda player, arguments, named: arguments[0],  # noqa: ARG005
    "min": _extreme(min),
    "max": _extreme(max),
    "any": lambda player, arguments, named: any(map(_known_truth, player.items(arguments[0]))),  # noqa: ARG005
    "all": lambda player, arguments, named: all(map(_known_truth, player.items(arguments[0]))),  # noqa: ARG005
    "enumerate": _enumerate,
    "range": _range,
    "reversed": _reversed,
    "sorted": _sorted,
    "filter": lambda player, arguments, named: [  # noqa: ARG005
        each for each in player.items(arguments[1]) if _known_truth(player.apply(arguments[0], [each]))
    ],
    "map": lambda player, arguments, named: [  # noqa: ARG005
        player.apply(arguments[0], [each]) for each in player.items(arguments[1])
    ],
    "zip": lambda player, arguments, named: list(  # noqa: ARG005
        zip(*(player.items(each) for each in arguments), strict=False)
    ),
    "sum": lambda player, arguments, named: Blank(),  # noqa: ARG005
    "print": lambda player, arguments, named: None,  # noqa: ARG005
    "id": lambda player, arguments, named: Blank(),  # noqa: ARG005
    "type": lambda player, arguments, named: Blank(),  # noqa: ARG005
    "repr": lambda player, arguments, named: Blank(),  # noqa: ARG005
    "open": lambda player, arguments, named: Blank(),  # noqa: ARG005
}


def _bound(
    function: Callable[[Player, list[object], dict[str, object]], object], player: Player
) -> Callable[..., object]:
    def call(arguments: list[object], named: dict[str, object]) -> object:
        try:
            return function(player, arguments, named)
        except (ValueError, TypeError, IndexError, KeyError, AttributeError):
            raise Lost from None

    return call


BUILTINS: dict[str, Callable[[Player], Callable[[list[object], dict[str, object]], object]]] = {
    name: (lambda player, function=function: _bound(function, player))  # type: ignore[misc]
    for name, function in _FUNCTIONS.items()
}

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
        holder[:] = _ordered(player, holder, named)
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
    if name in {"isoformat", "decode", "encode", "format"} or not all(
        isinstance(each, str | int) for each in arguments
    ):
        return Blank() if name != "encode" else holder
    return _called(holder, name, arguments)


def _called(holder: object, name: str, arguments: list[object]) -> object:
    try:
        return getattr(holder, name)(*arguments)
    except (KeyError, ValueError, IndexError) as error:
        raise exception(type(error).__name__) from None
    except (TypeError, AttributeError):
        return Blank()
