"""Find a request that `process` cannot read, and a use of its result that fails."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.misuses import Misuse, Misused, misuses
from chatkit_doctor.backend.endpoints.process import process_calls
from chatkit_doctor.checks.endpoint.misused_process_result_fix import body_of, fix_for
from chatkit_doctor.contracts.sdk.sdk_names import STREAMING_RESULT
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import last_part, shortened


def misused_process_result(app: App) -> Iterator[Finding]:
    """Find a request that `process` cannot read, and a use of its result that fails."""
    for process in process_calls(app):
        for found in misuses(app, process):
            yield Finding(
                "CK701",
                found.module.location(found.node),
                _fact(found),
                label=_LABELS[found.kind],
                help=_help(app, found),
                seen_as=_seen_as(found),
                why=_why(found.kind),
                fix=fix_for(app, process, found),
            )


def _fact(found: Misused) -> str:
    return _FACTS[found.kind].format(written=shortened(ast.unparse(found.node)), name=found.name)


def _why(kind: Misuse) -> str:
    if kind in _OF_REQUEST:
        return _WHY_REQUEST
    return _WHY_BODY if kind in _OF_BODY else ""


def _help(app: App, found: Misused) -> str:
    if found.kind is Misuse.NAMED and found.name == last_part(STREAMING_RESULT):
        return _STREAMED
    body = body_of(app, found) if found.kind in _OF_BODY else None
    return f"write `{body}`" if body is not None else _HELP[found.kind]


def _seen_as(found: Misused) -> SeenAs:
    is_filled = found.kind in {Misuse.AS_MODEL, Misuse.NAMED}
    return SeenAs(_LINES[found.kind], {"name": found.name} if is_filled else {})


_PARSED = "`{written}` is parsed, and process reads the bytes of the body"
_FACTS = {
    Misuse.CALLED: "`{written}` calls the bytes that the result holds",
    Misuse.ENCODED: "`{written}` makes JSON of what is JSON already, as bytes",
    Misuse.AS_MODEL: "the result of process has no {name}()",
    Misuse.AS_DATA: "the result of process is nothing that {name}() takes",
    Misuse.NAMED: "`{written}` names the {name}, and does not answer with what it holds",
    Misuse.PARSED: _PARSED,
    Misuse.LOADED: _PARSED,
    Misuse.READ_AS_DICT: _PARSED,
    Misuse.WHOLE_REQUEST: "`{written}` is the whole request, and process reads the bytes of its body",
    Misuse.CALLED_BODY: "`{written}` calls the bytes that {name} is",
    Misuse.AWAITED_BODY: "`{written}` awaits the bytes that {name} gives",
    Misuse.METHOD: "`{written}` is not the body yet, and process reads its bytes",
}
_OF_BODY = frozenset({Misuse.CALLED_BODY, Misuse.AWAITED_BODY, Misuse.METHOD})
_OF_REQUEST = frozenset({Misuse.PARSED, Misuse.LOADED, Misuse.READ_AS_DICT, Misuse.WHOLE_REQUEST, Misuse.METHOD})
_WHY_BODY = "The body cannot be read so, so every request ends in a 500."
_WHY_REQUEST = "process parses the body itself, so every request ends in a 500."
_LABELS = {
    Misuse.CALLED: "json is an attribute",
    Misuse.ENCODED: "these are bytes",
    Misuse.AS_MODEL: "no such method",
    Misuse.AS_DATA: "no dataclass",
    Misuse.NAMED: "the name of an object",
    Misuse.PARSED: "a dict, not bytes",
    Misuse.LOADED: "a dict, not bytes",
    Misuse.READ_AS_DICT: "a dict, not bytes",
    Misuse.WHOLE_REQUEST: "a request, not bytes",
    Misuse.CALLED_BODY: "bytes, not a method",
    Misuse.AWAITED_BODY: "bytes, nothing to await",
    Misuse.METHOD: "not bytes yet",
}
_STREAMED = "return StreamingResponse(result, media_type='text/event-stream') for a StreamingResult"
_RESPONSE = "return Response(content=result.json, media_type='application/json')"
_HELP = {
    Misuse.CALLED: "take the parentheses off: json holds the bytes of the answer",
    Misuse.ENCODED: _RESPONSE,
    Misuse.AS_MODEL: _RESPONSE,
    Misuse.AS_DATA: _RESPONSE,
    Misuse.NAMED: _RESPONSE,
    Misuse.PARSED: "give it the raw body, such as `await request.body()`",
    Misuse.LOADED: "give it the body as it was before",
    Misuse.READ_AS_DICT: "take the request as a parameter and give it the raw body, such as `await request.body()`",
    Misuse.WHOLE_REQUEST: "give it the raw body, such as `await request.body()`",
    Misuse.CALLED_BODY: "take the parentheses off",
    Misuse.AWAITED_BODY: "leave the await out",
    Misuse.METHOD: "give it the raw body, such as `await request.body()`",
}
_LINES = {
    Misuse.CALLED: "called",
    Misuse.ENCODED: "encoded",
    Misuse.AS_MODEL: "model",
    Misuse.AS_DATA: "data",
    Misuse.NAMED: "named",
    Misuse.PARSED: "parsed",
    Misuse.LOADED: "parsed",
    Misuse.READ_AS_DICT: "parsed",
    Misuse.WHOLE_REQUEST: "parsed",
    Misuse.CALLED_BODY: "called",
    Misuse.AWAITED_BODY: "awaited",
    Misuse.METHOD: "parsed",
}
