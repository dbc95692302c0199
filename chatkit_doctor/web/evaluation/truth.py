"""Whether a value counts as true in a condition."""

from __future__ import annotations

from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    FalsyValue,
    FunctionValue,
    JsxValue,
    NamespaceValue,
    NullValue,
    NumberValue,
    ObjectValue,
    RefValue,
    StringValue,
    TemplateValue,
    UndefinedValue,
    Value,
)

_ALWAYS_TRUE = (ObjectValue, ArrayValue, FunctionValue, JsxValue, NamespaceValue, RefValue)


def truthiness(value: Value) -> bool | None:
    """Return whether a value counts as true, or None where that is not known."""
    match value:
        case NullValue() | UndefinedValue() | FalsyValue():
            return False
        case BooleanValue(truth=content) | StringValue(text=content) | NumberValue(number=content):
            return bool(content)
        case TemplateValue(prefix=prefix, suffix=suffix):
            return True if prefix or suffix else None
    return True if isinstance(value, _ALWAYS_TRUE) else None
