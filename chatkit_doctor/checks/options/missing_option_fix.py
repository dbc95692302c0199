"""Return the fix that fills in the keys that an object lacks, where there is something to fill in for each."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.schema import Literals, ObjectType, Primitive
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.options.schema import OptionProblem, members_of
from chatkit_doctor.web.evaluation.values import (
    ObjectValue,
    StringValue,
)
from chatkit_doctor.web.writing.literals import insert_property, literal_code
from chatkit_doctor.words import joined

# Where one text is there, it can stand for these that are missing.
_TEXTS = ("label", "title", "name", "text", "id")


def missing_keys_fix(problems: Sequence[OptionProblem]) -> Fix | None:
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

    return Fix(f"add {joined(key for key, _ in texts)}", Applicability.UNSAFE, build)


def _filler(problem: OptionProblem, target: ObjectValue) -> str | None:
    """Return something of a missing key's type to begin with."""
    if not isinstance(problem.schema, ObjectType):
        return None
    wanted = problem.schema.keys[problem.name].type
    for member in members_of(wanted):
        match member:
            case Primitive(name="boolean"):
                return "true"
            case Literals(values=values):
                return literal_code(target.document, values[0])
            case Primitive(name="string") if problem.name in _TEXTS:
                texts = (target.entries[name] for name in _TEXTS if name in target.entries)
                found = next((each for each in texts if isinstance(each.value, StringValue)), None)
                return found.value_location.text if found is not None else None
    return None
