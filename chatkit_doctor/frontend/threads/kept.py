"""How each set of options deals with the open thread: what reads the one to open, what hears which one is open."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import (
    INITIAL_THREAD,
    SET_THREAD,
    THREAD_EVENT,
    THREAD_HANDLER,
    URL,
)
from chatkit_doctor.frontend.options.api import api_entries
from chatkit_doctor.frontend.options.literals import literal_options
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind, app_options
from chatkit_doctor.frontend.threads.handlers import (
    Handler,
    Save,
    heard_by,
    listeners,
    only_for_the_moment,
    option_handler,
    saves,
)
from chatkit_doctor.frontend.threads.methods import may_hear_thread, may_open_thread
from chatkit_doctor.frontend.threads.passed_on import may_be_kept_from_state
from chatkit_doctor.frontend.threads.storage import Storage, StorageCall
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import outside
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import BooleanValue, Entry, NullValue, ObjectValue, UndefinedValue
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from chatkit_doctor.web.evaluation.values import Value

_CALLED = frozenset({SiteKind.HOOK, SiteKind.SET_OPTIONS, SiteKind.ASSIGNMENT})
_HANDLER_WORD = regex(THREAD_HANDLER)
_INITIAL_WORD = regex(rf"\b{INITIAL_THREAD}\b")
_INITIAL_NEEDLES = (INITIAL_THREAD.encode(),)
_METHOD_NEEDLES = (SET_THREAD.encode(),)
# An api that names a conversation keeps the open one in a way of the app's own: in its URL, in a header.
# `threads.create` and the like are the protocol's own words.
_OWN_ID = regex(r"conversation|thread(?!s\.\w)", re.IGNORECASE)
_NAMES = ("identifier", "property_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern")

_Place = tuple[Document, int]


@dataclass(frozen=True, slots=True, eq=False)
class KeptThread:
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

    @property
    def written_none(self) -> Value | None:
        """Return the value of an option that says to open no thread; None where the option is not there."""
        return self.options.get(INITIAL_THREAD) if self.initial is None else None

    @property
    def announcement(self) -> str:
        """Return what tells of another thread: a handler of the hook, or an event of the element."""
        return THREAD_HANDLER if self.site.kind is SiteKind.HOOK else f"the event {THREAD_EVENT}"

    @property
    def closed_part(self) -> str:
        """Return the part of the chat that leads to the old threads and is switched off; "" where there is a way."""
        return _closed_part(self)

    @property
    def keeps_nothing(self) -> bool:
        """Return whether nothing that hears of a thread outlives a reload, and nothing else may hear of it."""
        known = self.storage.evaluator
        is_for_now = all(
            only_for_the_moment(known, handler.value) and not may_be_kept_from_state(self.app, handler.value)
            for handler in self.handlers
        )
        return is_for_now and (bool(self.handlers) or not self.is_heard_otherwise)

    @property
    def is_heard_otherwise(self) -> bool:
        """Return whether the change of the thread may be heard in a way that the options do not show."""
        return _is_heard_otherwise(self)

    @property
    def is_opened_otherwise(self) -> bool:
        """Return whether something else may hand ChatKit a thread: another set of options, or its method."""
        return _is_opened_otherwise(self)

    @property
    def is_opened_elsewhere(self) -> bool:
        """Return whether any other place of the app says which thread to open, for whatever chat."""
        own = self.options.entries.get(INITIAL_THREAD)
        written = own.location if own is not None else None
        return any(
            written is None or document.source is not written.source or not written.start <= offset < written.end
            for path in self.app.web_paths()
            if self.app.mentions(path, _INITIAL_NEEDLES) and (document := self.app.document(path)) is not None
            for offset in document.derive(_initial_words)
        )

    def saves(self, handler: Handler) -> list[Save]:
        """Return where a handler saves the id of the open thread; nothing where the storage is used in other ways."""
        return [] if self.storage.is_handed_on else list(saves(self.storage, handler))

    def all_saves(self) -> list[Save]:
        """Return where all handlers save it."""
        return [save for handler in self.handlers for save in self.saves(handler)]

    def read(self) -> StorageCall | None:
        """Return the call that reads the thread to open, where the option's value holds one and only one.

        A value that is a name, of a constant or a state, holds what the name is declared with. None where the key
        cannot be told or the storage is used in other ways.
        """
        if self.initial is None or self.storage.is_handed_on:
            return None
        node = self.initial.value_node
        binding = lookup(self.initial.document, node) if node.type in _NAMES else None
        declared = field(binding.declaration, "value") if binding is not None and not binding.reassigned else None
        calls = self.storage.within(self.initial.document, declared or node)
        found = [call for call in calls if call.method == "getItem"]
        return found[0] if len(found) == 1 and found[0].key is not None else None


def kept_threads(app: App) -> Iterator[KeptThread]:
    """Yield the sets of options for a server of one's own that are known in full, each with what it does."""
    storage = app.derive(Storage)
    completed = set(_completed_by_others(app))
    listened = tuple(listeners(app, storage.evaluator, misnamed=True))
    for site, options in literal_options(app):
        apis = [api for api in api_entries(options) if URL in api]
        if site.kind not in _CALLED or not apis or completed & set(_places(site)):
            continue
        if any(_OWN_ID.search(entry.location.text) for api in apis for entry in api.values()):
            continue
        initial, heard = options.entries.get(INITIAL_THREAD), heard_by(options)
        says_none = initial is not None and isinstance(initial.value, NullValue | UndefinedValue)
        found = (option_handler(heard),) if heard is not None else listened
        yield KeptThread(app, storage, site, options, None if says_none else initial, found)


def _completed_by_others(app: App) -> Iterator[_Place]:
    """Yield the places whose options are, at least under a condition, not known in full."""
    for site in app_options(app):
        if not isinstance(site.value, ObjectValue) or not site.value.complete:
            yield from _places(site)


def _places(site: OptionsSite) -> Iterator[_Place]:
    for use in site.uses:
        yield use.document, use.node.start_byte


def _is_opened_otherwise(kept: KeptThread) -> bool:
    # Any file may give an element its options once more; a component's are its own.
    everywhere = () if kept.site.kind is SiteKind.HOOK else kept.app.derive(_saying_initial)
    for document in {kept.site.document, kept.options.document, *everywhere}:
        if not _is_apart(kept, document, document.derive(_initial_words)):
            return True
    return kept.app.derive(_has_opening_code)


def _saying_initial(app: App) -> list[Document]:
    return [document for document in app.documents() if document.derive(_initial_words)]


def _has_opening_code(app: App) -> bool:
    """Return whether some file of the app may open a thread by a call."""
    for path in app.web_paths():
        found = app.document(path) if app.mentions(path, _METHOD_NEEDLES) else None
        if found is not None and may_open_thread(found):
            return True
    return False


def _has_hearing_code(app: App) -> bool:
    return any(may_hear_thread(document) for document in app.documents())


def _is_apart(kept: KeptThread, document: Document, mentions: Sequence[int]) -> bool:
    """Return whether what a document says of the thread, at some offsets, is not about these options' chat.

    That is the option itself, where it says none, and the options of other components. An element may be given its
    options several times, so those of other calls of setOptions are not apart.
    """
    own = kept.options.entries.get(INITIAL_THREAD)
    written = own.location if own is not None and own.document is document else None
    components = kept.app.derive(_components).get(document, []) if kept.site.kind is SiteKind.HOOK else []
    starts = [start for start, _, _ in components] if mentions else []
    for offset in mentions:
        if written is not None and written.start <= offset < written.end:
            continue
        place = bisect_right(starts, offset) - 1
        if place < 0 or offset >= components[place][1] or components[place][2] is kept.options:
            return False
    return True


def _components(app: App) -> dict[Document, list[tuple[int, int, Value]]]:
    """Return where each document hands options to the hook: start, end and the options, in the order of the text."""
    found: dict[Document, list[tuple[int, int, Value]]] = {}
    for site in app_options(app):
        if site.kind is SiteKind.HOOK:
            at = site.value.location
            found.setdefault(site.value.document, []).append((at.start, at.end, site.value))
    for places in found.values():
        places.sort(key=lambda place: place[:2])
    return found


def _initial_words(document: Document) -> list[int]:
    """Return where a document's code says initialThread, comments left out."""
    words = [mention.start() for mention in _INITIAL_WORD.finditer(document.source.text)]
    comments = (document.location(each) for each in document.find("comment", "html_comment")) if words else ()
    return outside(words, ((at.start, at.end) for at in comments))


def _handler_words(document: Document) -> list[int]:
    return [mention.start() for mention in _HANDLER_WORD.finditer(document.source.text)]


def _is_heard_otherwise(kept: KeptThread) -> bool:
    for document in {kept.site.document, kept.options.document}:
        if not _is_apart(kept, document, document.derive(_handler_words)):
            return True
    return kept.app.derive(_has_hearing_code)


def _closed_part(kept: KeptThread) -> str:
    if "showHistory" in kept.site.document.source.text:
        return ""
    return next((f"the {name}" for name in ("history", "header") if _is_off(kept.options, name)), "")


def _is_off(options: ObjectValue, name: str) -> bool:
    enabled = options.get(name, "enabled")
    return isinstance(enabled, BooleanValue) and not enabled.truth
