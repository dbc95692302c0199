"""Routes of a page's own server that hand the chat on, and read an answer whole before they pass any of it on."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

from chatkit_doctor.backend.endpoints.process import endpoints
from chatkit_doctor.frontend.pairs.between import is_server_route
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.records import field as field_of
from chatkit_doctor.remembered import remembered
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.texts import is_query
from chatkit_doctor.web.literals import fragment_text
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field, walk

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
        around = functions_around(document, declarator)
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
    values = _inside(document, function).declared.get(name, [])
    return values[0] if len(values) == 1 else None


@dataclass(slots=True)
class _Inside:
    """What stands in a function, by names: what variables are declared as, and the members that are taken of them.

    returned: by the names and the nodes in them, the first statements that return, where nothing decides whether they
    do. Each has its number, in the order of the text.
    """

    declared: dict[str, list[Node | None]] = field_of(default_factory=dict)
    members: dict[str, list[Node]] = field_of(default_factory=dict)
    returned: dict[str | int, tuple[int, Node]] = field_of(default_factory=dict)


# Asked for each of the addresses and answers in a function.
@remembered
def _inside(document: Document, function: Node) -> _Inside:
    found = _Inside()
    for node in walk(function):
        if node.type == "variable_declarator":
            name = field(node, "name")
            if name is not None and name.type == "identifier":
                found.declared.setdefault(document.text(name), []).append(field(node, "value"))
        elif node.type == "member_expression":
            owner = field(node, "object")
            if owner is not None and owner.type == "identifier":
                found.members.setdefault(document.text(owner), []).append(node)
    for number, statement in enumerate(walk(function, prune=FUNCTIONS)):
        if statement.type == "return_statement" and not _is_conditional(statement, function):
            for node in walk(statement):
                found.returned.setdefault(node.id, (number, statement))
                if node.type == "identifier":
                    found.returned.setdefault(document.text(node), (number, statement))
    return found


def _reads(document: Document, function: Node, answer: str, tail: str) -> Iterator[WholeRelay]:
    found = _whole_read(document, function, answer)
    if found is None:
        return
    read, method = found
    kept = _kept(document, read)
    returned = _returned(document, function, read, kept)
    if returned is not None:
        yield WholeRelay(document, function, answer, tail, read, method, kept, returned)


@remembered
def _whole_read(document: Document, function: Node, answer: str) -> tuple[Node, str] | None:
    """Return the one call that reads an answer whole, and its method; None where there are others, or it depends."""
    members = _inside(document, function).members.get(answer, [])
    names = {document.text(found) for each in members if (found := field(each, "property")) is not None}
    reads = [(each, method) for each in members if (method := _method(document, each)) is not None]
    if "body" in names or "clone" in names or len(reads) != 1:
        return None
    member, method = reads[0]
    read = member.parent
    if read is None or read.type != "call_expression" or _is_conditional(read, function):
        return None
    return read, method


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
    known = _inside(document, function).returned
    found = [known[each] for each in (read.id, kept) if each in known]
    return min(found, key=itemgetter(0))[1].named_children[0] if found else None
