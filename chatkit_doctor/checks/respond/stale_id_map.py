"""Find loops that give items new ids and give two of them the same, or leave an item's updates with the old."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.turns.id_maps import IdMap, half_renamings, is_under, shared_ids, stale_maps
from chatkit_doctor.contracts.sdk.agents import placeholder_id
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App


def stale_id_map(app: App) -> Iterator[Finding]:
    """Find loops that give items new ids and give two of them the same, or leave an item's updates with the old."""
    for found in stale_maps(app):
        yield Finding(
            "CK303",
            found.module.location(found.guard.test),
            f"'{found.table}' gives all messages of a run one new id, since the model names each {placeholder_id()!r}",
            label="true for the first message alone",
            help="make a new id whenever an item is added, and look it up for what follows",
            seen_as=SeenAs("overwritten"),
            fix=_fix(found),
        )
    for shared in shared_ids(app):
        yield Finding(
            "CK303",
            shared.module.location(shared.value),
            f"each {shared.of} of the run gets the one id that {shared.value.id} was given before the loop",
            label="the same for all",
            help="make a new id whenever an item is added, and keep it until the item is done",
            seen_as=SeenAs("overwritten"),
        )
    for half in half_renamings(app):
        yield Finding(
            "CK303",
            half.module.location(half.target),
            "the item gets a new id here, and its updates keep the old one",
            label="renamed",
            help="set the item_id of each ThreadItemUpdatedEvent to the same new id",
            seen_as=SeenAs("not-streamed"),
            why="The browser puts the words of an update into the item whose id it names, and finds none.",
        )


def _fix(found: IdMap) -> Fix | None:
    """Return the fix that fills the table for each item that is added; None where it is filled for others as well."""
    module, guard = found.module, found.guard
    source = module.source
    first = guard.body[0]
    if not is_under(module, guard, "added") or is_under(module, guard, "done") or guard.lineno in {first.lineno, 1}:
        return None
    inner = first.col_offset - guard.col_offset
    start, body = source.line_start(guard.lineno), source.line_start(guard.lineno + 1)
    last = guard.body[-1].end_lineno or guard.body[-1].lineno
    end = source.line_start(last) + len(source.line(last))
    lines = source.text[body:end].split("\n")
    if any(line.strip() and line[:inner].strip() for line in lines):
        return None
    moved = "\n".join(line[inner:] if line.strip() else line for line in lines)
    edit = Edit(source.location(start, end), moved)
    return Fix("make a new id for each item that is added", Applicability.UNSAFE, lambda: (edit,))
