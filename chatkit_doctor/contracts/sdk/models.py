"""Models and types of the Python SDK: which fields a model takes, and what values a type accepts.

A type is data: an atom as a string (`str`, `int`, `float`, `bool`, `bytes`, `none`, `any`, `datetime`, `url`
or the dotted name of a class), or a mapping with one main key: `union`, `literal`, `list`, `dict`, `pattern`,
`generic`, `alias`, `enum`, `opaque`. `scripts/contracts_types.py` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from chatkit_doctor.records import dataclass

Type = str | Mapping[str, Any]

# What every model has of pydantic, besides the names that begin with `model_`: a test holds it against pydantic.
PYDANTIC_ATTRIBUTES = frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json"}
    | {"update_forward_refs", "validate"}
)


@dataclass(frozen=True, slots=True)
class FieldContract:
    """One field of a model.

    type: as data, see above. default: None, a value, a factory, or something JSON cannot hold.
    aliases: other keywords that set it.
    """

    name: str
    type: Type
    is_required: bool
    default_kind: Literal["none", "value", "factory", "opaque"]
    default: Any = None
    aliases: tuple[str, ...] = ()
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class ModelContract:
    """A class built from named fields, inherited ones included.

    extra: what becomes of a keyword that no field has: `ignore` drops it silently.
    has_validators: whether code of the SDK runs when it is built, so that the fields do not tell everything.
    """

    name: str
    kind: Literal["pydantic", "typeddict"]
    fields: Mapping[str, FieldContract]
    extra: Literal["ignore", "allow", "forbid"]
    has_validators: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the fields that must be given, in the order of the data."""
        return tuple(name for name, field in self.fields.items() if field.is_required)

    def field_for(self, keyword: str) -> FieldContract | None:
        """Return the field that a keyword sets, by its name or an alias."""
        if keyword in self.fields:
            return self.fields[keyword]
        return next((field for field in self.fields.values() if keyword in field.aliases), None)


@dataclass(frozen=True, slots=True)
class UnionContract:
    """A named union: its members in order, and the field whose literal tells them apart, if there is one."""

    name: str
    members: tuple[Type, ...]
    discriminator: str | None = None


def read_model(name: str, fact: Mapping[str, Any], fields: Mapping[str, Any]) -> ModelContract:
    """Return a model from its entries in the data."""
    return ModelContract(
        name=name,
        kind=fact["kind"],
        fields={field: _read_field(field, entry) for field, entry in fields.items()},
        extra=fact["extra"],
        has_validators=bool(fact.get("validators") or fact.get("own_init")),
    )


def _read_field(name: str, fact: Mapping[str, Any]) -> FieldContract:
    kind: Literal["none", "value", "factory", "opaque"] = "none"
    if "default" in fact:
        kind = "value"
    elif "factory" in fact:
        kind = "factory"
    elif "opaque_default" in fact:
        kind = "opaque"
    return FieldContract(
        name=name,
        type=fact["type"],
        is_required=fact.get("required", False),
        default_kind=kind,
        default=fact.get("default"),
        aliases=tuple(fact.get("aliases", ())),
        is_deprecated=fact.get("deprecated", False),
    )
