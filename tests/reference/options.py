"""What `setOptions` accepts, from the contracts, as JSON for the stand-in element."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.contracts import web
from chatkit_doctor.contracts.schema import (
    Array,
    Function,
    Literals,
    ObjectType,
    Primitive,
    Record,
    Schema,
    Template,
    Union,
)


def options_json() -> dict[str, Any]:
    """Return the newest options as a tree of `{"kind": …}`."""
    return _tree(web.options_schema())


def _tree(schema: Schema) -> dict[str, Any]:
    match schema:
        case Primitive():
            return {"kind": "primitive", "name": schema.name}
        case Literals():
            return {"kind": "literals", "values": schema.values}
        case Template():
            start, _, end = schema.pattern.partition("${string}")
            return {"kind": "template", "start": start, "end": end}
        case Array():
            return {"kind": "array", "element": _tree(schema.element)}
        case Record():
            return {"kind": "record", "value": _tree(schema.value)}
        case Function():
            return {"kind": "function"}
        case Union():
            return {"kind": "union", "members": [_tree(member) for member in schema.members]}
        case ObjectType():
            keys = {name: {"type": _tree(key.type), "required": key.required} for name, key in schema.keys.items()}
            return {"kind": "object", "keys": keys}
    return {"kind": "unknown"}
