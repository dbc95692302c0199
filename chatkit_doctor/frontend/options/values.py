"""Whether a plain value is of a type of ChatKit's options. What is not known is of every type."""

from __future__ import annotations

from chatkit_doctor.contracts.schema import HOLE, Function, Literals, Primitive, Schema, Template, Unknown
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    FunctionValue,
    JsxValue,
    NullValue,
    NumberValue,
    ObjectValue,
    StringValue,
    TemplateValue,
    UndefinedValue,
    Value,
)

# Everything else (environment variables, modules, what `&&` stopped at) can be anything.
_KNOWN = (
    ArrayValue
    | BooleanValue
    | FunctionValue
    | JsxValue
    | NullValue
    | NumberValue
    | ObjectValue
    | StringValue
    | TemplateValue
    | UndefinedValue
)
_PRIMITIVES: dict[str, tuple[type[Value], ...]] = {
    "string": (StringValue, TemplateValue),
    "number": (NumberValue,),
    "boolean": (BooleanValue,),
    "null": (NullValue,),
    "undefined": (UndefinedValue,),
}


def accepts(schema: Schema, value: Value) -> bool:
    """Return whether a type (no union) takes a value that is neither an object nor an array."""
    if not isinstance(value, _KNOWN):
        return True
    match schema:
        case Primitive(name=name):
            return isinstance(value, _PRIMITIVES[name])
        case Literals():
            return _is_one_of(schema, value)
        case Template():
            return _has_form(schema, value)
    return isinstance(schema, Unknown) or (isinstance(schema, Function) and isinstance(value, FunctionValue))


def literal_of(value: Value) -> str | float | bool | None:
    """Return what a string, number or boolean is; None for anything else."""
    match value:
        case StringValue(text=text):
            return text
        case NumberValue(number=number):
            return number
        case BooleanValue(truth=truth):
            return truth
    return None


def _is_one_of(schema: Literals, value: Value) -> bool:
    if isinstance(value, TemplateValue):
        texts = (each for each in schema.values if isinstance(each, str))
        return any(_could_be(value, text) for text in texts)
    found = literal_of(value)
    # In Python True is 1, so whether it is a truth value is compared as well.
    return any(found == each and isinstance(found, bool) == isinstance(each, bool) for each in schema.values)


def _has_form(schema: Template, value: Value) -> bool:
    if isinstance(value, StringValue):
        return schema.matches(value.text)
    if not isinstance(value, TemplateValue):
        return False
    start, _, end = schema.pattern.partition(HOLE)
    return _overlap(start, value.prefix) and _overlap(end[::-1], value.suffix[::-1])


def _overlap(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)


def _could_be(template: TemplateValue, text: str) -> bool:
    long_enough = len(text) >= len(template.prefix) + len(template.suffix)
    return long_enough and text.startswith(template.prefix) and text.endswith(template.suffix)
