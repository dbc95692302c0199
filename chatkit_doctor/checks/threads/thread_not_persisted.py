"""Whether the thread that is open outlives a reload of the page (CK409)."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.threads.thread_not_persisted_fix import clearing, key_fix, merging_fix, persistence_fix
from chatkit_doctor.contracts.web_names import INITIAL_THREAD
from chatkit_doctor.finding import Finding, Fix, SeenAs, Severity
from chatkit_doctor.frontend.threads.kept import KeptThread, kept_threads
from chatkit_doctor.frontend.threads.storage import StorageCall
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import Entry, NullValue

_CODE = "CK409"
# The row that says to keep the id in localStorage and to pass it as initialThread.
_ROW = 13


def thread_not_persisted(app: App) -> Iterator[Finding]:
    """Find an app on its own server whose open thread is lost with a reload."""
    seen: set[Location] = set()
    for kept in kept_threads(app):
        place = kept.site.document.location(kept.site.node)
        if place not in seen:
            found = next(_forgotten(kept), None)
            if found is not None:
                seen.add(place)
                yield found


def _forgotten(kept: KeptThread) -> Iterator[Finding]:
    if kept.initial is not None and kept.initial.optional:
        return
    if kept.initial is not None and kept.handlers:
        yield from _read_elsewhere(kept, kept.initial)
    elif kept.initial is not None:
        yield from _read_and_never_saved(kept, kept.initial)
    elif not kept.is_opened_otherwise:
        yield from _saved_and_never_read(kept)
        yield from _not_kept(kept)


def _not_kept(kept: KeptThread) -> Iterator[Finding]:
    if not kept.keeps_nothing:
        return
    closed = kept.closed_part
    none = kept.written_none
    state = "is not set" if none is None else f"is {'null' if isinstance(none, NullValue) else 'undefined'}"
    yield Finding(
        _CODE,
        kept.site.place,
        f"a reload opens an empty chat: {INITIAL_THREAD} {state} and nothing keeps the id of the open thread"
        + (f"; with {closed} switched off, no list leads back to it" if closed else ""),
        label="starts without a thread each time",
        help=f"keep the id that {kept.announcement} hands over, and set initialThread to it",
        severity=Severity.WARNING if closed else None,
        row=_ROW,
        seen_as=SeenAs("gone"),
        # Whoever writes that no thread is to be opened may mean it.
        fix=None if none is not None else _keeping_fix(kept),
    )


def _keeping_fix(kept: KeptThread) -> Fix | None:
    """Return the fix that keeps the thread: by a handler of its own, or by the one that is there."""
    if not kept.handlers:
        return persistence_fix(kept.app, kept.site, kept.options)
    if len(kept.handlers) > 1:
        return None
    return merging_fix(kept.app, kept.site, kept.options, kept.handlers[0].value)


def _saved_and_never_read(kept: KeptThread) -> Iterator[Finding]:
    for handler in kept.handlers:
        saved = kept.saves(handler)
        is_read = any(kept.storage.reads(save.key) for save in saved)
        if not saved or (is_read and kept.is_opened_elsewhere):
            continue
        yield Finding(
            _CODE,
            handler.at,
            f"nothing hands ChatKit the id that is kept as {saved[0].key!r}, so a reload opens an empty chat",
            label="not handed to ChatKit" if is_read else "saves what nothing reads",
            help=f"set initialThread to what is saved as {saved[0].key!r}",
            severity=Severity.WARNING,
            row=_row(saved[0].call),
            seen_as=SeenAs("gone"),
            fix=persistence_fix(
                kept.app, kept.site, kept.options, saved=saved[0].call, also=clearing(kept.storage, saved[0])
            ),
        )


def _read_and_never_saved(kept: KeptThread, entry: Entry) -> Iterator[Finding]:
    read = kept.read()
    if read is None or read.key is None or kept.is_heard_otherwise or kept.storage.calls("setItem", read.key):
        return
    yield Finding(
        _CODE,
        entry.key_location,
        f"the thread to open is read from {read.key!r} and never saved there, so a reload opens an empty chat",
        label="reads what nothing saves",
        help=f"save the id that {kept.announcement} hands over as {read.key!r}",
        severity=Severity.WARNING,
        row=_row(read),
        seen_as=SeenAs("gone"),
        fix=persistence_fix(kept.app, kept.site, kept.options, read=read),
    )


def _read_elsewhere(kept: KeptThread, entry: Entry) -> Iterator[Finding]:
    """Find an id that is saved under one key and read from another."""
    read, saved = kept.read(), kept.all_saves()
    if read is None or read.key is None or not saved:
        return
    if kept.storage.calls("setItem", read.key) or any(kept.storage.calls("getItem", save.key) for save in saved):
        return
    yield Finding(
        _CODE,
        entry.key_location,
        f"the id of the open thread is saved as {saved[0].key!r} and read from {read.key!r}, "
        "so a reload opens an empty chat",
        label=f"reads {read.key!r}, where nothing is saved",
        help=f"read the id from {saved[0].key!r}",
        severity=Severity.WARNING,
        seen_as=SeenAs("gone"),
        fix=key_fix(read, saved[0].call, also=clearing(kept.storage, saved[0])),
    )


def _row(call: StorageCall) -> int | None:
    """Return the row of the error reference, where the storage in use is the one that the row speaks of."""
    return _ROW if call.receiver.rpartition(".")[2] == "localStorage" else None
