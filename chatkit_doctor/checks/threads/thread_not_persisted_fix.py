"""The code that the fix of CK409 writes: the option that reads the open thread, and what saves it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from chatkit_doctor.backend.capabilities import used_stores
from chatkit_doctor.backend.memory_stores import keeps_threads_in_memory, volatile_table
from chatkit_doctor.checks.threads.listening_text import listener_edits, receiver_of, saving_function
from chatkit_doctor.checks.threads.merged_handler import saving_edits
from chatkit_doctor.checks.threads.new_chat_not_cleared_fix import clearing_fix
from chatkit_doctor.checks.threads.react_state import may_hold_state, state_edits, statement_in_component
from chatkit_doctor.checks.threads.storage_text import key_text
from chatkit_doctor.contracts.web_names import (
    API,
    HOOK_OPTIONS_TYPE,
    INITIAL_THREAD,
    SET_OPTIONS,
    THREAD_HANDLER,
    URL,
)
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.options.literals import literal_options
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.frontend.pairs.partners import fitting_partners_of
from chatkit_doctor.frontend.rendering import is_rendered_on_server
from chatkit_doctor.frontend.threads.handlers import Save
from chatkit_doctor.frontend.threads.null_thread import Fate, when_null
from chatkit_doctor.frontend.threads.sign_in import signs_in
from chatkit_doctor.frontend.threads.storage import Storage, StorageCall
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import FunctionValue, ObjectValue, Value
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.literals import (
    braced,
    indent_unit,
    indentation,
    insert_property,
    quoted,
    replace_value,
    starts_line,
)
from chatkit_doctor.web.writing.whole_lines import with_members

if TYPE_CHECKING:
    from tree_sitter import Node

_KEY = "chatkit-thread-id"
_STORAGE = "localStorage"
_KNOWN_RECEIVER = regex(r"(?:(?:window|globalThis)\.)?(?:local|session)Storage")
# What stands for options that something else makes: a name, or the call of a function.
_MADE_ELSEWHERE = frozenset({"identifier", "member_expression", "call_expression"})
_DECLARED = frozenset({SiteKind.ANNOTATION, SiteKind.SATISFIES})


def persistence_fix(
    app: App,
    site: OptionsSite,
    options: ObjectValue,
    *,
    saved: StorageCall | None = None,
    read: StorageCall | None = None,
    also: Fix | None = None,
) -> Fix | None:
    """Return the fix that reads the open thread from the storage, writes it there, or both.

    saved, read: the half that is there; its storage and key are used for the other.
    also: a fix without which this one would bring a finding of its own.
    """
    if any(use.is_handed_on for use in site.uses):
        return None  # a hook of the app's own has parameters of its own type
    if _forgets_threads(app, options):
        return None
    if spreads_at_call(site, options):
        build = partial(_spread_at_call, app, site, options, saved, read, also)
    elif _can_write(site, options, listens=saved is None):
        build = partial(_written_in_place, app, site, options, saved, read, also)
    else:
        return None
    untouched = saved is None and read is None and INITIAL_THREAD not in options.entries
    # One key serves one user: after a sign-out, the next one would open the thread of the last.
    is_safe = untouched and not signs_in(app) and not any(keeps_threads_in_memory(each.backend) for each in app.pairs())
    return Fix(_title(saved, read), Applicability.SAFE if is_safe else Applicability.UNSAFE, build)


def merging_fix(app: App, site: OptionsSite, options: ObjectValue, handler: Value) -> Fix | None:
    """Return the fix that has a handler of the hook's save the open thread as well, and opens it again.

    None where the handler is not a function of the same file that takes the id.
    """
    if site.kind is not SiteKind.HOOK or any(use.is_handed_on for use in site.uses) or _forgets_threads(app, options):
        return None
    if not isinstance(handler, FunctionValue) or handler.document is not options.document:
        return None
    if not _can_write(site, options, listens=False) or not saving_edits(handler, _STORAGE, ""):
        return None

    def build() -> Sequence[Edit]:
        storage, key = _names(app, options, options.document, options.node, None)
        reading = _read(app, options.document, storage, key)
        name, state = state_edits(site, options.document, options.node, reading, _number(app, options))
        return [*state, *_written(options, [(INITIAL_THREAD, name or reading)]), *saving_edits(handler, storage, key)]

    return Fix(_title(None, None), Applicability.UNSAFE, build)


def _forgets_threads(app: App, options: ObjectValue) -> bool:
    """Return whether the server that options ask loses its threads with a restart, so that CK802 would speak of it."""
    asked = fitting_partners_of(app, options)
    return any(volatile_table(view) is not None for each in asked for view in used_stores(each.backend, each.asked))


def _written_in_place(
    app: App,
    site: OptionsSite,
    options: ObjectValue,
    saved: StorageCall | None,
    read: StorageCall | None,
    also: Fix | None,
) -> Sequence[Edit]:
    """Return the edits that write what is missing into the literal of the options."""
    storage, key = _names(app, options, options.document, options.node, saved or read)
    reading = _read(app, options.document, storage, key)
    name, state = (
        ("", []) if read else state_edits(site, options.document, options.node, reading, _number(app, options))
    )
    in_options = [] if read else [(INITIAL_THREAD, name or reading)]
    if saved is None and site.kind is SiteKind.HOOK:
        in_options.append((THREAD_HANDLER, _handler(site, options, storage, key)))
    edits = [*state, *_written(options, in_options), *(also.edits if also else ())]
    return edits if saved or site.kind is SiteKind.HOOK else [*edits, *listener_edits(site, storage, key)]


def _spread_at_call(
    app: App,
    site: OptionsSite,
    options: ObjectValue,
    saved: StorageCall | None,
    read: StorageCall | None,
    also: Fix | None,
) -> Sequence[Edit]:
    """Return the edits that add what is missing where the hook is called, to options that are made elsewhere."""
    document = site.document
    source = document.source
    at = document.location(site.node)
    storage, key = _names(app, options, document, site.node, saved or read)
    reading = _read(app, document, storage, key)
    name, state = ("", []) if read else state_edits(site, document, site.node, reading, 0)
    outer = indentation(source, at.start)
    inner = f"{outer}{indent_unit(source)}"
    members = [f"...{at.text}"] if read else [f"...{at.text}", f"{INITIAL_THREAD}: {name or reading}"]
    if saved is None:
        handler = saving_function(document, f"({braced(document, 'threadId')})", "threadId", storage, key, inner)
        members.append(f"{THREAD_HANDLER}: {handler}")
    lines = "".join(f"{inner}{member},{source.newline}" for member in members)
    written = Edit(at, f"{{{source.newline}{lines}{outer}}}")
    return [*state, written, *(also.edits if also else ())]


def key_fix(read: StorageCall, saved: StorageCall, *, also: Fix | None = None) -> Fix | None:
    """Return the fix that reads an id under the key that it is saved under; None for two storages.

    also: a fix without which this one would bring a finding of its own.
    """
    if saved.key is None or read.receiver.rpartition(".")[2] != saved.receiver.rpartition(".")[2]:
        return None
    key = key_text(read.document, read.node, saved)
    edit = Edit(read.document.location(read.arguments[0]), key)
    return Fix(f"read the thread from {key}", Applicability.UNSAFE, lambda: [edit, *(also.edits if also else ())])


def clearing(storage: Storage, save: Save) -> Fix | None:
    """Return the fix that removes a saved id in a new chat, where nothing does: once read, it would come back."""
    if storage.calls("removeItem", save.key) or storage.calls("clear", save.key):
        return None
    found = when_null(save)
    return None if found.fate is Fate.UNKNOWN else clearing_fix(save.call, found)


def _title(saved: StorageCall | None, read: StorageCall | None) -> str:
    if saved is not None:
        return "open the saved thread"
    return "save the open thread" if read is not None else f"keep the open thread in {_STORAGE}"


def spreads_at_call(site: OptionsSite, options: ObjectValue) -> bool:
    """Return whether a component hands the hook options that are made elsewhere, so that it can add to them."""
    if site.kind is not SiteKind.HOOK or site.node.type not in _MADE_ELSEWHERE:
        return False
    is_made_here = options.document is site.document and may_hold_state(options.document, options.node, site.node)
    return not is_made_here and statement_in_component(site.node) is not None


def _number(app: App, options: ObjectValue) -> int:
    """Return which of its file's sets of options this is, from 0."""
    chats = [each.node for each in _chats_of(app, options.document)]
    return chats.index(options.node) if options.node in chats else 0


def _can_write(site: OptionsSite, options: ObjectValue, *, listens: bool) -> bool:
    if not options.is_literal or options.document is not site.document:
        return False
    initial = options.entries.get(INITIAL_THREAD)
    if initial is not None and (initial.spread or initial.document is not options.document):
        return False
    if site.kind is SiteKind.HOOK:
        # Read when the module loads, the thread would be an old one for a component that is mounted again.
        is_in_component = may_hold_state(options.document, options.node, site.node)
        return is_in_component and not (listens and _is_declared_without_handlers(site))
    return not listens or (receiver_of(site) is not None and _is_only_call(site))


def _is_declared_without_handlers(site: OptionsSite) -> bool:
    """Return whether a type that the options are declared with may know no handlers, as ChatKitOptions does not."""
    for use in site.uses:
        if use.kind not in _DECLARED:
            continue
        statement = use.node.parent
        if statement is None:
            return True
        declared = use.document.text(statement).replace(use.document.text(use.node), "")
        if HOOK_OPTIONS_TYPE not in declared:
            return True
    return False


def _is_only_call(site: OptionsSite) -> bool:
    """Return whether the file sets options once; with several calls, each would add a listener of its own."""
    return site.document.derive(_count_of_calls) == 1


def _count_of_calls(document: Document) -> int:
    """Return how often a file calls what sets options."""
    calls = (field(call, "function") for call in document.find("call_expression"))
    return sum(document.text(field(each, "property") or each) == SET_OPTIONS for each in calls if each is not None)


def _chats_of(app: App, document: Document | None = None) -> list[ObjectValue]:
    """Return the sets of options that are written as literals, in the order of their files and places."""
    return [each for each in app.derive(_chats) if document is None or each.document is document]


def _chats(app: App) -> list[ObjectValue]:
    literals = {(each.document, each.node.id): each for _, each in literal_options(app) if each.is_literal}
    return sorted(literals.values(), key=lambda each: (str(each.document.path), each.node.start_byte))


def _key(app: App, options: ObjectValue) -> str:
    """Return the key for the thread of a chat: one for each server that the app's chats speak to."""
    number = app.derive(_servers).get(_url(options), 0)
    return f"{_KEY}-{number + 1}" if number else _KEY


def _servers(app: App) -> dict[str, int]:
    """Return the addresses that the app's chats speak to, each with its number, from 0."""
    return {url: number for number, url in enumerate(dict.fromkeys(map(_url, app.derive(_chats))))}


def _url(options: ObjectValue) -> str:
    url = options.get(API, URL)
    return url.location.text if url is not None else ""


def _names(app: App, options: ObjectValue, document: Document, at: Node, call: StorageCall | None) -> tuple[str, str]:
    """Return the storage and the key expression of a call as they are written at a node, or those of a new one."""
    if call is None:
        return _STORAGE, quoted(document, _key(app, options))
    known = _KNOWN_RECEIVER.search(call.receiver)
    return known[0] if known else _STORAGE, key_text(document, at, call)


def _read(app: App, document: Document, storage: str, key: str) -> str:
    read = f"{storage}.getItem({key})"
    if not is_rendered_on_server(app, document.path):
        return read
    return f"typeof window === {quoted(document, 'undefined')} ? null : {read}"


def _handler(site: OptionsSite, options: ObjectValue, storage: str, key: str) -> str:
    document = options.document
    parameters = braced(document, "threadId")
    if _needs_types(site, options):
        parameters = f"{parameters}: {braced(document, 'threadId: string | null')}"
    outer = indentation(document.source, _first_member(options))
    if _is_on_one_line(options):
        outer += indent_unit(document.source)
    return saving_function(document, f"({parameters})", "threadId", storage, key, outer)


def _needs_types(site: OptionsSite, options: ObjectValue) -> bool:
    """Return whether TypeScript cannot know a handler's parameters from where the literal stands."""
    in_place = options.node in {use.node for use in site.uses}
    return not options.document.is_javascript(options.node) and not in_place


def _first_member(options: ObjectValue) -> int:
    members = options.node.named_children
    return options.document.location(members[0] if members else options.node).start


def _is_on_one_line(options: ObjectValue) -> bool:
    return options.node.start_point.row == options.node.end_point.row


def _written(options: ObjectValue, entries: list[tuple[str, str]]) -> list[Edit]:
    """Write entries behind `api`, or as the last ones where that is not written in the literal itself."""
    document = options.document
    source = document.source
    outer = indentation(source, _first_member(options))
    initial = options.entries.get(INITIAL_THREAD)
    if initial is not None and entries[0][0] == INITIAL_THREAD:
        # Said to be null: the value is replaced, and what follows goes behind it.
        (_, value), *rest = entries
        gap = f",{source.newline}{outer}"
        return replace_value(initial, gap.join([value, *(f"{name}: {text}" for name, text in rest)]))
    anchor = initial or options.entries.get(API)
    after = anchor.node if anchor is not None and not anchor.spread else None
    if _is_on_one_line(options) and (edits := with_members(document, options.node, entries, after)):
        return edits
    own_line = after is None or starts_line(source, document.location(after).start)
    gap = f",{source.newline}{outer}" if own_line else ", "
    (name, value), *rest = entries
    text = gap.join([value, *(f"{each}: {text}" for each, text in rest)])
    return insert_property(document, options.node, name, text, after=after)
