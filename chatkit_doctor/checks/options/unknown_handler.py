"""Handlers and events that never come (CK411): names that React's hook or the element does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from chatkit_doctor.checks.options.unknown_option_fix import unknown_key_fix
from chatkit_doctor.checks.options.words import other_homes
from chatkit_doctor.contracts import resolve_release
from chatkit_doctor.contracts.published import CHATKIT_REACT, Availability
from chatkit_doctor.contracts.web import events, handler_history, handlers
from chatkit_doctor.contracts.web_names import EVENT_PREFIX
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.elements import is_chatkit_element, is_named_for_chatkit
from chatkit_doctor.frontend.options.problems import problems_of
from chatkit_doctor.frontend.options.schema import OptionProblem
from chatkit_doctor.frontend.releases import react_release, react_target
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.literals import quoted
from chatkit_doctor.words import joined, nearest, nearest_few

if TYPE_CHECKING:
    from tree_sitter import Node

# Windows, workers and ports get it; an element never does.
_NEVER_AN_ELEMENTS = "message"
_LISTEN = "addEventListener"
_NAMES_CHATKIT = regex(r"\Aon(?:Openai)?ChatKit", re.IGNORECASE)
# The prefix of the element's events, and what people write for it.
_SAYS_CHATKIT = regex(r"chatkit[.:_-]")


def unknown_handler(app: App) -> Iterator[Finding]:
    """Find a handler that is never called, and a listener for an event that never comes."""
    yield from _unknown_handlers(app)
    yield from _unknown_events(app)


def _unknown_handlers(app: App) -> Iterator[Finding]:
    """Yield the handlers among the hook's options that the release in use never calls."""
    for _, _, problem in problems_of(app, "CK411"):
        entry = problem.entry
        path = entry.document.path if entry is not None else problem.value.document.path
        called = handlers(react_release(app, path))
        if entry is None or problem.name in called:
            continue
        near = _without_chatkit(problem.name, called) or nearest(problem.name, called)
        known = handler_history(problem.name)
        yield Finding(
            "CK411",
            entry.key_location,
            _never_called(app, entry.document, problem.name, known),
            label="never called",
            help=_handler_help(problem, near, known, called),
            seen_as=SeenAs("handler", {"name": problem.name}),
            fix=None if known or list(other_homes(problem.name)) else unknown_key_fix(app, problem, near),
        )


def _without_chatkit(name: str, called: Iterable[str]) -> str | None:
    """Return the handler that a name is with ChatKit's own in it, as the events have it: `onChatkitError`."""
    bare = _NAMES_CHATKIT.sub("on", name)
    return bare if bare in called else None


def _unknown_events(app: App) -> Iterator[Finding]:
    """Yield the listeners of the element for events that it never sends."""
    known = events()
    sent = cache(partial(_is_sent, app))
    for document in app.documents():
        for call in document.find("call_expression"):
            name = _listened_to(document, call)
            if name is None or name in known:
                continue
            meant = _meant(name, known)
            if not (meant or name == _NEVER_AN_ELEMENTS or _SAYS_CHATKIT.match(name)) or sent(name):
                continue
            yield _unknown_event(document, call, name, meant or _near(name, known))


def _meant(name: str, known: Iterable[str]) -> str | None:
    """Return the event that a name is another spelling of: without the prefix, or with another sign behind it."""
    said = _SAYS_CHATKIT.match(name)
    spelt = f"{EVENT_PREFIX}{name[said.end() :] if said else name}"
    return spelt if spelt in known else None


def _near(name: str, known: Iterable[str]) -> str | None:
    """Return the event that a name is most like, by what tells events apart: all of them begin alike."""
    own = _own_part(name)
    whole = {_own_part(each): each for each in known}
    found = nearest(own, whole)
    if found is not None:
        return whole[found]
    kin = nearest(name, known)
    return kin if kin is not None and _own_part(kin).split(".")[0] == own.split(".")[0] else None


def _own_part(name: str) -> str:
    said = _SAYS_CHATKIT.match(name)
    return name[said.end() :] if said else name


def _never_called(app: App, document: Document, name: str, known: Availability | None) -> str:
    target = react_target(app, document.path)
    if known is not None and target is not None and target.version is not None:
        told = target.told_from(app.base)
        return f"{name} is called from {CHATKIT_REACT} {known.first} on, and {told} has {target.version}"
    if target is not None and target.version is not None and resolve_release(CHATKIT_REACT, target.version)[1]:
        newest = resolve_release(CHATKIT_REACT, target.version)[0]
        return f"{CHATKIT_REACT} {newest}, the newest release known here, never calls {name}"
    return f"no release of {CHATKIT_REACT} ever calls {name}"


def _handler_help(problem: OptionProblem, near: str | None, known: Availability | None, called: Iterable[str]) -> str:
    if known is not None:
        return f"use {CHATKIT_REACT} {known.first} or newer, or do without it"
    homes = list(other_homes(problem.name))
    if len(homes) == 1:
        return f"move it to {homes[0]}"
    close = [near] if near else nearest_few(problem.name, called)
    instead = f"write {joined(close, 'or')}, or remove {problem.name}" if close else "remove it"
    return instead if near else f"{instead}; `chatkit-doctor explain CK411 --values` lists the handlers"


def _listened_to(document: Document, call: Node) -> str | None:
    """Return the event that a call listens to on the element."""
    function = field(call, "function")
    owner = field(function, "object") if function is not None else None
    method = field(function, "property") if function is not None else None
    arguments = call_arguments(call)
    if owner is None or method is None or not arguments or document.text(method) != _LISTEN:
        return None
    name = string_text(document, arguments[0])
    if name is None or is_chatkit_element(document, owner):
        return name
    # A thing that is only called chatkit may send events of its own, and a parameter may be anything.
    may_be = is_named_for_chatkit(document, owner) or (_is_parameter(document, owner) and nearest(name, events()))
    return name if name.startswith(EVENT_PREFIX) and may_be else None


def _is_parameter(document: Document, owner: Node) -> bool:
    binding = lookup(document, owner) if owner.type == "identifier" else None
    return binding is not None and binding.kind is ScopedKind.PARAMETER


def _is_sent(app: App, name: str) -> bool:
    """Return whether the project makes events of a name itself, or may, where it is unlike the element's."""
    is_unlike = _SAYS_CHATKIT.match(name) is not None and not name.startswith(EVENT_PREFIX)
    before = r"(?<!EventListener\()" if is_unlike else r"Event\(\s*"
    makes = re.compile(rf"{before}['\"`]{re.escape(name)}['\"`]")
    return any(makes.search(document.source.text) for document in app.documents())


def _unknown_event(document: Document, call: Node, name: str, near: str | None) -> Finding:
    at = document.location(call_arguments(call)[0])
    fix = None
    if near is not None:
        # A listener is taken off by the name under which it was put there.
        off = re.compile(rf"removeEventListener\(\s*(['\"`]{re.escape(name)}['\"`])").finditer(document.source.text)
        places = [at, *(document.source.location(each.start(1), each.end(1)) for each in off)]
        edits = [Edit(each, quoted(document, near)) for each in places]
        fix = Fix(f"listen to {near}", Applicability.UNSAFE, lambda: edits)
    return Finding(
        "CK411",
        at,
        f"the element of ChatKit never sends the event {name!r}",
        label="never comes",
        help=_event_help(name, near),
        seen_as=SeenAs("event", {"name": name}),
        why="The element sends events of its own names only, so the listener is never called, without an error.",
        fix=fix,
    )


def _event_help(name: str, near: str | None) -> str:
    if near is not None:
        return f"listen to {near!r}"
    close = [repr(f"{EVENT_PREFIX}{each}") for each in nearest_few(_own_part(name), map(_own_part, events()))]
    instead = f"listen to {joined(close, 'or')}" if close else "remove it, or listen to another event"
    return f"{instead}; `chatkit-doctor explain CK411 --values` lists those that ChatKit sends"
