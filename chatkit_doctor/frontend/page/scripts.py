"""Which scripts a web file loads that have to do with ChatKit, in whatever way pages and programs load scripts.

A script counts as loaded unless it provably is not: what names the URL for a policy, a preload, a log line or a
comparison loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_REACT
from chatkit_doctor.contracts.web import cdn_script_url, is_mistaken_script
from chatkit_doctor.frontend.page.enqueued import enqueued_scripts
from chatkit_doctor.frontend.page.script_roles import IDLE_ELEMENTS, SCRIPT_WORD, Role, last_name, role_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.evaluation.values import StringValue, TemplateValue, Value
from chatkit_doctor.web.markup import Attribute, Element, elements
from chatkit_doctor.web.modules.imports import ImportKind, imports
from chatkit_doctor.web.tree import FUNCTIONS, field

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES_CHATKIT = regex(r"chat[-_]?kit", re.IGNORECASE)
_WEB_ADDRESS = regex(r"(?:https?:)?//")
_HOST_AND_PATH = regex(r"(?:(?:https?:)?//(?P<host>[^/?#:\s]+)(?::\d+)?)?(?P<path>[^?#\s]*)")
_PLACEHOLDER = regex(r"\{|%\w+%|<%|<\?")
# What a text is in that names the address between other words, and yet loads it: markup, or a program.
_LOADS_INSIDE = regex(r"<script|\.src\b|import\s*\(|createElement", re.IGNORECASE)
_SCRIPT_INSIDE = regex(r"chatkit[^\s\"']{0,500}\.m?js", re.IGNORECASE)
_ADDRESS_INSIDE = regex(r"(?:https?:)?//[^\s\"'`<>\\]+")
_OTHER_FILE = regex(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|json|html?|mp4|woff2?)(?:[?#]|$)", re.IGNORECASE)
_FILE = regex(r"\.m?js['\"]")
_SPACE = regex(r"\S\s+\S")
_SUBSTITUTION = regex(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True, eq=False)
class LoadedScript:
    """One script that is loaded.

    document, node: where it is. written: where its address is, which a constant may hold in another file.
    url: None where it is not known; only its place or name tells of ChatKit then.
    """

    document: Document
    node: Node
    url: str | None
    written: Location

    @property
    def address(self) -> Location:
        """Return where the address is written, without what is around it; all of the expression where it is made."""
        at = self.written
        start = at.text.find(self.url) if self.url else -1
        return at if start < 0 else at.source.location(at.start + start, at.start + start + len(self.url or ""))

    @property
    def is_mistaken(self) -> bool:
        """Return whether it stands in the place of ChatKit's script, by its address."""
        found = _HOST_AND_PATH.match(self.url or "")
        # A path without a host is a page's own address in a tag; elsewhere it may be a file for a build.
        if found is None or not (found["host"] or self.node.type.endswith("attribute")):
            return False
        return is_mistaken_script((found["host"] or "").lower(), found["path"])

    @property
    def is_right(self) -> bool:
        """Return whether the address of ChatKit's script is told, and no other that is meant to be it."""
        return not self.is_mistaken and _is_real(self.document.text(self.node) if self.url is None else self.url)


def loaded_scripts(evaluator: Evaluator, document: Document) -> Iterator[LoadedScript]:
    """Yield the scripts of a document that define ChatKit's element or may be meant to."""
    yield from _found(document, evaluator)


# Four rules ask, and some documents are tables of thousands of texts.
@remembered
def _found(document: Document, evaluator: Evaluator) -> tuple[LoadedScript, ...]:
    return tuple(_scripts(evaluator, document))


def _scripts(evaluator: Evaluator, document: Document) -> Iterator[LoadedScript]:
    for element in elements(document):
        yield from _of_element(evaluator, element)
    for node in document.find("string", "template_string"):
        yield from _of_text(document, node)
    for node, is_surely_source in _source_expressions(document):
        yield from _of_expression(evaluator, document, node, sure=is_surely_source)
    yield from _of_imports(evaluator, document)
    if document.path.suffix == ".php" and document.markup is not None:
        for each in enqueued_scripts(document.source):
            if each.url is not None and _is_script_address(each.url):
                yield LoadedScript(document, document.markup, each.url, each.at)


def _script(document: Document, node: Node, url: str | None, written: Location | None = None) -> LoadedScript:
    return LoadedScript(document, node, url, written or document.location(node))


def is_own_address(url: str) -> bool:
    """Return whether an address is of the page's own server, where a file of the project may stand behind it."""
    return not _WEB_ADDRESS.match(url) and not _PLACEHOLDER.search(url)


def _of_element(evaluator: Evaluator, element: Element) -> Iterator[LoadedScript]:
    if element.name.lower() in IDLE_ELEMENTS:
        return
    is_script = bool(SCRIPT_WORD.search(element.name))
    for name, attribute in element.attributes.items():
        is_source = name.lower().lstrip(":").endswith("src") and (is_script or element.name.lower() == "component")
        if attribute.text is None:
            if is_source and attribute.expression is not None:
                yield from _of_expression(evaluator, element.document, attribute.expression, sure=True)
            elif is_source:
                yield _script(element.document, attribute.node, None)
        elif _is_real(attribute.text) or (is_source and _is_script_address(attribute.text)):
            yield _script(element.document, attribute.node, attribute.text)
        elif is_source and _is_bound(element, attribute):
            yield _script(element.document, attribute.node, None)


def _is_bound(element: Element, attribute: Attribute) -> bool:
    """Return whether a template language computes the attribute (`:src="x"`, `src={x}`), and names no file in it."""
    text = attribute.text or ""
    names_file = element.document.is_filled_in(attribute.node) and _FILE.search(text) is not None
    return not element.is_jsx and (
        attribute.name.startswith((":", "v-bind")) or (text.startswith("{") and not names_file)
    )


def _of_text(document: Document, node: Node) -> Iterator[LoadedScript]:
    text = document.text(node)[1:-1]
    if not _names(text) or _is_attribute(node) or _is_imported(node):
        return
    role = role_of(document, node)
    if role is Role.IDLE:
        return
    if _SPACE.search(_SUBSTITUTION.sub("", text)):
        if _LOADS_INSIDE.search(text):
            addresses = [each[0] for each in _ADDRESS_INSIDE.finditer(text) if _is_script_address(each[0])]
            yield from (_script(document, node, each) for each in addresses)
            if not addresses and _SCRIPT_INSIDE.search(text):
                yield _script(document, node, None)
    elif _is_real(text) or (role is Role.SOURCE and _is_script_address(text) and _WEB_ADDRESS.match(text)):
        yield _script(document, node, text)


def _is_attribute(text: Node) -> bool:
    """Return whether a text is all of a JSX attribute's value, so that it is looked at with its element."""
    holder = text.parent
    if holder is not None and holder.type == "jsx_expression":
        holder = holder.parent
    return holder is not None and holder.type == "jsx_attribute"


def _is_imported(text: Node) -> bool:
    """Return whether a text is what `import()` gets, so that it is looked at with the imports."""
    call = text.parent.parent if text.parent is not None else None
    function = field(call, "function") if call is not None else None
    return function is not None and function.type == "import"


def _of_expression(evaluator: Evaluator, document: Document, node: Node, *, sure: bool) -> Iterator[LoadedScript]:
    """Judge the source of a script; sure: that it is a script's source, so what is not known may be ChatKit's."""
    for value in evaluator.evaluate(document, node).alternatives:
        known = _known_text(value)
        if known is not None:
            if _is_script_address(known):
                yield _script(document, node, known, value.location)
        elif sure or _names(document.text(node)):
            yield _script(document, node, None)


def _of_imports(evaluator: Evaluator, document: Document) -> Iterator[LoadedScript]:
    """Yield what is imported from the web; other specifiers mean files and packages, which define no element.

    From wherever React's package comes, it is the binding that an app imports.
    """
    for each in imports(document):
        is_script = _names(each.specifier) and CHATKIT_REACT not in each.specifier
        if each.kind is ImportKind.STATIC and _WEB_ADDRESS.match(each.specifier) and is_script:
            yield _script(document, each.source, each.specifier)
    for call in document.find("call_expression"):
        function, arguments = field(call, "function"), call_arguments(call)
        if function is None or function.type != "import" or not arguments:
            continue
        for script in _of_expression(evaluator, document, arguments[0], sure=False):
            if script.url is None or (_WEB_ADDRESS.match(script.url) and CHATKIT_REACT not in script.url):
                yield script


def _known_text(value: Value) -> str | None:
    """Return the text of a string, or what is known of one that starts with an address."""
    match value:
        case StringValue(text=text):
            return text
        case TemplateValue(prefix=prefix, suffix=suffix) if _WEB_ADDRESS.match(prefix):
            return prefix + suffix
    return None


def _source_expressions(document: Document) -> Iterator[tuple[Node, bool]]:
    """Yield the expressions that programs give scripts as source, and whether they surely are that."""
    makes_scripts = any(document.text(each)[1:-1] == "script" for each in document.find("string"))
    for assignment in document.find("assignment_expression") if makes_scripts else ():
        left, right = field(assignment, "left"), field(assignment, "right")
        name = field(left, "property") if left is not None else None
        if name is not None and right is not None and document.text(name) == "src":
            yield right, True
    for call in document.find("call_expression"):
        function = field(call, "function")
        called = last_name(document, function) if function is not None else ""
        arguments = call_arguments(call)
        if called == "setAttribute" and len(arguments) == 2:
            if makes_scripts and document.text(arguments[0])[1:-1] == "src":
                yield arguments[1], True
        elif SCRIPT_WORD.search(called):
            yield from ((each, False) for each in arguments if each.type not in FUNCTIONS)
    for pair in document.find("pair"):
        key, value = field(pair, "key"), field(pair, "value")
        if key is not None and value is not None and document.text(key).strip("\"'") == "src":
            yield value, False


def _names(text: str) -> bool:
    return _NAMES_CHATKIT.search(text) is not None


def _is_script_address(text: str) -> bool:
    return _names(text) and not _OTHER_FILE.search(text)


def _is_real(text: str) -> bool:
    """Return whether a text holds the path of the script, of which a constant may hold the host."""
    path = cdn_script_url().partition("://")[2].partition("/")[2]
    return path.rpartition("/")[0] in text
