"""The edits that make of a wrong argument of ChatKit's methods the one that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.contracts.element import MethodParameter, meant_argument_key
from chatkit_doctor.contracts.schema import ObjectType, Primitive
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.asked import AskedMember
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, members_of, objects_of
from chatkit_doctor.frontend.options.values import accepts
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import (
    Entry,
    EntryKind,
    ObjectValue,
    StringValue,
    TemplateValue,
    UndefinedValue,
    Value,
)
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.literals import rename_key

if TYPE_CHECKING:
    from tree_sitter import Node

_NOTHING = Primitive("null")
# The key of an object under which a text alone is what is meant.
_TEXT_KEYS = ("text", "type")


def nothing_fix(use: AskedMember, parameter: MethodParameter) -> Fix | None:
    """Return the fix that gives null where nothing is given and null is what stands for nothing."""
    if _NOTHING not in members_of(parameter.type) or use.call is None or call_arguments(use.call):
        return None
    arguments = field(use.call, "arguments")
    if arguments is None or arguments.named_children:
        return None
    at = use.document.location(arguments)
    return Fix("give it null", Applicability.SAFE, lambda: [Edit(at, "(null)")])


def argument_fix(use: AskedMember, problem: OptionProblem, given: Node) -> Fix | None:
    """Return the fix for an argument that is wrong as a whole: null for undefined, a text put into its object."""
    value, at = problem.value, use.document.location(given)
    if isinstance(value, UndefinedValue) and _NOTHING in members_of(problem.schema):
        return Fix("give it null", Applicability.SAFE, lambda: [Edit(at, "null")])
    if isinstance(value, ObjectValue) and (inner := _only_value(value, problem)) is not None:
        text = inner.value_location.text
        return Fix(f"give it {text}", Applicability.SAFE, lambda: [Edit(at, text)])
    key = _text_key(problem)
    if key is None or given.type in {"ternary_expression", "binary_expression"}:
        return None
    text = f"{{ {key} }}" if at.text == key else f"{{ {key}: {at.text} }}"
    return Fix(f"write {text}", Applicability.SAFE, lambda: [Edit(at, text)])


def key_fix(problem: OptionProblem) -> Fix | None:
    """Return the fix that gives the text in an object the key that is meant."""
    entry, key = problem.entry, meant_key(problem)
    if entry is None or key is None or entry.spread or entry.kind not in {EntryKind.PAIR, EntryKind.SHORTHAND}:
        return None
    return Fix(f"rename {entry.name} to {key}", Applicability.SAFE, lambda: rename_key(entry, key))


def meant_key(problem: OptionProblem) -> str | None:
    """Return the key that is meant by another one of the argument's object, which may take what is given."""
    owner = problem.value if problem.fault is Fault.UNKNOWN else None
    entry = problem.entry
    key = meant_argument_key(problem.name) if entry is not None and len(problem.path) == 2 else None
    if key is None or entry is None:
        return None
    if problem.fault is Fault.UNKNOWN and isinstance(problem.schema, ObjectType) and isinstance(owner, ObjectValue):
        type_ = problem.schema.keys.get(key)
        fits = type_ is not None and _may_be(type_.type, entry.value)
        return key if fits and key not in owner.entries else None
    # A text under the key of structured contents.
    is_text = problem.fault is Fault.WRONG and isinstance(problem.value, StringValue | TemplateValue)
    return key if is_text and problem.name == "content" else None


def _may_be(schema: object, value: Value) -> bool:
    members = members_of(schema)  # type: ignore[arg-type]
    if isinstance(value, ObjectValue):
        return not all(isinstance(each, Primitive) for each in members)
    return any(accepts(member, each) for member in members for each in value.alternatives)


def _text_key(problem: OptionProblem) -> str | None:
    """Return the key under which a text is right in the object that is wanted, where the object needs no other."""
    shapes = objects_of(problem.schema)
    if len(shapes) != 1 or not isinstance(problem.value, StringValue | TemplateValue):
        return None
    keys = [key for key in _TEXT_KEYS if key in shapes[0].keys and set(shapes[0].required) <= {key}]
    return keys[0] if keys else None


def _only_value(value: ObjectValue, problem: OptionProblem) -> Entry | None:
    """Return the one entry of an object that has the parameter's own name, where no object is wanted."""
    entries = list(value.entries.values())
    is_one = len(entries) == 1 and value.complete and entries[0].name == problem.path[0]
    return entries[0] if is_one and not objects_of(problem.schema) else None
