"""The edits that mend an unknown, wrong or missing part of the options."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatkit_doctor.checks._option_problems import is_inside
from chatkit_doctor.checks._option_schema import Problem, members_of, objects_of
from chatkit_doctor.checks._option_values import accepts
from chatkit_doctor.contracts import nearest
from chatkit_doctor.contracts.schema import Literals, ObjectType, Primitive, Schema
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.values import BooleanValue, Entry, EntryKind, NullValue, ObjectValue, StringValue, Value
from chatkit_doctor.web.write import insert_property, quoted, remove_member, rename_key

# A language with its script or region, such as `de-AT`; the language alone is right wherever the two are.
_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3})")
_SWITCH = "enabled"
# Where one text is there, it can stand for these that are missing.
_TEXTS = ("label", "title", "name", "text", "id")


def unknown_key_fix(problem: Problem, near: str | None, home: str | None = None) -> Fix | None:
    """Return the fix that renames a key to the one nearest to it, else moves it where it belongs, else takes it out.

    home: the only place of the options that has a key of this name, as a path.
    """
    entry = problem.entry
    if entry is None or entry.spread:
        return None
    if near is not None and entry.kind in {EntryKind.PAIR, EntryKind.SHORTHAND}:
        return Fix(f"rename {entry.name} to {near}", Applicability.UNSAFE, lambda: rename_key(entry, near))
    if home is not None and (owner := _owner_to_be(problem, home)) is not None:
        return Fix(f"move {entry.name} to {home}", Applicability.UNSAFE, lambda: _moved(entry, owner, home))
    return Fix(f"remove {entry.name}", Applicability.UNSAFE, lambda: remove_member(entry.document, entry.node))


def _owner_to_be(problem: Problem, home: str) -> ObjectValue | None:
    """Return the literal that a key can be moved into: the one at its home, or the options where that is missing."""
    options, entry = problem.value, problem.entry
    parent, _, leaf = home.partition(".")
    is_one_level_down = len(problem.path) == 1 and leaf and "." not in leaf
    if not is_one_level_down or not isinstance(options, ObjectValue) or entry is None:
        return None
    there = options.entries.get(parent)
    owner = options if there is None else there.value
    if not isinstance(owner, ObjectValue) or not (owner.is_literal and owner.complete):
        return None
    is_taken = there is not None and leaf in owner.entries
    is_plain = entry.kind in {EntryKind.PAIR, EntryKind.SHORTHAND}
    return owner if is_plain and not is_taken and owner.document is entry.document else None


def _moved(entry: Entry, owner: ObjectValue, home: str) -> Sequence[Edit]:
    """Return the edits that take an entry out and write it at its home, in `owner` or in a new object there."""
    parent, _, leaf = home.partition(".")
    text = entry.value_location.text
    if entry is not owner.entries.get(entry.name):
        written = insert_property(owner.document, owner.node, leaf, text)
        return [*remove_member(entry.document, entry.node), *written] if written else []
    # Behind a key that stays, which is the same one for all that moves, so that only one of them makes the object.
    known = {key for shape in objects_of(options_schema()) for key in shape.keys}
    anchor = next((each.node for each in owner.entries.values() if each.name in known and not each.spread), None)
    if anchor is None:
        return [Edit(entry.location, f"{parent}: {{ {leaf}: {text} }}")]
    written = insert_property(owner.document, owner.node, parent, f"{{ {leaf}: {text} }}", after=anchor)
    return [*remove_member(entry.document, entry.node), *written] if written else []


def wrong_value_fix(problem: Problem) -> Fix | None:
    """Return the fix that writes the one value that a wrong one can mean."""
    entry, value = problem.entry, problem.value
    if not _is_written_here(problem):
        return None
    if isinstance(value, NullValue) and entry is not None:
        if problem.required or entry.value is not value:
            return None
        return Fix(f"remove {entry.name}", Applicability.SAFE, lambda: remove_member(entry.document, entry.node))
    if (key := _only_key(problem.schema, value)) is not None:
        text = f"{{ {key}: {value.location.text} }}"
        return Fix(f"write {text}", Applicability.SAFE, lambda: [Edit(value.location, text)])
    literal = meant_literal(problem.schema, value)
    if literal is None:
        return None
    meant, is_sure = literal
    text = _code(value.document, meant)
    applicability = Applicability.SAFE if is_sure else Applicability.UNSAFE
    return Fix(f"write {_code(value.document, meant)}", applicability, lambda: [Edit(value.location, text)])


def meant_literal(schema: Schema, value: Value) -> tuple[str | float | bool, bool] | None:
    """Return the value of a type that a text means, and whether it can mean no other; None where none is near."""
    if not isinstance(value, StringValue):
        return None
    same = [each for member in members_of(schema) for each in _read_as(member, value.text)]
    if len(same) == 1:
        return same[0], True
    literals = (each for member in members_of(schema) if isinstance(member, Literals) for each in member.values)
    texts = [each for each in literals if isinstance(each, str)]
    language = _LANGUAGE_TAG.fullmatch(value.text)
    if language is not None and language[1] in texts:
        return language[1], True
    near = nearest(value.text, texts)
    return (near, False) if near is not None else None


def missing_keys_fix(problems: Sequence[Problem]) -> Fix | None:
    """Return the fix that fills in the keys that an object lacks, where there is something to fill in for each."""
    target = problems[0].value
    if not isinstance(target, ObjectValue) or not target.is_literal or not target.entries:
        return None
    texts = [(each.name, _filler(each, target)) for each in problems]
    if any(text is None for _, text in texts):
        return None
    first, *rest = texts
    name, text = first[0], ", ".join([str(first[1]), *(f"{key}: {filler}" for key, filler in rest)])

    def build() -> Sequence[Edit]:
        return insert_property(target.document, target.node, name, text)

    return Fix(f"add {' and '.join(key for key, _ in texts)}", Applicability.UNSAFE, build)


def _is_written_here(problem: Problem) -> bool:
    entry, value = problem.entry, problem.value
    if entry is None:
        return value.node.parent is not None and value.node.parent.type == "array"
    is_plain = not entry.spread and entry.kind is EntryKind.PAIR
    return is_plain and is_inside(value.location, entry.value_location)


def _only_key(schema: Schema, value: Value) -> str | None:
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
            return [int(text)] if text.isdecimal() and text.isascii() else []
    return []


def _plain(text: str) -> str:
    return text.strip().lower().replace("_", "-").replace(" ", "-")


def _code(document: Document, value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(document, value) if isinstance(value, str) else str(value)


def _filler(problem: Problem, target: ObjectValue) -> str | None:
    """Return something of a missing key's type to begin with."""
    if not isinstance(problem.schema, ObjectType):
        return None
    wanted = problem.schema.keys[problem.name].type
    for member in members_of(wanted):
        match member:
            case Primitive(name="boolean"):
                return "true"
            case Literals(values=values):
                return _code(target.document, values[0])
            case Primitive(name="string") if problem.name in _TEXTS:
                texts = (target.entries[name] for name in _TEXTS if name in target.entries)
                found = next((each for each in texts if isinstance(each.value, StringValue)), None)
                return found.value_location.text if found is not None else None
    return None
