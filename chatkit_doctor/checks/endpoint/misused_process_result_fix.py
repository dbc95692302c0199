"""The fix for a misused result of `process`: the bytes as they are, and the raw body of the request."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from chatkit_doctor.backend.endpoints.misuses import Misuse, Misused, request_of
from chatkit_doctor.backend.endpoints.process import ProcessCall
from chatkit_doctor.contracts.frameworks import json_responses
from chatkit_doctor.contracts.sdk.sdk_names import PLAIN_JSON, PLAIN_RESULT
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.words import last_part

_RESPONSE = "Response"


def fix_for(app: App, process: ProcessCall, found: Misused) -> Fix | None:
    """Return the fix for one misuse; None where no edit is sure to be right."""
    return _named_fix(app, process, found) if found.kind is Misuse.NAMED else _other_fix(app, process, found)


def _other_fix(app: App, process: ProcessCall, found: Misused) -> Fix | None:
    build: Callable[[], list[Edit]] | None = None
    title = ""
    match found.kind:
        case Misuse.CALLED:
            outer = _json_response(app, found)
            if outer is not None:
                return _fix("answer with the bytes", partial(_as_response, app, found, outer))
            title, build = "take json as it is", partial(_uncalled, found)
        case Misuse.ENCODED:
            outer = (
                found.node if isinstance(found.node, ast.Call) and _is_json_response(app, found, found.node) else None
            )
            if outer is not None:
                title, build = "answer with the bytes", partial(_as_response, app, found, outer)
        case Misuse.PARSED | Misuse.WHOLE_REQUEST:
            if (body := _body(app, process, found)) is not None:
                title, build = f"give it `{body}`", partial(_replaced, found, body)
        case Misuse.LOADED:
            return _unloaded_fix(app, process, found)
        case Misuse.CALLED_BODY | Misuse.AWAITED_BODY | Misuse.METHOD:
            body = body_of(app, found)
            is_async = isinstance(process.function, ast.AsyncFunctionDef)
            if body is not None and (is_async or "await" not in body):
                title, build = f"give it `{body}`", partial(_replaced, found, body)
        case _:
            pass
    return _fix(title, build) if build is not None else None


def _named_fix(app: App, process: ProcessCall, found: Misused) -> Fix | None:
    """Return the fix that answers with what a result holds; None for a stream, and where an answer takes no bytes."""
    calls = (each for each in found.module.ancestors(found.node) if isinstance(each, ast.Call))
    outer = next(calls, None)
    answer = app.names(found.module).qualified(outer.func) if outer is not None else None
    if found.name != last_part(PLAIN_RESULT) or not (answer or "").endswith(f"responses.{_RESPONSE}"):
        return None
    return _fix("answer with the bytes", partial(_replaced, found, f"{process.result}.{PLAIN_JSON}"))


def _fix(title: str, build: Callable[[], list[Edit]]) -> Fix:
    return Fix(title, Applicability.SAFE, build)


def _unloaded_fix(app: App, process: ProcessCall, found: Misused) -> Fix | None:
    """Return the fix that gives the body as it was read; None where its dict is used by others as well."""
    assert isinstance(found.node, ast.Call)
    if found.node is not process.request and _is_read_elsewhere(app, process):
        return None
    # The comments beside it would be lost, and what a name is said to be would be wrong.
    is_said = isinstance(found.module.parents[found.node], ast.AnnAssign)
    if is_said or "#" in found.module.location(found.node).text:
        return None
    body = found.module.location(found.node.args[0]).text
    return _fix("give it the body as it was read", partial(_replaced, found, body))


def _uncalled(found: Misused) -> list[Edit]:
    assert isinstance(found.node, ast.Call)
    whole, name = found.module.location(found.node), found.module.location(found.node.func)
    return [Edit(whole.source.location(name.end, whole.end), "")]


def _json_response(app: App, found: Misused) -> ast.Call | None:
    """Return the response of JSON that a misuse is all of."""
    parent = found.module.parents[found.node]
    if isinstance(parent, ast.keyword) and parent.arg == "content":
        parent = found.module.parents[parent]
    return parent if isinstance(parent, ast.Call) and _is_json_response(app, found, parent) else None


def _is_json_response(app: App, found: Misused, call: ast.Call) -> bool:
    """Return whether a call makes a response of JSON out of one thing, in a module that has plain responses as well."""
    dotted = app.names(found.module).qualified(call.func) or ""
    is_alone = len(call.args) + len(call.keywords) == 1
    return is_alone and dotted in json_responses() and dotted.split(".")[0] in {"fastapi", "starlette"}


def _as_response(app: App, found: Misused, call: ast.Call) -> list[Edit]:
    names = app.names(found.module)
    home = (names.qualified(call.func) or "").rpartition(".")[0]
    wanted = imported(names, {home: [_RESPONSE]})
    content = call.args[0] if call.args else call.keywords[0].value
    if isinstance(content, ast.Call):
        content = content.func
    text = found.module.location(content).text
    written = f'{wanted.local[_RESPONSE]}(content={text}, media_type="application/json")'
    return [*wanted.edits, Edit(found.module.location(call), written)]


def _body(app: App, process: ProcessCall, found: Misused) -> str | None:
    """Return the expression of the raw body; None where the parsed one is read by others as well."""
    node = found.node
    if found.kind is Misuse.WHOLE_REQUEST:
        owner: ast.expr = node
    else:
        inner = node.value if isinstance(node, ast.Await) else node
        assert isinstance(inner, ast.Call)
        assert isinstance(inner.func, ast.Attribute)
        owner = inner.func.value
        if node is not process.request and _is_read_elsewhere(app, process):
            return None
    assert isinstance(owner, ast.Name)
    known = request_of(app, found.module, owner)
    is_async = isinstance(process.function, ast.AsyncFunctionDef)
    return known.read_from(owner.id) if known is not None and (known.how != "await" or is_async) else None


def body_of(app: App, found: Misused) -> str | None:
    """Return how a request that is misread is asked for its body; None where it has no name."""
    inner = found.node.value if isinstance(found.node, ast.Await) else found.node
    method = inner.func if isinstance(inner, ast.Call) else inner
    owner = method.value if isinstance(method, ast.Attribute) else None
    known = request_of(app, found.module, owner) if owner is not None else None
    return known.read_from(owner.id) if known is not None and isinstance(owner, ast.Name) else None


def _is_read_elsewhere(app: App, process: ProcessCall) -> bool:
    """Return whether anything but `process` reads the name that the parsed body has."""
    assert isinstance(process.request, ast.Name)
    bindings = app.names(process.module).lookup(process.request.id, process.request)
    if [each.kind for each in bindings[:2]] != [BindingKind.ASSIGNMENT]:
        return True
    return any(
        each.id == process.request.id
        and each is not process.request
        and isinstance(each.ctx, ast.Load)
        and app.names(process.module).lookup(each.id, each) == bindings
        for each in process.module.nodes(ast.Name)
    )


def _replaced(found: Misused, text: str) -> list[Edit]:
    return [Edit(found.module.location(found.node), text)]
