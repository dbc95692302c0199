"""Whether a saved thread goes when a new chat begins (CK410)."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.threads.new_chat_not_cleared_fix import clearing_fix
from chatkit_doctor.contracts.web_names import INITIAL_THREAD, SET_THREAD
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.threads.handlers import Save, handlers, saves
from chatkit_doctor.frontend.threads.null_thread import Fate, when_null
from chatkit_doctor.frontend.threads.storage import Storage
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document

# Without one of these nothing opens the saved thread again.
_OPENERS = (INITIAL_THREAD, SET_THREAD)

_WHY_TEXT = "A storage keeps texts only, so null is kept as a text, which the next reload takes for an id."


def new_chat_not_cleared(app: App) -> Iterator[Finding]:
    """Find a saved thread id that stays saved when a new chat begins."""
    storage = app.derive(Storage)
    seen: set[tuple[Document, int]] = set()
    for handler in handlers(app, storage.evaluator):
        kept = list(saves(storage, handler))
        own = {(each.call.document, each.call.node.start_byte) for each in kept}
        # A handler may save under one key many times.
        back = {key for key in dict.fromkeys(each.key for each in kept) if _comes_back(app, storage, key, own)}
        for save in kept:
            place = (save.call.document, save.call.node.start_byte)
            if place not in seen and save.key in back:
                seen.add(place)
                yield from _uncleared(save)


def _uncleared(save: Save) -> Iterator[Finding]:
    found = when_null(save)
    if found.fate is Fate.UNKNOWN:
        return
    outcome = (
        f"{save.key!r} keeps the old thread when a new chat begins, so a reload brings it back"
        if found.fate is Fate.SKIPPED
        else f"{save.key!r} becomes the text 'null' when a new chat begins, so a reload asks for a thread 'null'"
    )
    yield Finding(
        "CK410",
        save.call.document.location(save.call.node),
        outcome,
        label="nothing removes the saved id when threadId is null",
        help=f"remove {save.key!r} from the storage when threadId is null",
        seen_as=SeenAs("back") if found.fate is Fate.SKIPPED else None,
        why="" if found.fate is Fate.SKIPPED else _WHY_TEXT,
        fix=clearing_fix(save.call, found),
    )


def _comes_back(app: App, storage: Storage, key: str, own: set[tuple[Document, int]]) -> bool:
    """Return whether what is saved under a key is surely read again and surely never removed or written over."""
    if storage.is_handed_on or not any(call.key == key for call in storage.calls("getItem", key)):
        return False
    if storage.calls("removeItem", key) or storage.calls("clear", key):
        return False
    if any((call.document, call.node.start_byte) not in own for call in storage.calls("setItem", key)):
        return False
    return app.derive(_opens_some)


def _opens_some(app: App) -> bool:
    """Return whether a web file says a word with which a thread is opened."""
    return any(word in document.source.text for document in app.documents() for word in _OPENERS)
