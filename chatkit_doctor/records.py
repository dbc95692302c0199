"""Data classes whose methods are written when the first instance is made, and not when a module is imported.

The standard library's write and compile each class's methods at import, half a millisecond a class. A scan loads two
hundred classes and makes instances of a third of them; for the others nothing is compiled here. To the type checker
these are the standard library's own, and it is who holds `frozen`: at run time an attribute is an attribute. Slots are
not made, for that takes making each class twice.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    from reprlib import recursive_repr

    _MISSING = object()

    class _Field:
        """What a class says of one attribute; `factory` makes its default, and what is not `init` is never given."""

        def __init__(self, *, default=_MISSING, default_factory=_MISSING, init=True, repr=True, hash=True):  # noqa: A002
            self.default = default
            self.factory = default_factory
            self.init = init
            self.repr = repr
            self.hash = hash

    field = _Field

    def dataclass(cls=None, /, *, eq=True, order=False, frozen=False, slots=False):  # noqa: ARG001 - as the standard library's
        """Make a class a record of its annotated attributes."""

        def make(cls):
            own = _own_fields(cls)
            fields = {}
            for base in reversed(cls.__mro__[1:]):
                fields |= base.__dict__.get("__record__", {})
            fields |= own
            cls.__record__ = fields
            cls.__match_args__ = tuple(name for name, each in fields.items() if each.init)
            if "__init__" not in cls.__dict__:
                cls.__init__ = _written_at_first_call(cls)
            if "__repr__" not in cls.__dict__:
                cls.__repr__ = _repr
            if eq:
                _compare(cls, fields, frozen=frozen, order=order)
            return cls

        return make if cls is None else make(cls)

    def replace(record, /, **changes):
        """Return a record like another with some attributes changed."""
        given = {name: getattr(record, name) for name, each in record.__record__.items() if each.init}
        return type(record)(**(given | changes))

    def _own_fields(cls):
        fields = {}
        for name, annotation in cls.__annotations__.items():
            if "ClassVar" in str(annotation):
                continue
            default = cls.__dict__.get(name, _MISSING)
            if isinstance(default, _Field):
                fields[name] = default
                if default.default is _MISSING:
                    delattr(cls, name)
                else:
                    setattr(cls, name, default.default)
            else:
                fields[name] = _Field(default=default)
        return fields

    def _written_at_first_call(cls):
        def __init__(self, *args, **given):  # noqa: N807 - it stands for the one that is written
            cls.__init__ = _init(cls)
            cls.__init__(self, *args, **given)

        return __init__

    def _init(cls):
        """Return a class's `__init__`, written out for its fields."""
        known = {"_MISSING": _MISSING}
        parameters, body = [], []
        for name, each in cls.__record__.items():
            value = name
            if each.factory is not _MISSING:
                known[f"_make_{name}"] = each.factory
                value = f"_make_{name}() if {name} is _MISSING else {name}" if each.init else f"_make_{name}()"
                default = "=_MISSING"
            elif each.default is not _MISSING:
                known[f"_default_{name}"] = each.default
                value = name if each.init else f"_default_{name}"
                default = f"=_default_{name}"
            else:
                default = ""
            if each.init:
                parameters.append(f"{name}{default}")
            body.append(f"    self.{name} = {value}")
        text = "\n".join([f"def __init__(self, {', '.join(parameters)}):", *(body or ["    pass"])])
        exec(text, known)  # noqa: S102 - of the names of a class's own attributes
        made = known["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    @recursive_repr()
    def _repr(self):
        shown = (f"{name}={getattr(self, name)!r}" for name, each in self.__record__.items() if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _compare(cls, fields, *, frozen, order):
        key, hashed = _key(fields), _key(name for name, each in fields.items() if each.hash)

        def __eq__(self, other):  # noqa: N807
            return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

        if "__eq__" not in cls.__dict__:
            cls.__eq__ = __eq__
        if cls.__dict__.get("__hash__") is None:
            cls.__hash__ = (lambda self: hash(hashed(self))) if frozen else None
        if order:
            cls.__lt__ = lambda self, other: key(self) < key(other)

    def _key(names):
        names = tuple(names)
        return attrgetter(*names) if names else lambda _: ()


__all__ = ["dataclass", "field", "replace"]
