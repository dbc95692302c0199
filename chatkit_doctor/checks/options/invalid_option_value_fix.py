"""Return the fix that writes the one value that a wrong one can mean."""

from __future__ import annotations

from chatkit_doctor.checks.options.words import texts_of
from chatkit_doctor.contracts.schema import Literals, Primitive, Schema
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.options.problems import is_inside
from chatkit_doctor.frontend.options.schema import OptionProblem, members_of, objects_of
from chatkit_doctor.frontend.options.values import accepts
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import (
    BooleanValue,
    EntryKind,
    NullValue,
    StringValue,
    Value,
)
from chatkit_doctor.web.writing.literals import literal_code, remove_member
from chatkit_doctor.words import nearest

# A language with its script or region, such as `de-AT`; the language alone is right wherever the two are.
_LANGUAGE_TAG = regex(r"([a-z]{2,3})[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3})")
# As many digits as a number of JavaScript keeps.
_NUMBER = regex(r"[0-9]{1,15}")
_SWITCH = "enabled"


def wrong_value_fix(problem: OptionProblem) -> Fix | None:
    """Return the fix that writes the one value that a wrong one can mean."""
    entry, value = problem.entry, problem.value
    if not _is_written_here(problem):
        return None
    if isinstance(value, NullValue) and entry is not None:
        if problem.required or entry.value is not value:
            return None
        return Fix(f"remove {entry.name}", Applicability.SAFE, lambda: remove_member(entry.document, entry.node))
    if (key := only_key(problem.schema, value)) is not None:
        text = f"{{ {key}: {value.location.text} }}"
        return Fix(f"write {text}", Applicability.SAFE, lambda: [Edit(value.location, text)])
    literal = meant_literal(problem.schema, value)
    if literal is None:
        return None
    meant, is_sure = literal
    text = literal_code(value.document, meant)
    applicability = Applicability.SAFE if is_sure else Applicability.UNSAFE
    return Fix(f"write {text}", applicability, lambda: [Edit(value.location, text)])


def meant_literal(schema: Schema, value: Value) -> tuple[str | float | bool, bool] | None:
    """Return the value of a type that a text means, and whether it can mean no other; None where none is near."""
    if not isinstance(value, StringValue):
        return None
    same = [each for member in members_of(schema) for each in _read_as(member, value.text)]
    if len(same) == 1:
        return same[0], True
    texts = texts_of(schema)
    language = _LANGUAGE_TAG.fullmatch(value.text)
    if language is not None and language[1] in texts:
        return language[1], True
    near = nearest(value.text, texts)
    return (near, False) if near is not None else None


def _is_written_here(problem: OptionProblem) -> bool:
    entry, value = problem.entry, problem.value
    if entry is None:
        return value.node.parent is not None and value.node.parent.type == "array"
    is_plain = not entry.spread and entry.kind is EntryKind.PAIR
    return is_plain and is_inside(value.location, entry.value_location)


def only_key(schema: Schema, value: Value) -> str | None:
    """Return the key of an object under which a text or a truth value is right, where the object needs no other."""
    shapes = objects_of(schema)
    if len(shapes) != 1 or not isinstance(value, StringValue | BooleanValue):
        return None
    taking = [name for name, key in shapes[0].keys.items() if _takes(key.type, value)]
    if isinstance(value, BooleanValue):
        taking = [name for name in taking if name == _SWITCH]
    is_enough = len(taking) == 1 and set(shapes[0].required) <= set(taking)
    return taking[0] if is_enough else None


def _takes(schema: Schema, value: Value) -> bool:
    return any(isinstance(member, Primitive) and accepts(member, value) for member in members_of(schema))


def _read_as(schema: Schema, text: str) -> list[str | float | bool]:
    """Return what a text is when its case, or the quotes around a number or truth value, are a slip."""
    match schema:
        case Literals(values=values):
            return [each for each in values if _plain(str(each)) == _plain(text)]
        case Primitive(name="boolean"):
            return [each for each in (True, False) if _plain(str(each)) == _plain(text)]
        case Primitive(name="number"):
            return [int(text)] if _NUMBER.fullmatch(text) else []
    return []


def _plain(text: str) -> str:
    return text.strip().lower().replace("_", "-").replace(" ", "-")
