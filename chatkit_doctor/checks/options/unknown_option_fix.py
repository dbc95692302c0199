"""The fix that renames a key to the one that is meant, else moves it where it belongs, else takes it out."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.web import handlers, options_schema
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.options.api import held_option
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.options.schema import OptionProblem, fits_key
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import (
    BooleanValue,
    Entry,
    EntryKind,
    FunctionValue,
    NullValue,
    NumberValue,
    ObjectValue,
    StringValue,
)
from chatkit_doctor.web.writing.literals import insert_property, remove_member, rename_key
from chatkit_doctor.words import nearest

_FEW_LINES = 4
_SAYS_WHERE = frozenset({"url", "getClientSecret"})


def unknown_key_fix(app: App, problem: OptionProblem, near: str | None, home: str | None = None) -> Fix | None:
    """Return the fix that renames a key to the one that is meant, else moves it where it belongs, else takes it out.

    near: the key that is meant. home: the only place of the options that has a key of this name, as a path.
    """
    entry = problem.entry
    fix = _mending(problem, entry, near, home) if entry is not None and not entry.spread else None
    return for_change(app, entry.document, entry.node, fix) if entry is not None else None


def _mending(problem: OptionProblem, entry: Entry, near: str | None, home: str | None) -> Fix | None:
    if holds_options(problem):
        return _unwrapping(problem, entry)
    if near is not None and fits_key(problem, near):
        is_there = isinstance(problem.value, ObjectValue) and near in problem.value.entries
        if is_there or entry.kind not in {EntryKind.PAIR, EntryKind.SHORTHAND} or _has_rival(problem, entry, near):
            return None
        return Fix(f"rename {entry.name} to {near}", Applicability.UNSAFE, lambda: rename_key(entry, near))
    if home is not None and (owner := _owner_to_be(problem, home)) is not None:
        return Fix(f"move {entry.name} to {home}", Applicability.UNSAFE, lambda: _moved(entry, owner, home))
    if _may_be_needed(problem, entry) or _is_a_program(entry):
        return None
    return Fix(f"remove {entry.name}", Applicability.UNSAFE, lambda: remove_member(entry.document, entry.node))


def _has_rival(problem: OptionProblem, entry: Entry, near: str) -> bool:
    """Return whether another unknown key beside it means the same one, which must not be there twice."""
    options = problem.value
    if not isinstance(options, ObjectValue):
        return False
    known = {*problem.known_keys, *(handlers() if len(problem.path) == 1 else ())}
    others = [each for name, each in options.entries.items() if name != entry.name and name not in known]
    return any(
        nearest(each.name, [near]) is not None or (len(problem.path) == 1 and held_option(options, each.value) == near)
        for each in others
    )


def holds_options(problem: OptionProblem) -> bool:
    """Return whether an unknown key among the options is a wrapper: an object with options or handlers in it."""
    inner = problem.entry.value if problem.entry is not None else None
    if len(problem.path) != 1 or not isinstance(inner, ObjectValue):
        return False
    known = {*options_schema().keys, *handlers()}
    return any(name in known for name in inner.entries)


def _may_be_needed(problem: OptionProblem, entry: Entry) -> bool:
    """Return whether an unknown key may hold an option that ChatKit cannot do without, so that it must not go."""
    options = problem.value
    if not isinstance(options, ObjectValue):
        return False
    if problem.path[:-1] == ("api",):
        # Without either nothing says where to ask, and this may be what is to say it.
        is_switch = isinstance(entry.value, BooleanValue | NumberValue | NullValue)
        return _SAYS_WHERE.isdisjoint(options.entries) and not is_switch
    if len(problem.path) != 1:
        return False
    is_all_there_is = len(options.entries) == 1
    lacks_one = options.complete and not set(options_schema().required) <= options.entries.keys()
    is_plain = isinstance(entry.value, BooleanValue | NumberValue | NullValue | StringValue | FunctionValue)
    return is_all_there_is or (lacks_one and not is_plain)


def _is_a_program(entry: Entry) -> bool:
    """Return whether a key is a function of more than a few lines, which somebody wants called in another way."""
    return isinstance(entry.value, FunctionValue) and entry.location.text.count("\n") >= _FEW_LINES


def _unwrapping(problem: OptionProblem, entry: Entry) -> Fix | None:
    """Return the fix that writes what a wrapper holds in its place; None where it holds what is there already."""
    inner, outer = entry.value, problem.value
    if not isinstance(inner, ObjectValue) or not isinstance(outer, ObjectValue) or entry.kind is not EntryKind.PAIR:
        return None
    is_here = inner.is_literal and inner.node == entry.value_node
    if not is_here or any(name in outer.entries for name in inner.entries):
        return None
    document = entry.document
    members = inner.node.named_children
    at = document.source.location(document.location(members[0]).start, document.location(members[-1]).end)
    edit = Edit(entry.location, at.text)
    return Fix(f"write what {entry.name} holds in its place", Applicability.UNSAFE, lambda: [edit])


def _owner_to_be(problem: OptionProblem, home: str) -> ObjectValue | None:
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
        return [*remove_member(entry.document, entry.node, is_moved=True), *written] if written else []
    # Behind a key that stays, which is the same one for all that moves, so that only one of them makes the object.
    known = options_schema().keys
    anchor = next((each.node for each in owner.entries.values() if each.name in known and not each.spread), None)
    if anchor is None:
        return [Edit(entry.location, f"{parent}: {{ {leaf}: {text} }}")]
    written = insert_property(owner.document, owner.node, parent, f"{{ {leaf}: {text} }}", after=anchor)
    return [*remove_member(entry.document, entry.node, is_moved=True), *written] if written else []
