"""What a value is and has: `isinstance`, `hasattr` and `getattr` of a rehearsal."""

from __future__ import annotations

from chatkit_doctor.python.rehearsal.operators import exception
from chatkit_doctor.python.rehearsal.player import Player
from chatkit_doctor.python.rehearsal.values import Blank, Class, Instant, Lost, Outer, Thing


def is_instance(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    """Return what `isinstance` gives; a blank where nobody can tell."""
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


def has_attribute(_: Player, arguments: list[object], __: dict[str, object]) -> object:
    """Return what `hasattr` gives; a blank where nobody can tell."""
    value, name = arguments
    if isinstance(value, Thing) and isinstance(name, str):
        if name in value.attributes or (value.view is not None and value.view.defines(name)):
            return True
        return Blank() if value.is_open else name.startswith("model_")
    return Blank() if isinstance(value, Blank) else hasattr(value, str(name))


def get_attribute(player: Player, arguments: list[object], named: dict[str, object]) -> object:
    """Return what `getattr` gives. Raises Raised as it does, Lost where the name is unknown."""
    value, name = arguments[:2]
    if not isinstance(name, str):
        raise Lost
    if isinstance(value, Thing) and name not in value.attributes and not value.is_open and len(arguments) > 2:
        return arguments[2]
    if isinstance(value, Thing | Blank) or has_attribute(player, [value, name], named):
        return player.attribute(value, name)
    if len(arguments) > 2:
        return arguments[2]
    raise exception("AttributeError")
