"""Attachments: kept, replaced and deleted, where the store takes them at all."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.bench import Bench
from chatkit_doctor.conformance.equality import difference, shown
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError


@shows("store", "attachment-round-trip")
async def attachment_round_trip(bench: Bench) -> None:
    """Save each kind of attachment, load it, save it again with its thread, delete it."""
    gives: list[str] = []
    for number, kind in enumerate(samples.attachment_kinds()):
        made = samples.full(kind, id=f"atc_check_{bench.next_number()}_{number}", thread_id=None)
        await _taken("save_attachment", bench.store.save_attachment(made.model_copy(deep=True), context=bench.context))
        await _loaded_as(bench, made)
        # As the server does it when the message with the attachment is stored.
        made = made.model_copy(update={"thread_id": (await bench.thread()).id, "upload_descriptor": None})
        await bench.store.save_attachment(made.model_copy(deep=True), context=bench.context)
        await _loaded_as(bench, made)
        await _taken("delete_attachment", bench.store.delete_attachment(made.id, context=bench.context))
        # Whatever it raises says that it is not there; None does not, of which the server reads fields.
        with suppress(Exception):
            got = await bench.store.load_attachment(made.id, bench.context)
            gives.append(shown(got) if got is not None else "None")
        if gives:
            raise BrokenError(f"load_attachment gives {gives[0]} for a deleted attachment", "", "delete_attachment")


async def _taken(method: str, call: Awaitable[Any]) -> Any:
    """Return what a method gives. Raises SkippedError where it says that it is not there."""
    try:
        return await call
    except NotImplementedError:
        raise SkippedError(f"the store takes no attachments: {method} raises NotImplementedError") from None


async def _loaded_as(bench: Bench, made: Any) -> None:
    loaded = await _taken("load_attachment", bench.store.load_attachment(made.id, bench.context))
    if changed := difference(made, loaded):
        raise BrokenError(
            f"an attachment comes back changed: {changed}", f"save_attachment({shown(made)})", "load_attachment"
        )
