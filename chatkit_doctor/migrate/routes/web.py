"""Session routes in JavaScript and TypeScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named
from chatkit_doctor.migrate.cleaning.removal import remove_statement
from chatkit_doctor.migrate.routes.registrations import registration_around, registrations_of, removal_of
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

# Folders in which a framework or a host starts each file by its place.
_BY_PLACE = re.compile(
    r"(?:^|/)(?:(?:src/)?app/(?:.*/)?route\.[cm]?[jt]sx?|(?:src/)?pages/api/.+|(?:netlify/)?functions/.+"
    r"|api/.+|server/(?:api|routes)/.+|(?:src/|app/)?routes/.+)$"
)
# How a worker asks for the path of a request.
_PATH_ASKED = re.compile(r"""\bpath(?:name)?\b[^\n]{0,20}?["'`](/[^"'`]*)["'`]""")
_MOST_HOPS = 4


@dataclass(frozen=True, slots=True)
class WebRoute:
    """A session route: the function that answers, the `user` of its sessions, and how it is started.

    handler: the outermost function around the call, function: the innermost one.
    registrations: the statements that start it (`app.post(…)`), each with its file; none where its place starts it.
    is_free: whether nothing else names its function.
    """

    document: Document
    call: Node
    handler: Node | None
    registrations: tuple[tuple[Document, Node], ...]
    user: str
    signed_in: bool
    function: Node | None = None
    is_free: bool = True


def web_route(texts: Texts, document: Document, at: Location) -> WebRoute | None:
    """Return the route that a session call stands in; None where the call is not there any more."""
    node = _node_at(document, at)
    if node is None:
        return None
    functions = functions_around(document, node)
    inner, handler = (functions[0], functions[-1]) if functions else (None, None)
    user = user_of(document, handler or node)
    inline = registration_around(document, node)
    apart = registrations_of(texts, document, handler) if handler is not None and inline is None else []
    started = [(document, inline)] if inline is not None else apart or []
    around = document.text(handler) if handler is not None else ""
    around += "".join(f"\n{other.text(each)}" for other, each in started)
    signed_in = is_signed_in(user, around)
    return WebRoute(document, node, handler, tuple(started), user, signed_in, inner, is_free=apart is not None)


def remove_route(plan: Plan, route: WebRoute, cleaner: Cleaner) -> bool:
    """Take a route out; return whether it could be."""
    path = route.document.path
    relative = path.relative_to(plan.texts.root).as_posix()
    line = route.document.location(route.call).first.line
    if route.registrations:
        for document, statement in reversed(route.registrations):
            # A function that stands apart in the same file goes as what nothing uses any more.
            cleaner.edit(document, [remove_statement(document, statement)], [statement])
        if route.handler is not None and all(other.path != path for other, _ in route.registrations):
            cleaner.edit(route.document, removal_of(route.document, route.handler), [route.handler])
        plan.move(path, "the session route is gone; the page speaks to the new server", line)
        return True
    if _BY_PLACE.search(relative) or _is_only_a_route(route):
        _suspect_imports(plan, route.document, cleaner)
        plan.texts.remove(path)
        plan.move(path, "the session route is deleted; the page speaks to the new server", line)
        return True
    if route.is_free and route.handler is not None and route.handler.type == "function_declaration":
        cleaner.edit(route.document, removal_of(route.document, route.handler), [route.handler])
        plan.move(path, "the function that made sessions is gone", line)
        return True
    return False


def user_of(document: Document, within: Node) -> str:
    """Return the expression of `user` in the body of a session, its names followed as far as they are plain."""
    for node in walk(within):
        if node.type not in {"pair", "shorthand_property_identifier"}:
            continue
        key = field(node, "key") or node
        if key_text(document, key) != "user":
            continue
        value = field(node, "value") or node
        return _followed(document, value, _MOST_HOPS)
    return ""


def _followed(document: Document, value: Node, hops: int) -> str:
    text = document.text(value)
    if hops == 0:
        return text
    for node in walk(value):
        if node.type not in {"identifier", "shorthand_property_identifier"}:
            continue
        for binding in bindings_named(document, document.text(node))[:1]:
            given = field(binding.declaration, "value") or field(binding.declaration, "body")
            if given is not None and given.start_byte != value.start_byte:
                text += f" = {_followed(document, given, hops - 1)}" if len(text) < 4000 else ""
    return text


def _node_at(document: Document, at: Location) -> Node | None:
    for node in document.find("string", "template_string", "member_expression"):
        if document.location(node).start == at.start and document.location(node).end == at.end:
            return node
    return None


def _is_only_a_route(route: WebRoute) -> bool:
    """Return whether a file does nothing but export one handler."""
    statements = [each for each in route.document.scripts[0].root.named_children if each.type == "export_statement"]
    text = route.document.source.text
    if len(set(_PATH_ASKED.findall(text))) > 1:
        return False
    return len(statements) == 1 and "default" in route.document.text(statements[0])[:20] and "fetch" in text


def _suspect_imports(plan: Plan, document: Document, cleaner: Cleaner) -> None:
    resolver = Resolver(plan.texts)
    for each in imports(document):
        target = resolver.resolve(document.path, each.specifier)
        if target is not None:
            cleaner.suspect(target, [name.imported for name in each.names])
