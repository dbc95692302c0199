"""Find an endpoint that sends ChatKit's stream as something else, or puts its events into events."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from chatkit_doctor.backend.endpoints.process import ProcessCall, process_calls
from chatkit_doctor.backend.endpoints.streamed import (
    WrappedAgain,
    WrongType,
    untyped_responses,
    wrapped_again,
    wrong_types,
)
from chatkit_doctor.checks.endpoint.whole_relay_fix import passing_fix
from chatkit_doctor.contracts.sdk.sdk_names import EVENT_STREAM
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs, Severity
from chatkit_doctor.frontend.pairs.relays import WholeRelay, whole_relays
from chatkit_doctor.project.app import App
from chatkit_doctor.words import last_part


def not_streamed(app: App) -> Iterator[Finding]:
    """Find an endpoint that sends ChatKit's stream as something else, or puts its events into events."""
    for process in process_calls(app):
        yield from (_of_type(app, each) for each in wrong_types(app, process))
        yield from map(_wrapped, wrapped_again(app, process))
        yield from (_untyped(app, process, each) for each in untyped_responses(app, process))
    yield from map(_relayed, whole_relays(app))


def _of_type(app: App, found: WrongType) -> Finding:
    name = last_part(app.names(found.module).qualified(found.call.func) or "")
    told = f"as {found.written.value!r}" if found.written is not None and found.written.value else "without a type"
    return Finding(
        "CK702",
        found.module.location(found.written or found.call.func),
        f"{name} sends the events of process {told}",
        label=f"is not {EVENT_STREAM}",
        help=f'pass {found.place[1]}="{EVENT_STREAM}"',
        fix=Fix(f"call it {EVENT_STREAM}", Applicability.SAFE, partial(_typed, found)),
    )


def _untyped(app: App, process: ProcessCall, call: ast.Call) -> Finding:
    dotted = app.names(process.module).qualified(call.func) or ""
    whole = process.module.location(call)
    text = f'{process.module.location(call.func).text}(headers={{"Content-Type": "{EVENT_STREAM}"}})'
    is_empty = not call.keywords and "#" not in whole.text
    return Finding(
        "CK702",
        process.module.location(call.func),
        f"{last_part(dotted)} sends the events of process without a type",
        label=f"is not {EVENT_STREAM}",
        help=f'pass headers={{"Content-Type": "{EVENT_STREAM}"}}',
        fix=Fix(f"call it {EVENT_STREAM}", Applicability.SAFE, lambda: [Edit(whole, text)]) if is_empty else None,
    )


def _typed(found: WrongType) -> list[Edit]:
    if found.written is not None:
        return [Edit(found.module.location(found.written), f'"{EVENT_STREAM}"')]
    last = [*found.call.args, *(each.value for each in found.call.keywords)][-1]
    end = found.module.location(last).end
    return [Edit(found.module.source.location(end, end), f', {found.place[1]}="{EVENT_STREAM}"')]


def _wrapped(found: WrappedAgain) -> Finding:
    assert found.node.value is not None
    at = found.module.location(found.node.value)
    return Finding(
        "CK702",
        at,
        f"`{found.chunk}` is an event as bytes already, and is put into another one",
        label="a second data:",
        help=f"yield {found.chunk} as it is",
        seen_as=SeenAs("wrapped"),
        why="The page reads an event whose data is the text of an event, and shows nothing.",
        fix=Fix(f"yield {found.chunk}", Applicability.SAFE, lambda: [Edit(at, found.chunk)]),
    )


def _relayed(found: WholeRelay) -> Finding:
    read = found.document.text(found.read)
    is_parsed = found.method == "json"
    fact = (
        f"parses the answer of {found.path}, which is a stream of events"
        if is_parsed
        else (f"waits for the whole answer of {found.path} before any of it goes on")
    )
    return Finding(
        "CK702",
        found.document.location(found.read),
        f"`{read}` {fact}",
        label="a stream is no JSON" if is_parsed else "read whole",
        help=f"answer with new Response({found.answer}.body, …), which passes on what comes in",
        severity=Severity.ERROR if is_parsed else None,
        seen_as=SeenAs("parsed") if is_parsed else None,
        why="Every message ends in an error, for its answer begins with `data:`."
        if is_parsed
        else "The words are shown all at once, when the answer is complete.",
        fix=passing_fix(found),
    )
