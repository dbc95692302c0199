"""Types as data: what the annotations, models and typed dicts of an imported release accept.

A type is written as JSON. An atom is a string: `str`, `int`, `float`, `bool`, `bytes`, `none`, `any`,
`datetime`, `url`, or the dotted name of a class of the SDK. Everything else is an object with one main key:
`union`, `literal`, `list`, `dict` (key and value), `pattern`, `generic` (a class and its arguments),
`alias` (a type of the SDK with a name of its own), or `opaque` for what the doctor has no use for.
"""

from __future__ import annotations

import datetime
import enum
import types
import typing
from typing import Any

import typing_extensions

Type = str | dict[str, Any]

LONG_LITERAL = 20

ATOMS: dict[Any, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    bytes: "bytes",
    type(None): "none",
    None: "none",
    Any: "any",
    object: "any",
    datetime.datetime: "datetime",
}


def is_type_alias(value: Any) -> bool:
    """Tell whether a module-level value names a type: a union, a literal, or either one annotated."""
    if typing.get_origin(value) is typing.Annotated:
        return True
    return is_union(value) or is_literal(value)


def is_union(value: Any) -> bool:
    """Tell whether a value is `A | B`, however it was written."""
    return typing.get_origin(value) in (typing.Union, types.UnionType)


def is_literal(value: Any) -> bool:
    """Tell whether a value is `Literal[…]`."""
    return typing.get_origin(value) in (typing.Literal, typing_extensions.Literal)


class TypeReader:
    """Reads annotations of one release.

    package: its import name. aliases: its named types, by dotted name. A union of its classes that an alias
    names is written as that alias (and so is a long literal), which keeps the data small and its diffs readable.
    """

    def __init__(self, package: str, aliases: dict[str, Any]) -> None:
        self.package = package
        self.named: dict[str, str] = {}
        for name in sorted(aliases):
            key = self._alias_key(self.read(aliases[name]))
            if key and key not in self.named:
                self.named[key] = name

    def read_alias(self, name: str, value: Any) -> Type:
        """Return the type that an alias names; where it only renames another alias, a reference to that."""
        written = self._read_plain(value)
        first = self.named.get(self._alias_key(written) or "", name)
        return written if first == name else {"alias": first}

    def read(self, value: Any) -> Type:
        """Return a type as data, named types as references."""
        return self._by_name(self._read_plain(value))

    def _by_name(self, written: Type) -> Type:
        """Return a reference to the alias that names this type, alone or beside None, where one does."""
        if name := self.named.get(self._alias_key(written) or ""):
            return {"alias": name}
        if isinstance(written, dict) and written.get("union", [])[-1:] == ["none"]:
            rest = written["union"][:-1]
            name = self.named.get(self._alias_key({**written, "union": rest}) or "")
            return {"union": [{"alias": name}, "none"]} if name else written
        return written

    def _alias_key(self, written: Type) -> str | None:
        """Return what identifies a type worth a reference: a union of the SDK's classes, or a long literal.

        The field that tells a union's members apart is part of it: an alias may have one that a field does without.
        """
        if isinstance(written, str):
            return None
        if "literal" in written:
            return repr(written["literal"]) if len(written["literal"]) >= LONG_LITERAL else None
        members = written.get("union", [])
        is_own = any(str(member).startswith(f"{self.package}.") or "pattern" in member for member in members)
        return repr((members, written.get("discriminator"))) if is_own and "none" not in members else None

    def _read_plain(self, value: Any) -> Type:
        """Return a type as data, itself not as a reference."""
        if is_hashable(value) and value in ATOMS:
            return ATOMS[value]
        if isinstance(value, typing.TypeVar | typing_extensions.TypeVar):
            # Of a class that leaves its type open, pydantic asks what every argument for it must be.
            bound = value.__bound__
            return ATOMS.get(bound, "any") if is_hashable(bound) and bound is not None else "any"
        if is_literal(value):
            return {"literal": list(literal_values(typing.get_args(value)))}
        if is_union(value):
            return {"union": [self.read(argument) for argument in typing.get_args(value)]}
        return self._special(value) if typing.get_origin(value) else self._class(value)

    def _special(self, value: Any) -> Type:
        """Return a type with arguments: annotated, qualified or a container."""
        origin, arguments = typing.get_origin(value), typing.get_args(value)
        if origin is typing.Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin in (typing_extensions.NotRequired, typing_extensions.Required):
            return self.read(arguments[0])
        return self._container(origin, arguments)

    def _annotated(self, inner: Any, metadata: tuple[Any, ...]) -> Type:
        written = self._read_plain(inner)
        for note in metadata:
            pattern = getattr(note, "pattern", None)
            discriminator = getattr(note, "discriminator", None)
            if pattern and written == "str":
                return {"pattern": pattern}
            if isinstance(discriminator, str) and isinstance(written, dict):
                written = {**written, "discriminator": discriminator}
        return written

    def _container(self, origin: Any, arguments: tuple[Any, ...]) -> Type:
        if origin is list:
            return {"list": self.read(arguments[0])}
        if origin is dict:
            return {"dict": [self.read(argument) for argument in arguments]}
        if self._is_own(origin):
            return {"generic": dotted(origin), "arguments": [self.read(argument) for argument in arguments]}
        return {"opaque": str(getattr(origin, "__name__", "type"))}

    def _class(self, value: Any) -> Type:
        if isinstance(value, type) and value.__name__ == "AnyUrl":
            return "url"
        if not isinstance(value, type) or not self._is_own(value):
            return {"opaque": str(getattr(value, "__name__", "type"))}
        generic = getattr(value, "__pydantic_generic_metadata__", {})
        if generic.get("origin"):
            arguments = [self.read(argument) for argument in generic["args"]]
            return {"generic": dotted(generic["origin"]), "arguments": arguments}
        return dotted(value)

    def _is_own(self, value: Any) -> bool:
        module = getattr(value, "__module__", "")
        return module == self.package or module.startswith(f"{self.package}.")

    def is_model(self, cls: type) -> bool:
        """Tell whether a class is built from named fields: a pydantic model or a TypedDict."""
        return hasattr(cls, "model_fields") or typing_extensions.is_typeddict(cls)

    def model_config(self, cls: Any) -> dict[str, Any]:
        """Return what a model does beyond its fields: its kind, what it makes of extras, its validators."""
        if typing_extensions.is_typeddict(cls):
            return {"kind": "typeddict", "extra": "ignore"}
        fact: dict[str, Any] = {"kind": "pydantic", "extra": cls.model_config.get("extra") or "ignore"}
        if cls.model_config.get("populate_by_name") or cls.model_config.get("validate_by_name"):
            fact["by_name"] = True
        decorators = cls.__pydantic_decorators__
        if validators := sorted([*decorators.model_validators, *decorators.field_validators]):
            fact["validators"] = validators
        if any("__init__" in vars(base) for base in cls.__mro__ if self._is_own(base)):
            fact["own_init"] = True
        return fact

    def model_fields(self, cls: Any) -> dict[str, dict[str, Any]]:
        """Return each field of a model, inherited ones too: its type and whether it must be given."""
        if typing_extensions.is_typeddict(cls):
            hints = typing_extensions.get_type_hints(cls, include_extras=True)
            return {name: typed_dict_key(self.read(hint), hint) for name, hint in hints.items()}
        cls.model_rebuild()
        return {name: self._field(info) for name, info in cls.model_fields.items()}

    def _field(self, info: Any) -> dict[str, Any]:
        fact: dict[str, Any] = {"type": self._by_name(self._annotated(info.annotation, (info, *info.metadata)))}
        if info.is_required():
            fact["required"] = True
        elif info.default_factory is not None:
            fact["factory"] = True
        else:
            fact |= default_fact(info.default)
        aliases = {alias for alias in (info.alias, info.validation_alias) if isinstance(alias, str)}
        if aliases:
            fact["aliases"] = sorted(aliases)
        if info.deprecated:
            fact["deprecated"] = True
        return fact


def default_fact(default: Any) -> dict[str, Any]:
    """Return a default as data, or that it is none that JSON can hold."""
    if isinstance(default, enum.Enum):
        default = default.value
    if default is None or isinstance(default, str | int | float | bool | list | dict):
        return {"default": default}
    return {"opaque_default": True}


def typed_dict_key(written: Type, hint: Any) -> dict[str, Any]:
    """Return one key of a TypedDict as a field."""
    optional = typing.get_origin(hint) is typing_extensions.NotRequired
    return {"type": written} if optional else {"type": written, "required": True}


def literal_values(arguments: tuple[Any, ...]) -> typing.Iterator[Any]:
    """Yield the values of a literal, nested literals unfolded, enum members by their values."""
    for argument in arguments:
        if is_literal(argument):
            yield from literal_values(typing.get_args(argument))
        else:
            yield argument.value if isinstance(argument, enum.Enum) else argument


def dotted(cls: Any) -> str:
    """Return a class's dotted name, without the arguments that pydantic puts into generic ones."""
    return f"{cls.__module__}.{cls.__qualname__}".partition("[")[0]


def is_hashable(value: Any) -> bool:
    """Tell whether a value can be looked up."""
    try:
        hash(value)
    except TypeError:
        return False
    return True
