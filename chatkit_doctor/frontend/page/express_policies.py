"""The policies that a server in JavaScript gives to every page: Helmet's, and headers that its middleware sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    NullValue,
    ObjectValue,
    StringValue,
    Value,
)
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

_HELMET = "helmet"
_SETTERS = frozenset({"setHeader", "set", "header", "append"})
_CONDITIONS = frozenset({"if_statement", "ternary_expression", "switch_statement", "try_statement"})
# What answers with pages: folders of files, or a file.
_SERVES = (b"express.static", b".sendFile(", b"serveStatic(", b"@fastify/static", b"koa-static")
_UPPER = regex(r"[A-Z]")


def express_headers(app: App) -> Iterator[tuple[str, str, Location]]:
    """Yield the headers that servers of an app set on every answer, with their values and places."""
    for path in app.web_paths():
        if not app.owns(path) or app.is_test_or_story(path) or not app.mentions(path, _SERVES):
            continue
        document = app.document(path)
        for call in document.find("call_expression") if document is not None else ():
            if document is not None:
                yield from _of_helmet(app, document, call)
                yield from _set_by_hand(document, call)


def _of_helmet(app: App, document: Document, call: Node) -> Iterator[tuple[str, str, Location]]:
    function, arguments = field(call, "function"), call_arguments(call)
    if function is None or not _is_used_everywhere(document, call) or len(arguments) > 1:
        return
    owner = field(function, "object") or function
    found = origin(app.resolver, document, owner)
    if found is None or found.specifier != _HELMET:
        return
    given = app.evaluator.evaluate(document, arguments[0]) if arguments else None
    if owner is function:
        policy = _entry(given, "contentSecurityPolicy") if given is not None else True
    else:
        name = document.text(field(function, "property") or function)
        policy = given or True if name == "contentSecurityPolicy" else None
    text = _policy(policy)
    if text is not None:
        yield "content-security-policy", text, document.location(function)


def _is_used_everywhere(document: Document, call: Node) -> bool:
    """Return whether a call is all that a server's `use` gets, so that each request goes through it."""
    outer = call.parent.parent if call.parent is not None and call.parent.type == "arguments" else None
    used = field(outer, "function") if outer is not None and outer.type == "call_expression" else None
    name = field(used, "property") if used is not None else None
    is_whole = outer is not None and len(call_arguments(outer)) == 1
    return is_whole and name is not None and document.text(name) == "use" and not _is_conditional(call)


def _is_conditional(node: Node) -> bool:
    return any(each.type in _CONDITIONS for each in ancestors(node))


def _entry(given: Value, name: str) -> Value | bool | None:
    """Return an entry of the options, True where it is left to the default, None where it is not known."""
    if not isinstance(given, ObjectValue) or not given.complete:
        return None
    entry = given.entries.get(name)
    return True if entry is None else entry.value


def _policy(given: Value | bool | None) -> str | None:
    """Return the policy that Helmet makes of its options; None where there is none, or it is not known."""
    directives: dict[str, tuple[str, ...]] = {key: tuple(each) for key, each in kept("helmet")["directives"].items()}
    if given is True or (isinstance(given, BooleanValue) and given.truth):
        return _written(directives)
    if not isinstance(given, ObjectValue) or not given.complete:
        return None
    reported = given.get("reportOnly")
    if reported is not None and not (isinstance(reported, BooleanValue) and not reported.truth):
        return None
    defaults = given.get("useDefaults")
    if defaults is not None and not isinstance(defaults, BooleanValue):
        return None
    known = directives if defaults is None or defaults.truth else {}
    own = given.get("directives")
    if own is not None:
        if not isinstance(own, ObjectValue) or not own.complete:
            return None
        for name, entry in own.entries.items():
            key = _UPPER.sub(lambda found: f"-{found[0].lower()}", name)
            if isinstance(entry.value, NullValue):
                known.pop(key, None)
                continue
            sources = _sources(entry.value)
            if sources is None:
                return None
            known[key] = sources
    return _written(known)


def _sources(value: Value) -> tuple[str, ...] | None:
    if isinstance(value, StringValue):
        return (value.text,)
    if not isinstance(value, ArrayValue) or not value.complete:
        return None
    texts = tuple(each.text for each in value.items if isinstance(each, StringValue))
    return texts if len(texts) == len(value.items) else None


def _written(directives: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def _set_by_hand(document: Document, call: Node) -> Iterator[tuple[str, str, Location]]:
    """Yield the header of `res.setHeader("…", "…")` in a function that `use` gets and no other argument."""
    function, arguments = field(call, "function"), call_arguments(call)
    name = field(function, "property") if function is not None else None
    if name is None or document.text(name) not in _SETTERS or len(arguments) != 2:
        return
    header, value = string_text(document, arguments[0]), string_text(document, arguments[1])
    around = next((each for each in ancestors(call) if each.type in FUNCTIONS), None)
    if header and value and around is not None and not _is_conditional(call) and _is_used_everywhere(document, around):
        yield header.lower(), value, document.location(arguments[1])
