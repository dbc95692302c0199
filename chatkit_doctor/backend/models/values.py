"""What pydantic makes of the values that a model is built from: fields left out, dropped, or given what they refuse.

Only what stands in the source is judged: constants, lists and dicts, at any depth, and models of the SDK that stand in
the place of others. A name that is not surely one of these, another call or a spread is taken to be right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.sdk.literals import NOT_CONSTANT, constant, takes
from chatkit_doctor.contracts.sdk.models import FieldContract, ModelContract, Type, UnionContract
from chatkit_doctor.records import dataclass

_SEQUENCES = ast.List | ast.Tuple | ast.Set
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Given:
    """One field as it is given: its name, the keyword or key that names it, its value."""

    name: str
    node: ast.keyword | ast.Constant
    value: ast.expr


@dataclass(frozen=True)
class Fields:
    """The fields that a call or a dict gives. is_whole: whether nothing else can give more of them."""

    node: ast.Call | ast.Dict
    given: tuple[Given, ...]
    is_whole: bool

    @cached_property
    def by_name(self) -> Mapping[str, Given]:
        """Return what is given by name; of a name that is given twice, the last."""
        return {each.name: each for each in self.given}


@dataclass(frozen=True, slots=True)
class Missing:
    """Required fields that are not given. owner: the model, or the union that a field tells the members of apart."""

    owner: ModelContract | UnionContract
    fields: Fields
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field that the model does not have and drops."""

    owner: ModelContract
    fields: Fields
    given: Given


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that its field refuses. type: what the field, or the item of it, takes.

    stands_for: the literal that is refused, where the value is a name for one.
    """

    owner: ModelContract | UnionContract
    field: str
    value: ast.expr
    type: Type
    stands_for: ast.expr | None = None


ModelProblem = Missing | UnknownField | Invalid


@dataclass(frozen=True, slots=True)
class _Place:
    """The field that a value is for."""

    owner: ModelContract | UnionContract
    field: str


def call_fields(call: ast.Call) -> Fields:
    """Return the fields that a call gives by keyword."""
    given = tuple(Given(each.arg, each, each.value) for each in call.keywords if each.arg is not None)
    return Fields(call, given, is_whole=len(given) == len(call.keywords))


def dict_fields(node: ast.Dict) -> Fields:
    """Return the fields that a dict gives by constant keys."""
    given = tuple(
        Given(key.value, key, value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )
    return Fields(node, given, is_whole=len(given) == len(node.keys))


class Reader(Protocol):
    """What the expressions of a file stand for; `written.Written` says how it is known."""

    def choices(self, expr: ast.expr) -> Sequence[ast.expr]:
        """Return everything that an expression can stand for; itself alone where that is not sure."""

    def called(self, call: ast.Call) -> str | None:
        """Return the dotted name of the SDK's class that a call makes an object of."""


class Judge:
    """Judges values by the models and types of one release.

    reader: what names stand for; without one, each is taken to be right.
    """

    def __init__(self, contract: PythonContract, reader: Reader | None = None) -> None:
        self._contract = contract
        self._reader = reader

    def model(self, model: ModelContract, fields: Fields) -> Iterator[ModelProblem]:
        """Yield what is wrong with the fields given to a model, and in their values."""
        missing = tuple(name for name in model.required if name not in fields.by_name)
        if missing and fields.is_whole:
            yield Missing(model, fields, missing)
        for given in fields.by_name.values():
            field = model.field_for(given.name)
            if field is not None:
                yield from self._value(field.type, given.value, _Place(model, given.name))
            elif model.extra == "ignore":
                yield UnknownField(model, fields, given)

    def fits(self, type_: Type, value: ast.expr) -> bool:
        """Return whether a type surely takes a value as it stands in the source."""
        if isinstance(value, ast.JoinedStr):
            return takes(self._contract, type_, "") is True
        found = constant(value)
        return found is not NOT_CONSTANT and takes(self._contract, type_, found) is True

    def refuses(self, model: ModelContract, field: FieldContract, value: ast.expr) -> bool:
        """Return whether a field surely takes no such value."""
        problems = self._value(field.type, value, _Place(model, field.name))
        return any(not isinstance(each, UnknownField) for each in problems)

    def union(self, union: UnionContract, fields: Fields) -> Iterator[ModelProblem]:
        """Yield what is wrong with the fields of a dict that is validated as a union."""
        assert isinstance(fields.node, ast.Dict)
        yield from self._union(union, fields.node, _Place(union, ""))

    def _value(self, type_: Type, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        choices = self._reader.choices(value) if self._reader is not None else (value,)
        judged = [list(self._choice(type_, each, place)) for each in choices]
        # Of several values, a guard may shut the bad ones out.
        if len(judged) == 1 or all(any(not isinstance(each, UnknownField) for each in found) for found in judged):
            first = judged[0]
            if choices[0] is not value and (len(judged) > 1 or any(_is_about(each, choices[0]) for each in first)):
                yield Invalid(place.owner, place.field, value, type_, choices[0] if len(judged) == 1 else None)
            else:
                yield from first

    def _choice(self, type_: Type, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        found = constant(value)
        if found is not NOT_CONSTANT:
            if takes(self._contract, type_, found) is False:
                yield Invalid(place.owner, place.field, value, type_)
        elif isinstance(value, ast.Dict | _SEQUENCES | _COMPREHENSIONS):
            yield from self._display(type_, value, place)
        elif isinstance(value, ast.Call) and self._reader is not None:
            made = self._contract.model(self._reader.called(value) or "")
            if made is not None and made.kind == "pydantic" and not self._takes_instance(type_, made.name):
                yield Invalid(place.owner, place.field, value, type_)

    def _takes_instance(self, type_: Type, made: str) -> bool:
        """Return whether a type may take an object of a model: of its own class, or of one that inherits from it."""
        if isinstance(type_, str):
            if type_ == "any" or made in (type_, *self._bases(made)):
                return True
            named = self._contract.type_(type_) if "." in type_ and self._contract.model(type_) is None else None
            return named is not None and self._takes_instance(named, made)
        if "alias" in type_:
            named = self._contract.type_(type_["alias"])
            return named is None or self._takes_instance(named, made)
        if "union" in type_:
            return any(self._takes_instance(each, made) for each in type_["union"])
        if "list" in type_:
            # A model can be iterated, which is enough for a list: it gives pairs of a name and a value.
            return type_["list"] == "any" or not {"list", "opaque"}.isdisjoint(type_["list"])
        return "opaque" in type_ or ("generic" in type_ and type_["generic"] in (made, *self._bases(made)))

    def _bases(self, name: str) -> Iterator[str]:
        class_ = self._contract.class_(name)
        for base in class_.bases if class_ is not None else ():
            yield base
            yield from self._bases(base)

    def _display(self, type_: Type, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        """Judge a value in brackets or braces."""
        if isinstance(type_, str):
            yield from self._named(type_, value, place)
        elif "alias" in type_:
            yield from self._alias(type_["alias"], value, place)
        elif "union" in type_:
            yield from self._union(UnionContract("", tuple(type_["union"]), type_.get("discriminator")), value, place)
        elif "generic" in type_:
            yield from self._named(type_["generic"], value, place)
        elif "list" in type_:
            yield from self._items(type_, value, place)
        elif "dict" in type_ and isinstance(value, ast.Dict):
            for each in value.values:
                yield from self._value(type_["dict"][1], each, place)
        elif "opaque" not in type_:
            yield Invalid(place.owner, place.field, value, type_)

    def _named(self, name: str, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        if (model := self._contract.model(name)) is not None:
            if isinstance(value, ast.Dict):
                yield from self.model(model, dict_fields(value))
            else:
                yield Invalid(place.owner, place.field, value, name)
        elif (named := self._contract.type_(name)) is not None:
            yield from self._display(named, value, place)
        elif name in {"str", "int", "float", "bool", "bytes", "none", "datetime", "url"}:
            yield Invalid(place.owner, place.field, value, name)

    def _alias(self, name: str, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        if (union := self._contract.union(name)) is not None:
            yield from self._union(union, value, place)
        elif (named := self._contract.type_(name)) is not None:
            yield from self._display(named, value, place)

    def _items(self, type_: Mapping[str, Type], value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        items: Sequence[ast.expr] = ()
        if isinstance(value, _COMPREHENSIONS):
            items = (value.elt,)
        elif isinstance(value, _SEQUENCES):
            items = [each for each in value.elts if not isinstance(each, ast.Starred)]
        else:
            yield Invalid(place.owner, place.field, value, type_)
        for each in items:
            yield from self._value(type_["list"], each, place)

    def _union(self, union: UnionContract, value: ast.expr, place: _Place) -> Iterator[ModelProblem]:
        if union.discriminator and isinstance(value, ast.Dict):
            yield from self._member(union, union.discriminator, dict_fields(value))
            return
        judged = [list(self._value(member, value, place)) for member in union.members]
        fitting = [each for each in judged if all(isinstance(problem, UnknownField) for problem in each)]
        near = [each for each in judged if not any(isinstance(p, Invalid) and p.value is value for p in each)]
        if len(fitting) == 1:
            yield from fitting[0]
        elif not fitting and len(near) == 1:
            yield from near[0]
        elif not fitting:
            yield Invalid(place.owner, place.field, value, {"union": list(union.members)})

    def _member(self, union: UnionContract, discriminator: str, fields: Fields) -> Iterator[ModelProblem]:
        """Judge a dict by the member of a union that its discriminator names."""
        told = fields.by_name.get(discriminator)
        if told is None:
            if fields.is_whole:
                yield Missing(union, fields, (discriminator,))
            return
        kind = constant(told.value)
        if kind is NOT_CONSTANT and not isinstance(told.value, ast.Dict | _SEQUENCES):
            return
        kinds = dict(self._kinds(union, discriminator))
        if isinstance(kind, str) and kind in kinds:
            yield from self.model(kinds[kind], fields)
        else:
            yield Invalid(union, discriminator, told.value, {"literal": sorted(kinds)})

    def _kinds(self, union: UnionContract, discriminator: str) -> Iterator[tuple[str, ModelContract]]:
        """Yield the members of a union with the value of the field that tells them apart."""
        for member in union.members:
            model = self._contract.model(member) if isinstance(member, str) else None
            field = model.field_for(discriminator) if model else None
            if model and field and not isinstance(field.type, str):
                yield from ((kind, model) for kind in field.type.get("literal", ()))


def _is_about(problem: ModelProblem, value: ast.expr) -> bool:
    """Return whether a value is refused as a whole, and not for something in it."""
    return isinstance(problem, Invalid) and problem.value is value
