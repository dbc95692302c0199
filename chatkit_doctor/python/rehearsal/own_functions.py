"""What Python's own functions do with the values of a rehearsal."""

from __future__ import annotations

from collections.abc import Callable

from chatkit_doctor.python.rehearsal.kinds import get_attribute, has_attribute, is_instance
from chatkit_doctor.python.rehearsal.operators import exception, is_key
from chatkit_doctor.python.rehearsal.player import Player, known_truth, ordered, truth_of
from chatkit_doctor.python.rehearsal.values import Blank, Lost, Thing, written

_MOST_ROUNDS = 200


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
        made = Blank(first.row, first.column)
        made.is_dict = True
        return made
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
        return written(value)
    return _text_of(value) if isinstance(value, Blank) else Blank()


def _text_of(value: Blank) -> Blank:
    """Return a blank as a text: the same one each time, so that it is the same key."""
    if _str not in value.parts:
        value.parts[_str] = Blank(value.row, value.column, value.inside)
    found = value.parts[_str]
    assert isinstance(found, Blank)
    return found


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
        found = ordered(player, values, {"key": named.get("key")})
        return found[0] if pick is min else found[-1]

    return call


def _quantifier(wanted: bool) -> Callable[[Player, list[object], dict[str, object]], object]:
    """Return `any` or `all`: what they look for settles it, wherever it stands; a blank where nobody can tell."""

    def call(player: Player, arguments: list[object], _: dict[str, object]) -> object:
        if isinstance(arguments[0], Blank):
            return Blank()
        truths = [truth_of(each) for each in player.items(arguments[0])]
        return wanted if wanted in truths else Blank() if None in truths else not wanted

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
    return Blank() if isinstance(arguments[0], Blank) else ordered(player, player.items(arguments[0]), named)


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
    "isinstance": is_instance,
    "hasattr": has_attribute,
    "getattr": get_attribute,
    "next": _next,
    "iter": lambda player, arguments, named: arguments[0],  # noqa: ARG005
    "min": _extreme(min),
    "max": _extreme(max),
    "any": _quantifier(True),
    "all": _quantifier(False),
    "enumerate": _enumerate,
    "range": _range,
    "reversed": _reversed,
    "sorted": _sorted,
    "filter": lambda player, arguments, named: [  # noqa: ARG005
        each for each in player.items(arguments[1]) if known_truth(player.apply(arguments[0], [each]))
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
