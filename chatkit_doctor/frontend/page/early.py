"""Where a page hands options to the element before the script that defines it can be there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.options.sites import SiteKind, app_options
from chatkit_doctor.frontend.page.pinned import element_of
from chatkit_doctor.frontend.page.scripts import LoadedScript, loaded_scripts
from chatkit_doctor.frontend.page.templates import is_template, page_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.markup import Element, elements
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

# What waits for the element, or looks whether it is there, wherever it stands in the file.
_WAITS = regex(r"whenDefined|customElements\s*\.\s*get\b|typeof\s+[\w.$!?]+setOptions|setOptions\s*\?\.|chatkit\.ready")
_LATER = frozenset({"await_expression", "yield_expression"})
_BRANCHING = frozenset({"if_statement", "ternary_expression"})
_EFFECTS = frozenset({"useEffect", "useLayoutEffect", "onMounted", "onMount", "$effect"})
# Methods by which frameworks and browsers say that a component is on its page: React's, Vue's, Lit's, Angular's.
_HOOKS = frozenset({"componentDidMount", "mounted", "connectedCallback", "firstUpdated", "ngAfterViewInit", "ngOnInit"})
_PARSED = "DOMContentLoaded"
_SCRIPT = "script"


class CallTime(Enum):
    """When a call is made."""

    AT_ONCE = auto()
    WHEN_PARSED = auto()
    IN_EFFECT = auto()


class LoadTime(Enum):
    """When ChatKit's script runs."""

    ASYNC = auto()
    DEFERRED = auto()
    IN_PLACE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class EarlyCall:
    """One call of `setOptions` that may come, or surely comes, before the element is defined.

    call: the call. script: how ChatKit's script is loaded. sure: whether the call always comes first.
    """

    document: Document
    call: Node
    script: LoadedScript
    sure: bool


def early_calls(app: App) -> Iterator[EarlyCall]:
    """Yield the calls of `setOptions` that run while ChatKit's script may still be on its way."""
    seen: set[tuple[Document, int]] = set()
    for site in app_options(app):
        for use in site.uses:
            call = use.node.parent.parent if use.node.parent is not None else None
            if use.kind is not SiteKind.SET_OPTIONS or call is None or (use.document, call.start_byte) in seen:
                continue
            seen.add((use.document, call.start_byte))
            if app.is_test_or_story(use.document.path) or use.document.derive(_waits):
                continue
            found = _early(app, use.document, call)
            if found is not None:
                yield found


def set_up_early(app: App) -> CallTime | None:
    """Return the earliest time at which some program of an app calls `setOptions` without waiting for the element."""
    uses = [use for site in app_options(app) for use in site.uses if use.kind is SiteKind.SET_OPTIONS]
    found = {
        _moment(use.document, use.node.parent.parent)
        for use in uses
        if use.node.parent is not None
        and use.node.parent.parent is not None
        and not app.is_test_or_story(use.document.path)
        and not use.document.derive(_waits)
    }
    return next((each for each in CallTime if each in found), None)


def _waits(document: Document) -> bool:
    return _WAITS.search(document.source.text) is not None


def _early(app: App, document: Document, call: Node) -> EarlyCall | None:
    moment = _moment(document, call)
    if moment is None:
        return None
    if moment is CallTime.IN_EFFECT:
        loaded = _scripts(app)
        is_async = bool(loaded) and all(_loading(each) is LoadTime.ASYNC for each in loaded)
        return EarlyCall(document, call, loaded[0], sure=False) if is_async else None
    own = _own_element(app, document, call)
    parts = _parts(app, own.document) if own is not None else ()
    scripts = [each for each in _scripts(app) if each.document in parts]
    if own is None or len(scripts) != 1:
        return None
    order = _order(own, scripts[0], moment)
    return EarlyCall(document, call, scripts[0], sure=order) if order is not None else None


def _parts(app: App, page: Document) -> tuple[Document, ...]:
    """Return the files that a page is made of."""
    whole = page_of(app, page) if is_template(page) else None
    return whole.parts if whole is not None else (page,)


def _order(own: Element, script: LoadedScript, moment: CallTime) -> bool | None:
    """Return whether a call comes before the script in any case; None where it comes after it, or that is not known."""
    loading = _loading(script)
    is_late = own.text("type") == "module" or "defer" in own.attributes
    is_behind = own.location.start > script.document.location(script.node).start
    if loading is LoadTime.ASYNC:
        return False
    if script.document is not own.document:
        return None
    if moment is CallTime.WHEN_PARSED or loading is None:
        return None
    if loading is LoadTime.DEFERRED:
        return None if is_late and is_behind else True
    return None if is_behind or is_late else True


def _scripts(app: App) -> tuple[LoadedScript, ...]:
    return app.derive(_loaded)


def _loaded(app: App) -> tuple[LoadedScript, ...]:
    found = (script for each in app.documents() for script in loaded_scripts(app.evaluator, each))
    return tuple(each for each in found if each.is_right and not app.is_test_or_story(each.document.path))


def _loading(script: LoadedScript) -> LoadTime | None:
    """Return when a script runs that an element loads; None for one that code loads, in a way that is not known."""
    element = element_of(script)
    if element is None or element.spread:
        return None
    if "strategy" in element.attributes or element.name == "Script":
        return LoadTime.IN_PLACE if element.text("strategy") == "beforeInteractive" else LoadTime.ASYNC
    if element.name != _SCRIPT:
        return None
    if "async" in element.attributes:
        return LoadTime.ASYNC
    is_deferred = "defer" in element.attributes or element.text("type") == "module"
    return LoadTime.DEFERRED if is_deferred else LoadTime.IN_PLACE


def _moment(document: Document, call: Node) -> CallTime | None:
    """Return when a call is made, where that is while the page is set up; None for any later moment."""
    functions = functions_around(document, call)
    first = document.derive(_first_waits)
    if any(each.type in _LATER or first.get(each.id, call.start_byte) < call.start_byte for each in ancestors(call)):
        return None
    if not functions:
        return CallTime.AT_ONCE
    outer = functions[-1]
    if document.markup is None or document.is_component:
        is_effect = _is_given_to(document, functions[0], _EFFECTS) or _is_hook(document, functions[0])
        return CallTime.IN_EFFECT if is_effect else None
    if len(functions) > 1:
        return None
    if _is_called_at_once(document, outer):
        return CallTime.AT_ONCE
    return CallTime.WHEN_PARSED if _is_listener(document, outer) else None


def _first_waits(document: Document) -> dict[int, int]:
    """Return where something is awaited first, by what it is then surely waited for in: a branch, or a function."""
    found: dict[int, int] = {}
    for waiting in document.find(*_LATER):
        within = _taken_whole(waiting)
        if within is not None:
            found[within.id] = min(found.get(within.id, waiting.start_byte), waiting.start_byte)
    return found


def _taken_whole(waiting: Node) -> Node | None:
    """Return the nearest branch around what waits, which is not always taken, or its function's body; None without."""
    inner = waiting
    for outer in ancestors(waiting):
        if outer.type in FUNCTIONS:
            return inner
        if outer.type in _BRANCHING and inner in (field(outer, "consequence"), field(outer, "alternative")):
            return inner
        inner = outer
    return None


def _is_called_at_once(document: Document, function: Node) -> bool:
    """Return whether a function is called where it is written, or by its name at the top of a script."""
    parent = function.parent
    if parent is not None and parent.type == "parenthesized_expression":
        outer = parent.parent
        return outer is not None and outer.type == "call_expression" and field(outer, "function") == parent
    name = field(function, "name")
    if name is None or function.type != "function_declaration":
        return False
    return document.text(name) in document.derive(_called_at_top)


def _called_at_top(document: Document) -> frozenset[str]:
    """Return the names of functions that a file calls in none."""
    calls = ((field(call, "function"), call) for call in document.find("call_expression"))
    return frozenset(
        document.text(callee)
        for callee, call in calls
        if callee is not None and callee.type == "identifier" and not functions_around(document, call)
    )


def _is_listener(document: Document, function: Node) -> bool:
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    arguments = call_arguments(call) if call is not None else []
    return len(arguments) > 1 and arguments[1] == function and document.text(arguments[0])[1:-1] == _PARSED


def _is_given_to(document: Document, function: Node, names: frozenset[str]) -> bool:
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    callee = field(call, "function") if call is not None else None
    return callee is not None and document.text(field(callee, "property") or callee) in names


def _is_hook(document: Document, function: Node) -> bool:
    name = field(function, "name") if function.type == "method_definition" else None
    return name is not None and document.text(name) in _HOOKS


def _own_element(app: App, document: Document, call: Node) -> Element | None:
    """Return the script element of a page that a call runs in: an inline one, or one that loads the call's file."""
    if document.markup is not None:
        script = document.script_at(call)
        own = script.element if script is not None else None
        return document.derive(_inline_scripts).get(own.start_byte) if own is not None else None
    found = app.derive(_loading_elements).get(document.path, [])
    return found[0] if len(found) == 1 else None


def _inline_scripts(document: Document) -> dict[int, Element]:
    """Return the script elements of a page by where they begin."""
    return {each.node.start_byte: each for each in elements(document, _SCRIPT)}


def _loading_elements(app: App) -> dict[Path, list[Element]]:
    """Return the script elements of an app's pages by the files that they load."""
    found: dict[Path, list[Element]] = {}
    for page in app.documents():
        for each in elements(page, _SCRIPT) if page.markup is not None and not page.is_component else ():
            written = (each.text("src") or "").split("?")[0].removeprefix("./").lstrip("/")
            if written:
                found.setdefault(page.path.parent / written, []).append(each)
    return found
