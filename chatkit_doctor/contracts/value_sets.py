"""What ChatKit takes, as lists for people: its modules, names, fields, options, icons, handlers.

Each list is named, and a rule's page names those that it judges by. They are those of the newest release known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from chatkit_doctor.contracts import web
from chatkit_doctor.contracts.schema import HOLE, Array, Literals, ObjectType, Schema, Template, Union
from chatkit_doctor.contracts.sdk.literals import allowed_values
from chatkit_doctor.contracts.sdk.python import python_contract
from chatkit_doctor.records import dataclass

# Options nest no deeper; types that hold themselves would.
_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Values that are legal at a place; `place` is empty where the list is the only one of its kind."""

    place: str
    values: tuple[str, ...]


def value_sets(name: str) -> tuple[ValueSet, ...]:
    """Return the lists of a name. Raises KeyError for a name that there is none of."""
    return tuple(each for each in _SETS[name]() if each.values)


def _modules() -> Iterator[ValueSet]:
    yield ValueSet("", python_contract().modules)


def _names() -> Iterator[ValueSet]:
    contract = python_contract()
    for module in contract.modules:
        yield ValueSet(module, contract.own_names(module))


def _fields() -> Iterator[ValueSet]:
    contract = python_contract()
    for name in contract.models:
        if (model := contract.model(name)) is not None and model.kind == "pydantic":
            marked = (f"{each} (required)" if each in model.required else each for each in model.fields)
            yield ValueSet(name, tuple(marked))


def _field_values() -> Iterator[ValueSet]:
    """Yield the texts that fields take, fields of the same texts together."""
    contract = python_contract()
    places: dict[tuple[str, ...], list[str]] = {}
    for name in contract.models:
        model = contract.model(name)
        for field in model.fields.values() if model is not None else ():
            if values := tuple(dict.fromkeys(allowed_values(contract, field.type))):
                places.setdefault(values, []).append(f"{name.rpartition('.')[2]}.{field.name}")
    for values, owners in sorted(places.items(), key=lambda each: each[1]):
        yield ValueSet(", ".join(owners), values)


def _methods() -> Iterator[ValueSet]:
    contract = python_contract()
    for name in contract.classes:
        if (class_ := contract.class_(name)) is not None:
            yield ValueSet(name, tuple(class_.abstract_methods))


def _option_keys() -> Iterator[ValueSet]:
    yield from (ValueSet(place or "options", keys) for place, keys in _objects(web.options_schema(), ""))


def _objects(schema: Schema, place: str, depth: int = 0) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path, each in _types(schema, place, depth):
        if isinstance(each, ObjectType):
            yield path, tuple(f"{name} (required)" if name in each.required else name for name in each.keys)


def _option_values() -> Iterator[ValueSet]:
    found: dict[str, list[str]] = {}
    for path, each in _types(web.options_schema(), ""):
        if isinstance(each, Literals):
            found.setdefault(path, []).extend(str(value) for value in each.values)
        elif isinstance(each, Template):
            found.setdefault(path, []).append(each.pattern.replace(HOLE, "…"))
    yield from (ValueSet(path, tuple(values)) for path, values in found.items())


def _types(schema: Schema, place: str, depth: int = 0) -> Iterator[tuple[str, Schema]]:
    """Yield every type in a type, itself among them, with its place."""
    if depth > _MAX_DEPTH:
        return
    match schema:
        case Union(members=members):
            for member in members:
                yield from _types(member, place, depth)
            return
        case Array(element=element):
            yield from _types(element, f"{place}[]", depth + 1)
            return
        case ObjectType(keys=keys):
            yield place, schema
            for name, key in keys.items():
                yield from _types(key.type, f"{place}.{name}" if place else name, depth + 1)
            return
    yield place, schema


def _prompt_keys() -> Iterator[ValueSet]:
    schema = web.named_schema("StartScreenPrompt")
    yield ValueSet("", tuple(schema.keys) if isinstance(schema, ObjectType) else ())


def _icons() -> Iterator[ValueSet]:
    families = (each.pattern.replace(HOLE, "<name>") for each in web.icon_templates())
    yield ValueSet("", (*sorted(web.icons()), *families))


def _handlers() -> Iterator[ValueSet]:
    yield ValueSet("handlers of useChatKit", tuple(sorted(web.handlers())))
    yield ValueSet("events of the element", tuple(sorted(web.events())))


def _exports() -> Iterator[ValueSet]:
    names = web.react_exports()
    yield ValueSet("code of @openai/chatkit-react", tuple(name for name, kind in names.items() if kind == "value"))
    yield ValueSet("types of @openai/chatkit", web.types_exports())


_SETS: Mapping[str, Callable[[], Iterator[ValueSet]]] = {
    "modules": _modules,
    "names": _names,
    "fields": _fields,
    "field-values": _field_values,
    "abstract-methods": _methods,
    "option-keys": _option_keys,
    "option-values": _option_values,
    "prompt-keys": _prompt_keys,
    "icons": _icons,
    "handlers": _handlers,
    "exports": _exports,
}
