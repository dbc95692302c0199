"""What a handler in JavaScript or TypeScript is that hands the chat on, in the words of what starts it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.environment import PROXY_KEY, SERVER_URL
from chatkit_doctor.web.writing.literals import indent_unit, quoted

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.web.document import Document


def proxy_text(plan: Plan, document: Document, parameters: list[str], user: str) -> str:
    """Return the statements that hand the chat on for a user. parameters: the names of what a handler is given."""
    request, *rest = parameters
    unit, quote = indent_unit(document.source), partial(quoted, document)
    server = _server_of(document, parameters)
    before, body = _body(plan, server, request, unit)
    is_on_edge = server is _Server.HONO and f"{request}.env" in document.source.text
    environment = f"{request}.env" if is_on_edge else "env" if "env" in rest else "process.env"
    lines = [
        *before,
        "// The new server believes this app alone who is asking, by a key that only the two know.",
        f"const answer = await fetch({environment}.{SERVER_URL} || {quote(plan.server_url)}, {{",
        f"{unit}method: {quote('POST')},",
        f"{unit}headers: {{",
        f"{unit}{unit}{quote('Content-Type')}: {quote('application/json')},",
        f"{unit}{unit}{quote('X-User-Id')}: encodeURIComponent(String({user})),",
        f"{unit}{unit}{quote('X-Proxy-Key')}: {environment}.{PROXY_KEY} || {quote('')},",
        f"{unit}}},",
        f"{unit}body: {body},",
        "});",
    ]
    kind = f"answer.headers.get({quote('Content-Type')}) || {quote('application/json')}"
    match server:
        case _Server.EXPRESS:
            lines += [
                f"{rest[0]}.status(answer.status);",
                f"{rest[0]}.setHeader({quote('Content-Type')}, {kind});",
                *_piece_by_piece(rest[0], unit),
            ]
        case _Server.FASTIFY:
            lines += [
                f"{rest[0]}.hijack();",
                f"{rest[0]}.raw.writeHead(answer.status, {{",
                f"{unit}...{rest[0]}.getHeaders(),",
                f"{unit}{quote('Content-Type')}: {kind},",
                "});",
                *_piece_by_piece(f"{rest[0]}.raw", unit),
            ]
        case _:
            lines += [
                "return new Response(answer.body, {",
                f"{unit}status: answer.status,",
                f"{unit}headers: {{ {quote('Content-Type')}: {kind} }},",
                "});",
            ]
    return "\n".join(lines)


class _Server(StrEnum):
    """What a handler is given: a request of the web, or one of these frameworks'."""

    WEB = "web"
    EXPRESS = "express"
    FASTIFY = "fastify"
    HONO = "hono"


def _server_of(document: Document, parameters: list[str]) -> _Server:
    request, *rest = parameters
    text = document.source.text
    if not rest and (request == "c" or re.search(r"['\"]hono['\"]", text)):
        return _Server.HONO
    if rest and (rest[0] == "reply" or re.search(r"['\"]fastify['\"]", text)):
        return _Server.FASTIFY
    return _Server.EXPRESS if rest and re.fullmatch(r"res(?:ponse)?", rest[0]) else _Server.WEB


def _body(plan: Plan, server: _Server, request: str, unit: str) -> tuple[list[str], str]:
    """Return the statements that read the body of the chat's request, and the expression that it is then."""
    if server is _Server.HONO:
        return [], f"await {request}.req.text()"
    if server is _Server.WEB:
        return [], f"await {request}.text()"
    if server is _Server.EXPRESS and _leaves_body(plan):
        read = ["const pieces = [];", f"for await (const piece of {request}) {{", f"{unit}pieces.push(piece);", "}"]
        return read, "Buffer.concat(pieces)"
    return [], f"JSON.stringify({request}.body)"


def _leaves_body(plan: Plan) -> bool:
    """Return whether a server on express reads no body; what a host starts by its place has it read already."""
    paths = plan.texts.web_paths()
    texts = [source.text for each in paths if (source := plan.texts.read(each)) is not None]
    is_express = any(re.search(r"['\"]express['\"]", each) for each in texts)
    return is_express and not any(
        re.search(r"\b(?:express|bodyParser)\.json\(|\b(?:use|all|post)\([^\n]{0,80}?(?<![.\w])json\(", each)
        for each in texts
    )


def _piece_by_piece(response: str, unit: str) -> list[str]:
    return [
        "const reader = answer.body?.getReader();",
        "let piece = await reader?.read();",
        "while (piece && !piece.done) {",
        f"{unit}{response}.write(piece.value);",
        f"{unit}piece = await reader?.read();",
        "}",
        f"{response}.end();",
    ]
