"""Routes of a page's own server that hand the chat on, and read an answer whole before they pass any of it on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.backend.endpoints.process import endpoints
from chatkit_doctor.frontend.pairs.between import is_server_route
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.texts import is_query
from chatkit_doctor.web.literals import fragment_text
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field, functions_around, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_READS = frozenset({"json", "text"})
_CONDITIONS = frozenset(
    {"if_statement", "ternary_expression", "switch_statement", "catch_clause", "binary_expression", "for_statement"}
    | {"for_in_statement", "while_statement"}
)
_PATH = regex(r"(?:https?://[^/?#]*)?(?P<path>/[^?#]*)")


@dataclass(frozen=True, slots=True, eq=False)
class WholeRelay:
    """A read of the whole answer of ChatKit's endpoint. answer: the variable of the answer. path: what was asked.

    function: the route's. read: the call. method: json or text. kept: the variable of what was read, None for none.
    returned: what the route returns of it.
    """

    document: Document
    function: Node
    answer: str
    path: str
    read: Node
    method: str
    kept: str | None
    returned: Node


def whole_relays(app: App) -> Iterator[WholeRelay]:
    """Yield the routes that read each answer whole, in files that never touch its body as it comes in."""
    paths = {each.route.path.text for pair in app.pairs() for each in endpoints(pair.backend)}
    for document in app.documents() if paths else ():
        path = document.path
        if app.owns(path) and not app.is_test_or_story(path) and is_server_route(path.name, path.parts):
            for asked in _asked(document):
                function, answer, tail = asked
                if any(each.endswith(tail) for each in paths):
                    yield from _reads(document, function, answer, tail)


def _asked(document: Document) -> Iterator[tuple[Node, str, str]]:
    """Yield the variables that hold what `fetch` answered, each with its function, its name and the path asked for."""
    for declarator in document.find("variable_declarator"):
        name, value = field(declarator, "name"), field(declarator, "value")
        call = value.named_children[0] if value is not None and value.type == "await_expression" else None
        function = field(call, "function") if call is not None and call.type == "call_expression" else None
        around = functions_around(declarator)
        if name is None or function is None or call is None or document.text(function) != "fetch" or not around:
            continue
        given = call_arguments(call)
        tail = _tail(document, around[0], given[0]) if given else None
        if tail is not None:
            yield around[0], document.text(name), tail


def _tail(document: Document, function: Node, url: Node) -> str | None:
    """Return the path at the end of an address, as far as it is written out."""
    if url.type == "identifier":
        url = _declared(document, function, document.text(url)) or url
    if url.type not in {"string", "template_string"}:
        return None
    parts = url.named_children
    # The query that the page's request has goes behind the path.
    if (
        parts
        and parts[-1].type == "template_substitution"
        and any(is_query(document, each) for each in parts[-1].named_children)
    ):
        parts = parts[:-1]
    last = parts[-1] if parts and parts[-1].type != "template_substitution" else None
    found = _PATH.fullmatch(fragment_text(document, last)) if last is not None else None
    return found["path"].rstrip("/") or None if found is not None else None


def _declared(document: Document, function: Node, name: str) -> Node | None:
    declarators = [each for each in walk(function) if each.type == "variable_declarator"]
    values = [field(each, "value") for each in declarators if _is_name(document, field(each, "name"), name)]
    return values[0] if len(values) == 1 else None


def _is_name(document: Document, node: Node | None, name: str) -> bool:
    return node is not None and node.type == "identifier" and document.text(node) == name


def _reads(document: Document, function: Node, answer: str, tail: str) -> Iterator[WholeRelay]:
    members = [
        each
        for each in walk(function)
        if each.type == "member_expression" and _is_name(document, field(each, "object"), answer)
    ]
    names = {document.text(found) for each in members if (found := field(each, "property")) is not None}
    if "body" in names or "clone" in names or len([each for each in members if _method(document, each)]) != 1:
        return
    for member in members:
        read = member.parent
        method = _method(document, member)
        if method is None or read is None or read.type != "call_expression" or _is_conditional(read, function):
            continue
        kept = _kept(document, read)
        returned = _returned(document, function, read, kept)
        if returned is not None:
            yield WholeRelay(document, function, answer, tail, read, method, kept, returned)


def _method(document: Document, member: Node) -> str | None:
    found = field(member, "property")
    name = document.text(found) if found is not None else ""
    return name if name in _READS else None


def _is_conditional(node: Node, function: Node) -> bool:
    for around in ancestors(node):
        if around == function:
            return False
        if around.type in _CONDITIONS or around.type in FUNCTIONS:
            return True
    return True


def _kept(document: Document, read: Node) -> str | None:
    awaited = read.parent
    declarator = awaited.parent if awaited is not None and awaited.type == "await_expression" else None
    name = field(declarator, "name") if declarator is not None and declarator.type == "variable_declarator" else None
    return document.text(name) if name is not None and name.type == "identifier" else None


def _returned(document: Document, function: Node, read: Node, kept: str | None) -> Node | None:
    """Return the expression by which a route answers with what it read, where nothing decides whether it does."""
    for statement in walk(function, prune=FUNCTIONS):
        if statement.type != "return_statement" or _is_conditional(statement, function):
            continue
        for node in walk(statement):
            if node == read or (kept is not None and _is_name(document, node, kept)):
                return statement.named_children[0]
    return None
