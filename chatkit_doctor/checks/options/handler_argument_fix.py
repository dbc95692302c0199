"""The edits by which a handler or a listener takes of its argument what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.events.mistakes import (
    Mistake,
    Mistaken,
    is_absent,
    is_id,
    is_loose,
    is_of_error,
    is_right,
    makes_text,
)
from chatkit_doctor.frontend.events.sources import Receiver
from chatkit_doctor.web.taken import Taken, TakenPath, first_parameter, pattern_of
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    pass


def meant(receiver: Receiver, path: TakenPath) -> tuple[str, ...] | None:
    """Return the path that is meant by one that leads to nothing; None where nobody can tell."""
    detail = receiver.detail
    if not detail and path[:1] == ("detail",):
        rest = path[1:]
        return tuple(map(str, rest)) if not rest or rest[0] in receiver.keys else meant(receiver, rest)
    rest = path[len(detail) :] if path[: len(detail)] == detail else path
    if rest and rest[0] in receiver.keys:
        return (*detail, *map(str, rest))
    if is_of_error(receiver, rest):
        return (*detail, receiver.keys[0], *map(str, rest))
    return (*detail, receiver.keys[0]) if is_id(receiver, rest) else None


def argument_fix(found: Mistaken) -> Fix | None:
    """Return the fix that takes the value out of the object; None where the function is also called by others."""
    receiver = found.receiver
    if not receiver.is_written_here or found.mistake is Mistake.NOTHING or len(receiver.keys) != 1:
        return None
    edits = _parameter_edits(found) or _use_edits(found)
    if not edits:
        return None
    made = edits
    return Fix(f"take {receiver.keys[0]} out of the object", Applicability.SAFE, lambda: made)


def _parameter_edits(found: Mistaken) -> Sequence[Edit]:
    """Make `(id) => …` into `({ threadId: id }) => …`, where all uses of the argument mean the value."""
    receiver, document = found.receiver, found.document
    function = receiver.function.node
    parameter = first_parameter(function)
    if not receiver.name or parameter is None or any(each.is_pattern and each.start == 0 for each in found.uses):
        return _pattern_edits(found)
    if any(each.path and not is_of_error(receiver, each.path) for each in found.uses):
        return ()
    name = pattern_of(parameter)
    if name.type != "identifier" or parameter.type == "assignment_pattern" or field(parameter, "value") is not None:
        return ()
    key, text = receiver.keys[0], document.text(name)
    pattern = f"{{ {key} }}" if text == key else f"{{ {key}: {text} }}"
    annotation = field(parameter, "type")
    if annotation is not None and not is_loose(document, parameter):
        pattern = f"{pattern}: {{ {key}: {document.text(annotation).removeprefix(':').strip()} }}"
    elif annotation is not None:
        pattern += document.text(annotation)
    is_bare = field(function, "parameter") is not None
    return [Edit(document.location(parameter), f"({pattern})" if is_bare else pattern)]


def _pattern_edits(found: Mistaken) -> Sequence[Edit]:
    """Make `({ id }) => …` into `({ threadId: id }) => …`, and `({ message })` into `({ error: { message } })`."""
    receiver, document = found.receiver, found.document
    parameter = first_parameter(receiver.function.node)
    outer = [each for each in found.uses if each.start == 0 and each.is_pattern]
    if parameter is None or len(outer) != 1 or not is_loose(document, parameter) or len(outer[0].path) != 1:
        return ()
    node, right = outer[0].node, meant(receiver, outer[0].path)
    if right is None or node.type not in {"shorthand_property_identifier_pattern", "pair_pattern"}:
        return ()
    if node.type == "pair_pattern" and len(right) > len(receiver.detail) + 1:
        return ()
    name = field(node, "value")
    bound = document.text(name) if name is not None else document.text(node)
    inner = bound if right[-1] == bound else f"{right[-1]}: {bound}"
    for step in reversed(right[:-1]):
        inner = f"{step}: {{ {inner} }}"
    return [Edit(document.location(node), inner)]


def _use_edits(found: Mistaken) -> Sequence[Edit]:
    """Write the right members where wrong ones are read; all of them, or nothing."""
    receiver, document = found.receiver, found.document
    parameter = first_parameter(receiver.function.node)
    if parameter is None or (receiver.name and not is_loose(document, parameter)):
        return ()
    edits: list[Edit] = []
    for use in found.uses:
        if is_right(receiver, use.path) or not is_absent(receiver, use.path):
            is_whole = use.path == receiver.detail and not (receiver.name or use.is_pattern)
            if is_whole and makes_text(document, use.node):
                edits.append(_member_edit(found, use, (*receiver.detail, receiver.keys[0])[use.start :]))
            continue
        if use.start == len(use.path) and not use.is_pattern:
            continue  # a name for a part, which is mended where it gets it
        right = meant(receiver, use.path)
        if right is None or use.is_pattern or right[: use.start] != use.path[: use.start]:
            return ()
        edits.append(_member_edit(found, use, right[use.start :]))
    return edits


def _member_edit(found: Mistaken, use: Taken, right: Sequence[str]) -> Edit:
    """Write other members behind a base, up to the end of what is used; a guard behind the base stays one."""
    document = found.document
    source = document.source
    start, end = document.location(use.base).end, document.location(use.node).end
    guard = "?." if source.text[start:end].startswith("?.") else "."
    return Edit(
        source.location(start, end), "".join(f"{guard if at == 0 else '.'}{each}" for at, each in enumerate(right))
    )
