"""Whether the thread that is open outlives a reload of the page (CK409)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.new_chat_not_cleared_fix import clearing_fix
from chatkit_doctor.checks.threads.thread_not_persisted_fix import key_fix, persistence_fix
from chatkit_doctor.contracts.web_names import API, INITIAL_THREAD, SET_THREAD, THREAD_EVENT, THREAD_HANDLER, URL
from chatkit_doctor.finding import Finding, Fix, SeenAs, Severity
from chatkit_doctor.frontend.options.api import stand_ins
from chatkit_doctor.frontend.options.literals import literal_options, objects
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind, app_options
from chatkit_doctor.frontend.threads.handlers import (
    Handler,
    Save,
    is_state_setter,
    listeners,
    only_for_the_moment,
    option_handler,
    saves,
)
from chatkit_doctor.frontend.threads.null_thread import Fate, when_null
from chatkit_doctor.frontend.threads.storage import Storage, StorageCall
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import BooleanValue, Entry, NullValue, ObjectValue, UndefinedValue
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLED = frozenset({SiteKind.HOOK, SiteKind.SET_OPTIONS, SiteKind.ASSIGNMENT})
# The row that says to keep the id in localStorage and to pass it as initialThread.
_ROW = 13
_HANDLER_WORD = regex(THREAD_HANDLER)
_INITIAL_WORD = regex(rf"\b{INITIAL_THREAD}\b")
_METHOD_NEEDLES = (SET_THREAD.encode(),)
# An api that names a conversation keeps the open one in a way of the app's own: in its URL, in a header.
# `threads.create` and the like are the protocol's own words.
_OWN_ID = regex(r"conversation|thread(?!s\.\w)", re.IGNORECASE)
_NAMES = ("identifier", "property_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern")

_Place = tuple[Document, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How a set of options deals with the open thread.

    initial: the option that says which thread to open, None where it is absent or says none.
    handlers: what hears which thread is open.
    """

    app: App
    storage: Storage
    site: OptionsSite
    options: ObjectValue
    initial: Entry | None
    handlers: tuple[Handler, ...]


def thread_not_persisted(app: App) -> Iterator[Finding]:
    """Find an app on its own server whose open thread is lost with a reload."""
    storage = app.derive(Storage)
    seen: set[_Place] = set()
    for way in _ways(app, storage):
        place = (way.site.document, way.site.node.start_byte)
        if place not in seen:
            found = next(_forgotten(way), None)
            if found is not None:
                seen.add(place)
                yield found


def _ways(app: App, storage: Storage) -> Iterator[_Way]:
    completed = set(_completed_by_others(app))
    for site, options in literal_options(app):
        # A url under another name counts: once CK403 has renamed it, this must be no news.
        apis = [api for api in objects(options.get(API)) if URL in {*api.entries, *stand_ins(api).values()}]
        if site.kind not in _CALLED or not apis or completed & set(_places(site)):
            continue
        if any(_OWN_ID.search(entry.location.text) for api in apis for entry in api.entries.values()):
            continue
        initial, heard = options.entries.get(INITIAL_THREAD), options.entries.get(THREAD_HANDLER)
        says_none = initial is not None and isinstance(initial.value, NullValue | UndefinedValue)
        found = (option_handler(heard),) if heard is not None else tuple(listeners(app, storage.evaluator))
        yield _Way(app, storage, site, options, None if says_none else initial, found)


def _completed_by_others(app: App) -> Iterator[_Place]:
    """Yield the places whose options are, at least under a condition, not known in full."""
    for site in app_options(app):
        if not isinstance(site.value, ObjectValue) or not site.value.complete:
            yield from _places(site)


def _places(site: OptionsSite) -> Iterator[_Place]:
    for use in site.uses:
        yield use.document, use.node.start_byte


def _forgotten(way: _Way) -> Iterator[Finding]:
    if way.initial is not None and way.initial.optional:
        return
    if way.initial is not None and way.handlers:
        yield from _read_elsewhere(way, way.initial)
    elif way.initial is not None:
        yield from _read_and_never_saved(way, way.initial)
    elif not _is_opened_otherwise(way):
        yield from _saved_and_never_read(way)
        yield from _not_kept(way)


def _not_kept(way: _Way) -> Iterator[Finding]:
    evaluator = way.storage.evaluator
    if not all(only_for_the_moment(evaluator, handler.value) for handler in way.handlers):
        return
    if not way.handlers and _is_heard_otherwise(way):
        return
    closed = _closed_part(way)
    none = way.options.get(INITIAL_THREAD)
    state = "is not set" if none is None else f"is {'null' if isinstance(none, NullValue) else 'undefined'}"
    yield Finding(
        "CK409",
        _place(way.site),
        f"a reload opens an empty chat: {INITIAL_THREAD} {state} and nothing keeps the id of the open thread"
        + (f"; with {closed} switched off, no list leads back to it" if closed else ""),
        label="starts without a thread each time",
        help=f"keep the id that {_announcement(way.site)} hands over, and set initialThread to it",
        severity=Severity.WARNING if closed else None,
        row=_ROW,
        seen_as=SeenAs("gone"),
        # Whoever writes that no thread is to be opened may mean it.
        fix=None if way.handlers or none is not None else persistence_fix(way.app, way.site, way.options),
    )


def _saved_and_never_read(way: _Way) -> Iterator[Finding]:
    for handler in way.handlers:
        kept = list(saves(way.storage, handler))
        if not kept or way.storage.is_handed_on or any(way.storage.reads(save.key) for save in kept):
            continue
        yield Finding(
            "CK409",
            handler.at,
            f"the id of the open thread is saved as {kept[0].key!r} and never read, so a reload opens an empty chat",
            label="saves what nothing reads",
            help=f"set initialThread to what is saved as {kept[0].key!r}",
            severity=Severity.WARNING,
            row=_row(kept[0].call),
            seen_as=SeenAs("gone"),
            fix=persistence_fix(
                way.app, way.site, way.options, saved=kept[0].call, also=_clearing(way.storage, kept[0])
            ),
        )


def _clearing(storage: Storage, save: Save) -> Fix | None:
    """Return the fix that removes a saved id in a new chat, where nothing does: once read, it would come back."""
    if storage.calls("removeItem", save.key) or storage.calls("clear", save.key):
        return None
    found = when_null(save)
    return None if found.fate is Fate.UNKNOWN else clearing_fix(save.call, found)


def _read_and_never_saved(way: _Way, entry: Entry) -> Iterator[Finding]:
    read = _read(way.storage, entry)
    if read is None or read.key is None or way.storage.is_handed_on or _is_heard_otherwise(way):
        return
    if way.storage.calls("setItem", read.key):
        return
    yield Finding(
        "CK409",
        entry.key_location,
        f"the thread to open is read from {read.key!r} and never saved there, so a reload opens an empty chat",
        label="reads what nothing saves",
        help=f"save the id that {_announcement(way.site)} hands over as {read.key!r}",
        severity=Severity.WARNING,
        row=_row(read),
        seen_as=SeenAs("gone"),
        fix=persistence_fix(way.app, way.site, way.options, read=read),
    )


def _read_elsewhere(way: _Way, entry: Entry) -> Iterator[Finding]:
    """Find an id that is saved under one key and read from another."""
    read = _read(way.storage, entry)
    kept = [save for handler in way.handlers for save in saves(way.storage, handler)]
    if read is None or read.key is None or not kept or way.storage.is_handed_on:
        return
    if way.storage.calls("setItem", read.key) or any(way.storage.calls("getItem", save.key) for save in kept):
        return
    yield Finding(
        "CK409",
        entry.key_location,
        f"the id of the open thread is saved as {kept[0].key!r} and read from {read.key!r}, "
        "so a reload opens an empty chat",
        label=f"reads {read.key!r}, where nothing is saved",
        help=f"read the id from {kept[0].key!r}",
        severity=Severity.WARNING,
        seen_as=SeenAs("gone"),
        fix=key_fix(read, kept[0].call, also=_clearing(way.storage, kept[0])),
    )


def _row(call: StorageCall) -> int | None:
    """Return the row of the error reference, where the storage in use is the one that the row speaks of."""
    return _ROW if call.receiver.rpartition(".")[2] == "localStorage" else None


def _read(storage: Storage, entry: Entry) -> StorageCall | None:
    """Return the call that reads the thread to open, where the option's value holds one and only one.

    A value that is a name, of a constant or a state, holds what the name is declared with.
    """
    node = entry.value_node
    binding = lookup(entry.document, node) if node.type in _NAMES else None
    declared = field(binding.declaration, "value") if binding is not None and not binding.reassigned else None
    found = [call for call in storage.within(entry.document, declared or node) if call.method == "getItem"]
    return found[0] if len(found) == 1 else None


def _is_opened_otherwise(way: _Way) -> bool:
    """Return whether something else may hand ChatKit a thread: another set of options, or its method."""
    # Any file may give an element its options once more; a component's are its own.
    everywhere = () if way.site.kind is SiteKind.HOOK else way.app.documents()
    for document in {way.site.document, way.options.document, *everywhere}:
        others = list(_written_apart(way, document))
        others += [document.location(comment) for comment in document.find("comment", "html_comment")]
        for mention in _INITIAL_WORD.finditer(document.source.text):
            if not any(at.start <= mention.start() < at.end for at in others):
                return True
    for path in way.app.web_paths():
        found = way.app.document(path) if way.app.mentions(path, _METHOD_NEEDLES) else None
        if found is not None and _may_call_method(found):
            return True
    return False


def _written_apart(way: _Way, document: Document) -> Iterator[Location]:
    """Yield where a document says something of the thread that is not about these options' chat.

    That is the option itself, where it says none, and the options of other components. An element may be
    given its options several times, so those of other calls of setOptions are not apart.
    """
    own = way.options.entries.get(INITIAL_THREAD)
    if own is not None and own.document is document:
        yield own.location
    for site in app_options(way.app) if way.site.kind is SiteKind.HOOK else ():
        if site.kind is SiteKind.HOOK and site.value.document is document and site.value is not way.options:
            yield site.value.location


def _may_call_method(document: Document) -> bool:
    """Return whether a `setThreadId` may be ChatKit's, not the one that `useState` gave that name."""
    named = (node for node in document.find(*_NAMES) if document.text(node) == SET_THREAD)
    return any(not is_state_setter(document, node) for node in named)


def _is_heard_otherwise(way: _Way) -> bool:
    """Return whether the change of the thread may be heard in a way that the options do not show."""
    for document in {way.site.document, way.options.document}:
        others = list(_written_apart(way, document))
        for mention in _HANDLER_WORD.finditer(document.source.text):
            if not any(at.start <= mention.start() < at.end for at in others):
                return True
    return any(THREAD_EVENT in document.source.text for document in way.app.documents())


def _closed_part(way: _Way) -> str:
    """Return the part of the chat that leads to the old threads and is switched off; "" where there is a way."""
    if "showHistory" in way.site.document.source.text:
        return ""
    return next((f"the {name}" for name in ("history", "header") if _is_off(way.options, name)), "")


def _is_off(options: ObjectValue, name: str) -> bool:
    enabled = options.get(name, "enabled")
    return isinstance(enabled, BooleanValue) and not enabled.truth


def _announcement(site: OptionsSite) -> str:
    return THREAD_HANDLER if site.kind is SiteKind.HOOK else f"the event {THREAD_EVENT}"


def _place(site: OptionsSite) -> Location:
    """Return the name of the hook or method that is given the options; the options where they are assigned."""
    parent = site.node.parent
    call = parent.parent if parent is not None else None
    function = field(call, "function") if call is not None and call.type == "call_expression" else None
    return site.document.location(_last(function) if function is not None else site.node)


def _last(function: Node) -> Node:
    return field(function, "property") or function
