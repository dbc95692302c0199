"""A session route that knows its users becomes the way to the new server: it says who asks, and hands all on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.cleaning.removal import remove_statement, statement_of
from chatkit_doctor.migrate.routes.proxy_text import proxy_text
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.tree import field, walk, without_comments
from chatkit_doctor.web.writing.literals import indentation

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.migrate.routes.web import WebRoute
    from chatkit_doctor.web.document import Document

_READS_BODY = re.compile(r"\bawait\s+\w+(?:\.\w+)?\.(?:json|text)\(\)|JSON\.parse\(\s*\w+\.body")
# What a file's path ends with; a path below is one without it.
_ENDING = re.compile(r"(?:/index)?\.[cm]?[jt]sx?$")
_PLACES = (
    (re.compile(r"(?:^|/)app(?P<path>/.*)/route$"), "{path}"),
    (re.compile(r"(?:^|/)pages(?P<path>/api(?:/.*)?)$"), "{path}"),
    (re.compile(r"(?:^|/)netlify/functions/(?P<path>[\w-]+)$"), "/.netlify/functions/{path}"),
    (re.compile(r"(?:^|/)functions(?P<path>/.*)$"), "{path}"),
    (re.compile(r"(?:^|/)(?P<path>api(?:/.*)?)$"), "/{path}"),
)


def make_proxy(plan: Plan, route: WebRoute, cleaner: Cleaner) -> str | None:
    """Turn a route into a proxy; return its path, or None where that is not possible."""
    document, handler = route.document, route.function
    path = path_of(plan, route)
    parameters = _parameters(document, handler) if handler is not None else []
    user = _user_text(route)
    if handler is None or path is None or not parameters or user is None:
        return None
    step = _step(handler, route.call)
    block = step.parent if step is not None else None
    if step is None or block is None or _reads_body_before(document, handler, step):
        return None
    behind = [each for each in without_comments(block) if each.start_byte > step.start_byte]
    source = document.source
    outer = indentation(source, document.location(step).start)
    end = document.location(behind[-1] if behind else step).end
    text = proxy_text(plan, document, parameters, user).replace("\n", f"\n{outer}")
    edits = [Edit(source.location(document.location(step).start, end), text)]
    edits += [remove_statement(document, each) for each in _body_readers(document, handler, step)]
    cleaner.edit(document, edits, [step, *behind])
    plan.move(
        document.path, f"hands the chat on to the new server, for {user}", document.location(route.call).first.line
    )
    return path


def is_of_another_client(plan: Plan, route: WebRoute, pages: Iterable[Path]) -> bool:
    """Return whether a route has a path that no page of the chat names, nor a module that it imports.

    An app on a phone asks it, say.
    """
    path = path_of(plan, route)
    return path is not None and not any(plan.texts.mentions(each, path) for each in _with_imported(plan, pages))


def _with_imported(plan: Plan, pages: Iterable[Path]) -> list[Path]:
    """Return some files and the modules of the project that they import, directly or not."""
    resolver = Resolver(plan.texts)
    found = dict.fromkeys(pages)
    pending = list(found)
    while pending:
        document = plan.texts.document(pending.pop())
        taken = (resolver.resolve(document.path, each.specifier) for each in imports(document)) if document else ()
        fresh = [each for each in taken if each is not None and each not in found]
        found.update(dict.fromkeys(fresh))
        pending += fresh
    return list(found)


def path_of(plan: Plan, route: WebRoute) -> str | None:
    """Return the path that a page reaches a route at; None where it is not fixed."""
    for document, statement in route.registrations:
        for node in walk(statement):
            if node.type == "string" and document.text(node)[1:2] == "/":
                return document.text(node)[1:-1]
    relative = route.document.path.relative_to(plan.texts.root).as_posix()
    stem = _ENDING.sub("", relative)
    for pattern, made in _PLACES if stem != relative else ():
        found = pattern.search(stem)
        if found is not None:
            path = re.sub(r"/\([^)/]*\)", "", made.format(path=found["path"]))
            return None if "[" in path else path
    return None


def _parameters(document: Document, handler: Node) -> list[str]:
    listed = field(handler, "parameters")
    single = field(handler, "parameter")
    nodes = without_comments(listed) if listed is not None else [single] if single is not None else []
    found = []
    for each in nodes:
        pattern = field(each, "pattern") or each
        if pattern.type == "object_pattern" and "request" in document.text(pattern):
            # Cloudflare's functions get all in one object.
            found += ["request", *(["env"] if re.search(r"\benv\b", document.text(pattern)) else [])]
        elif pattern.type == "identifier":
            found.append(document.text(pattern))
        else:
            return []
    return found


def _user_text(route: WebRoute) -> str | None:
    text = route.user.split(" = ", maxsplit=1)[0].strip()
    return text or None


def _step(handler: Node, call: Node) -> Node | None:
    """Return the statement of the handler that has the session made."""
    if not handler.start_byte <= call.start_byte < handler.end_byte:
        return None
    step = statement_of(call)
    # The address may stand in a constant of its own; the first statement is where the new ones begin.
    return step if handler.start_byte < step.start_byte else None


def _body_readers(document: Document, handler: Node, step: Node) -> list[Node]:
    """Return the statements before a step that read the body, which is the chat's from now on."""
    block = step.parent
    body = field(handler, "body")
    # Where the step stands in the body itself, each statement comes twice.
    found = {
        each.start_byte: each
        for parent in (block, body)
        for each in (without_comments(parent) if parent is not None else ())
        if each.end_byte <= step.start_byte
        and each.type in {"lexical_declaration", "variable_declaration"}
        and _READS_BODY.search(document.text(each))
    }
    return list(found.values())


def _reads_body_before(document: Document, handler: Node, step: Node) -> bool:
    """Return whether what a body held is used in what stays."""
    readers = _body_readers(document, handler, step)
    names = {
        document.text(node)
        for each in readers
        for declarator in without_comments(each)
        if (pattern := field(declarator, "name")) is not None
        for node in walk(pattern)
        if node.type in {"identifier", "shorthand_property_identifier_pattern"}
    }
    stays = [
        node
        for node in walk(handler)
        if node.type == "identifier"
        and node.end_byte <= step.start_byte
        and not any(each.start_byte <= node.start_byte < each.end_byte for each in readers)
    ]
    return any(document.text(node) in names for node in stays)
