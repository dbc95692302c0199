"""The ids of threads that browsers keep: those of the hosted workflow name no thread of the new server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import INITIAL_THREAD
from chatkit_doctor.finding import Edit
from chatkit_doctor.frontend.threads.kept import KeptThread, kept_threads
from chatkit_doctor.frontend.threads.storage import Storage, StorageCall
from chatkit_doctor.migrate.cleaning.references import bindings_named
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from pathlib import Path

    from tree_sitter import Node

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.web.document import Document

# What the new keys end with.
_NEW = "-v2"
_LITERALS = frozenset({"string", "template_string"})
_TODO = "a kept id of the workflow opens no thread of the new server: give it a new key, or drop what is kept"


def forget_threads(plan: Plan) -> None:
    """Keep the ids of threads under new keys, so that no browser asks the new server for one that it never had."""
    edits: dict[tuple[str, int], Edit] = {}
    renamed: set[str] = set()
    for app in plan.texts.now.apps:
        storage = app.derive(Storage)
        for kept in kept_threads(app):
            keys = _keys(kept)
            for key in (each for each in keys if each not in renamed):
                renamed.add(key)
                _rename(plan, storage, key, edits)
            if kept.initial is not None and not keys:
                path = kept.initial.document.path
                plan.leave(path, f"{INITIAL_THREAD} comes from elsewhere", _TODO, _line_of(plan, path, INITIAL_THREAD))
    plan.texts.apply(edits.values())


def _keys(kept: KeptThread) -> list[str]:
    read = kept.read()
    found = [read.key if read is not None else None, *(save.call.key for save in kept.all_saves())]
    return list(dict.fromkeys(key for key in found if key))


def _rename(plan: Plan, storage: Storage, key: str, edits: dict[tuple[str, int], Edit]) -> None:
    calls = [call for method in ("getItem", "setItem", "removeItem") for call in storage.calls(method, key)]
    known = [call for call in calls if call.key == key]
    places = [_literal(plan, call) for call in known]
    path = known[0].document.path
    line = _line_of(plan, path, known[0].document.text(known[0].node))
    if None in places or len(known) < len(calls):
        plan.leave(path, f"the id of the open thread is kept as {key!r}", _TODO, line)
        return
    for place in places:
        if place is not None:
            document, node = place
            end = document.location(node).end - 1
            edits[str(document.path), end] = Edit(document.source.location(end, end), _NEW)
    what = f"the id of the open thread is kept as {key + _NEW!r}: what {key!r} holds names a thread of the workflow"
    plan.move(path, what, line)


def _line_of(plan: Plan, path: Path, text: str) -> int | None:
    """Return the line on which a text stood before anything was changed."""
    source = plan.texts.start.read(path)
    start = source.text.find(text) if source is not None else -1
    return source.position(start).line if source is not None and start >= 0 else None


def _literal(plan: Plan, call: StorageCall) -> tuple[Document, Node] | None:
    """Return the text that is the key of a call, where it stands in place, or in a constant for keys alone."""
    node = call.arguments[0]
    if node.type in _LITERALS:
        return call.document, node
    if node.type != "identifier":
        return None
    return next(_declared(plan, call.document, call.document.text(node)), None)


def _declared(plan: Plan, document: Document, name: str) -> Iterator[tuple[Document, Node]]:
    for binding in bindings_named(document, name):
        value = field(binding.declaration, "value")
        if binding.kind is ScopedKind.CONST and value is not None and value.type in _LITERALS:
            yield document, value
        elif binding.kind is ScopedKind.IMPORT and binding.imported is not None:
            other = Resolver(plan.texts).document(document.path, binding.imported.specifier)
            if other is not None:
                yield from _declared(plan, other, binding.imported.imported)
