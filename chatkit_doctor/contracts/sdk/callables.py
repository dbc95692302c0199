"""Functions, methods and classes of the Python SDK, as the contracts describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

ParameterKind = Literal["positional_only", "positional_or_keyword", "var_positional", "keyword_only", "var_keyword"]
MethodKind = Literal["", "static", "class", "property"]
Colour = Literal["sync", "async", "generator", "async generator"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature; annotation and default are texts as the SDK writes them, None if absent."""

    name: str
    kind: ParameterKind
    annotation: str | None
    default: str | None

    @property
    def is_required(self) -> bool:
        """Return whether a call must pass it."""
        return self.default is None and not self.kind.startswith("var_")


@dataclass(frozen=True, slots=True)
class CallableContract:
    """One function or method.

    owner: dotted name of the class (or module) that defines it; module: of the module.
    colour: what calling it gives: a value, a coroutine, a generator or an async generator.
    """

    name: str
    owner: str
    module: str
    params: tuple[Parameter, ...]
    colour: Colour
    returns: str | None = None
    binding: MethodKind = ""
    is_abstract: bool = False
    deprecated: str | None = None

    @property
    def is_async(self) -> bool:
        """Return whether it is defined with `async def` and its call must be awaited."""
        return self.colour == "async"

    def parameter(self, name: str) -> Parameter | None:
        """Return a parameter by its name."""
        return next((parameter for parameter in self.params if parameter.name == name), None)


@dataclass(frozen=True, slots=True)
class ClassContract:
    """One class.

    name: dotted, where it is defined. bases: dotted, as written, without Generic and without arguments.
    abstract_methods: what a concrete subclass must define, in the order of the source.
    methods: its own and those inherited from classes of the SDK, by name.
    type_parameters: the names of its type variables, in order.
    """

    name: str
    bases: tuple[str, ...]
    abstract_methods: tuple[str, ...] = ()
    methods: Mapping[str, CallableContract] = field(default_factory=dict)
    type_parameters: tuple[str, ...] = ()
    deprecated: str | None = None


def read_callable(name: str, owner: str, module: str, fact: Mapping[str, Any]) -> CallableContract:
    """Return a callable from its entry in the data."""
    return CallableContract(
        name=name,
        owner=owner,
        module=module,
        params=tuple(Parameter(*parameter) for parameter in fact["params"]),
        colour=fact["colour"],
        returns=fact.get("returns"),
        binding=fact.get("binding", ""),
        is_abstract=fact.get("abstract", False),
        deprecated=fact.get("deprecated"),
    )
