"""Constructor calls of the SDK's models, generated from the contracts as source: valid ones and mutations of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.sdk.models import ModelContract, Type

_ATOMS = {
    "str": ["'some text'", "''", "'1'"],
    "int": ["3", "-1", "'7'", "2.0"],
    "float": ["1.5", "2", "'0.5'"],
    "bool": ["True", "False", "'yes'", "0"],
    "none": ["None"],
    "any": ["None", "{'a': [1]}", "'x'", "[]"],
    "bytes": ["b'x'"],
    "datetime": ["datetime(2026, 1, 1)"],
    "url": ["'https://example.org/a.png'"],
}
_PATTERNS = {"^vendor:": "'vendor:acme'", "^lucide:": "'lucide:bot'"}
# Of every kind that a literal can be; most of them are wrong at most places.
_CONSTANTS = ["'nonsense'", "None", "7", "1.5", "True", "'1'", "[]", "{}", "['x']", "{'a': 1}", "(1, 2)", "-3", "b'x'"]
_DEPTH = 4


@dataclass(frozen=True)
class Sample:
    """A call as source, and what was done to it."""

    model: str
    mutation: str
    source: str


@dataclass
class Written:
    """A model as a dict of sources by field, which can be changed before it is written."""

    model: ModelContract
    values: dict[str, str]

    def call(self) -> str:
        arguments = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.model.name}({arguments})"

    def display(self) -> str:
        return "{" + ", ".join(f"{name!r}: {value}" for name, value in self.values.items()) + "}"


class Sampler:
    """Writes calls of one release's models. A class that is no model is written as STORE.

    Inside a dict that stands for a model, all is written as dicts: of an instance of the wrong model, which pydantic
    refuses there, the doctor says nothing.
    """

    def __init__(self, contract: PythonContract, seed: int) -> None:
        self.contract = contract
        self.random = random.Random(seed)
        self.writes_classes = True

    def samples(self, name: str, rounds: int) -> Iterator[Sample]:
        """Yield valid calls of a model and mutations of each kind."""
        for _ in range(rounds):
            for mutation in ("valid", "drop", "unknown", "wrong", "nested"):
                source = self._sample(name, mutation)
                if source is not None:
                    yield Sample(name, mutation, source)

    def written(self, model: ModelContract) -> Written:
        """Return a valid call of a model, taken apart."""
        return self._written(model, 0)

    def _sample(self, name: str, mutation: str) -> str | None:
        model = self.contract.model(name)
        assert model is not None
        written = self._written(model, 0)
        if mutation == "nested":
            return self._nested(written)
        self._mutate(written, mutation)
        return written.call()

    def _mutate(self, written: Written, mutation: str) -> None:
        if mutation == "drop" and written.model.required:
            written.values.pop(self.random.choice(written.model.required), None)
        elif mutation == "unknown":
            written.values["no_such_field"] = "1"
        elif mutation == "wrong" and written.values:
            written.values[self.random.choice(sorted(written.values))] = self.random.choice(_CONSTANTS)

    def _nested(self, written: Written) -> str | None:
        """Return a call with one model inside it written as a dict and mutated."""
        fields = [name for name, field in written.model.fields.items() if self._models(field.type)]
        if not fields:
            return None
        name = self.random.choice(fields)
        self.writes_classes = False
        inner = self._written(self.random.choice(self._models(written.model.fields[name].type)), 1)
        self.writes_classes = True
        self._mutate(inner, self.random.choice(["valid", "drop", "unknown", "wrong"]))
        takes_list = "list" in str(written.model.fields[name].type)
        written.values[name] = f"[{inner.display()}]" if takes_list else inner.display()
        return written.call()

    def _models(self, type_: Type) -> list[ModelContract]:
        """Return the models that a type is, or is a list of, in the order of the data."""
        if isinstance(type_, str):
            found = self.contract.model(type_)
            named = self.contract.type_(type_) if "." in type_ and found is None else None
            return [found] if found else self._models(named) if named and not isinstance(named, str) else []
        if "alias" in type_:
            named = self.contract.type_(type_["alias"])
            return self._models(named) if named is not None else []
        inner = [*type_.get("union", ()), *([type_["list"]] if "list" in type_ else ())]
        return [model for each in inner for model in self._models(each)]

    def _written(self, model: ModelContract, depth: int) -> Written:
        values = {}
        for name, field in model.fields.items():
            if field.is_required or name == "type" or (depth < _DEPTH and self.random.random() < 0.4):
                values[name] = self._value(field.type, depth + 1)
        return Written(model, values)

    def _value(self, type_: Type, depth: int) -> str:
        if isinstance(type_, str):
            return self._named(type_, depth)
        if "alias" in type_:
            named = self.contract.type_(type_["alias"])
            assert named is not None
            return self._value(named, depth)
        if "union" in type_:
            return self._value(self._member(type_["union"], depth), depth)
        if "list" in type_:
            count = self.random.choice([0, 1, 2]) if depth < _DEPTH else 0
            return "[" + ", ".join(self._value(type_["list"], depth + 1) for _ in range(count)) + "]"
        if "dict" in type_:
            return "{" + f"{self._value(type_['dict'][0], depth)}: {self._value(type_['dict'][1], depth)}" + "}"
        if "pattern" in type_:
            return _PATTERNS[type_["pattern"]]
        if "generic" in type_:
            return self._generic(type_, depth)
        return repr(self.random.choice(type_.get("literal") or list(type_["enum"].values())))

    def _generic(self, type_: Mapping[str, Any], depth: int) -> str:
        """Write a page of what it is of: pydantic looks into the items of a plain one as well."""
        model = self.contract.model(type_["generic"])
        if model is None or "data" not in model.fields:
            return self._named(type_["generic"], depth)
        return Written(model, {"data": self._value({"list": type_["arguments"][0]}, depth)}).display()

    def _member(self, members: list[Type], depth: int) -> Type:
        if depth >= _DEPTH and "none" in members:
            return "none"
        return self.random.choice(members)

    def _named(self, name: str, depth: int) -> str:
        if name in _ATOMS:
            return self.random.choice(_ATOMS[name])
        model = self.contract.model(name)
        if model is not None:
            written = self._written(model, depth)
            is_class = self.writes_classes and model.kind == "pydantic" and self.random.random() < 0.5
            return written.call() if is_class else written.display()
        named = self.contract.type_(name)
        return self._value(named, depth) if named is not None else "STORE"
