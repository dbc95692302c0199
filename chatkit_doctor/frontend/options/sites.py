"""Where a program hands its options to ChatKit: calls, assignments and declarations of the options types.

Other products called ChatKit, and functions that are merely called `useChatKit`, are no sites.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import HOOK, SET_OPTIONS
from chatkit_doctor.frontend.elements import is_chatkit_element, is_named_for_chatkit
from chatkit_doctor.frontend.options.contexts import contexts, parameter_argument
from chatkit_doctor.frontend.options.jsdoc import typed_by_comments
from chatkit_doctor.frontend.options.types import OptionsType, options_type
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.web.evaluation.calls import call_arguments, library_name
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.evaluation.values import FunctionValue, ObjectValue, RefValue, Value, choice
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.scopes import ScopedKind, lookup, root_identifier
from chatkit_doctor.web.tree import field, returned_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from chatkit_doctor.frontend.options.contexts import ParameterCall
    from chatkit_doctor.project.app import App
    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.evaluate import Evaluator

# OpenAI's packages, also from a CDN, and wrappers of the community's without a scope. Those of other scopes
# (`@xpert-ai/chatkit-react`, `@pusher/chatkit-client`) are other products.
_CHATKIT_PACKAGE = regex(r"(?:^|/)@openai/chatkit|^[^@/]*\bchatkit-(?:react|vue|svelte|angular|solid)\b")


class SiteKind(StrEnum):
    """How options get to ChatKit, the surest way first; `HOOK` alone also takes the handlers (`onReady`, …)."""

    HOOK = HOOK
    SET_OPTIONS = SET_OPTIONS
    ASSIGNMENT = "assignment"
    ANNOTATION = "annotation"
    SATISFIES = "satisfies"


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One place that a site's options are used at; `node` is the expression there (an argument, say).

    whole: all that the expression can be, of which the options are one.
    calls: those of the app's own functions by which they get there, each in its document, the outermost first.
    """

    kind: SiteKind
    document: Document
    node: Node
    whole: Value
    calls: tuple[tuple[Document, Node], ...] = ()

    @property
    def is_handed_on(self) -> bool:
        """Return whether the expression is an argument of the app's own function, which hands it on."""
        return bool(self.calls) and self.calls[-1][1].type == "identifier"

    @property
    def places(self) -> tuple[tuple[Document, Node], ...]:
        """Return where the options go on their way to ChatKit, this place last."""
        return (*self.calls, (self.document, self.node))

    @property
    def location(self) -> Location:
        """Return where the use is."""
        return self.document.location(self.node)


@dataclass(frozen=True, slots=True, eq=False)
class OptionsSite:
    """One set of options.

    kind, document, node: the surest of its uses; `node` is the expression as written there.
    value: what it is. One alternative of a Choice is a site of its own, so this never is a Choice. An
        ObjectValue's `document` and `node` are its literal, maybe in another file.
    partial: the type it is declared with lets required options be left out (`Partial<ChatKitOptions>`).
    hook: some use of it takes the hook's handlers.
    uses: all places it is used at. Two sites can share parts (a constant spread into both), so the same
        place may be reached twice.
    deep: that type lets required keys be left out at any depth, not only the options themselves.
    """

    kind: SiteKind
    document: Document
    node: Node
    value: Value
    partial: bool
    hook: bool
    uses: tuple[Use, ...]
    deep: bool = False

    @property
    def place(self) -> Location:
        """Return what hands the options over: the name of the function called, else the options themselves."""
        call = self.node.parent.parent if self.node.parent is not None else None
        function = field(call, "function") if call is not None and call.type == "call_expression" else None
        if function is None:
            return self.document.location(self.node)
        return self.document.location(field(function, "property") or function)


@dataclass(frozen=True, slots=True)
class _Claim:
    """An expression that is said to be ChatKit options, before it is evaluated."""

    kind: SiteKind
    node: Node
    partial: bool = False
    hook: bool = False
    deep: bool = False


# Of what a rule may do in an app: each rule about options looks at every one of them, of which people have a few.
_STEPS_OF_A_SITE = 200


def app_options(app: App) -> tuple[OptionsSite, ...]:
    """Return every set of options that the web files hand to ChatKit or declare as such; none without files there."""
    # A backend gets at its frontend's pages, whose options are told of there.
    return app.derive(_app_options) if app.has_web_files else ()


def _app_options(app: App) -> tuple[OptionsSite, ...]:
    return tuple(options_sites(app.evaluator, app.documents(), app))


def options_sites(evaluator: Evaluator, documents: Iterable[Document], app: App | None = None) -> Iterator[OptionsSite]:
    """Yield the options that some documents hand to ChatKit or declare, each literal once with all its uses.

    app: whose calls of the documents' own hooks and components say what parameters are; without it, nothing does.
    """
    sites: dict[object, OptionsSite] = {}
    for document in documents:
        for site, call in _sites(evaluator, document, app):
            value = site.value
            key = (value.document, value.node.start_byte, value.node.end_byte, call)
            sites[key] = _joined(sites[key], site) if key in sites else site
    yield from sites.values()


def _joined(first: OptionsSite, second: OptionsSite) -> OptionsSite:
    surest = min(first, second, key=lambda site: list(SiteKind).index(site.kind))
    known = {(use.document, use.node.start_byte, use.kind) for use in first.uses}
    fresh = tuple(use for use in second.uses if (use.document, use.node.start_byte, use.kind) not in known)
    # What is used whole anywhere must be whole, whatever another use would let it lack.
    partial, deep = first.partial and second.partial, first.deep and second.deep
    return replace(surest, partial=partial, deep=deep, hook=first.hook or second.hook, uses=first.uses + fresh)


def _sites(
    evaluator: Evaluator, document: Document, app: App | None
) -> Iterator[tuple[OptionsSite, ParameterCall | None]]:
    """Yield the options that a document hands over; with the call of its own function that some are of, else None."""
    for claim in _claims(evaluator, document):
        if app is not None:
            app.budget.spend(_STEPS_OF_A_SITE)
        found, are_all = contexts(app, document, claim.node) if app is not None else ([], False)
        for context in found:
            whole = _unboxed(context.evaluation.evaluate(document, claim.node))
            argument = parameter_argument(document, claim.node, context.call)
            where, node = (context.call.document, argument) if argument is not None else (document, claim.node)
            inner = () if argument is None else ((document, claim.node),)
            calls = (*context.places, *inner)
            yield from ((site, context.call) for site in _of_claim(claim, where, node, whole, calls))
        if not are_all:
            whole = _unboxed(evaluator.evaluate(document, claim.node))
            yield from ((site, None) for site in _of_claim(claim, document, claim.node, whole))


def _of_claim(
    claim: _Claim, document: Document, node: Node, whole: Value, calls: tuple[tuple[Document, Node], ...] = ()
) -> Iterator[OptionsSite]:
    use = Use(claim.kind, document, node, whole, calls)
    for alternative in whole.alternatives:
        yield OptionsSite(claim.kind, document, node, alternative, claim.partial, claim.hook, (use,), claim.deep)


def _unboxed(value: Value) -> Value:
    """Return a value with what Vue's refs hold in their place."""
    if not any(isinstance(each, RefValue) for each in value.alternatives):
        return value
    inner = (each.inner if isinstance(each, RefValue) else each for each in value.alternatives)
    return choice(value.document, value.node, tuple(inner))


def _claims(evaluator: Evaluator, document: Document) -> Iterator[_Claim]:
    for call in document.find("call_expression"):
        yield from _call_claims(evaluator, document, call)
    for assignment in document.find("assignment_expression"):
        yield from _assignment_claims(document, assignment)
    for node in document.find("variable_declarator", "public_field_definition"):
        declared = _declared(evaluator, document, field(node, "type"))
        value = field(node, "value")
        if declared is not None and value is not None:
            yield _typed(SiteKind.ANNOTATION, value, declared)
    for node in document.find("arrow_function", "function_declaration", "function_expression", "method_definition"):
        declared = _declared(evaluator, document, field(node, "return_type"))
        if declared is not None:
            yield from (_typed(SiteKind.ANNOTATION, value, declared) for value in returned_nodes(node))
    for value, declared, is_cast in typed_by_comments(document):
        yield _typed(SiteKind.SATISFIES if is_cast else SiteKind.ANNOTATION, value, declared)
    for node in document.find("satisfies_expression", "as_expression"):
        parts = node.named_children
        declared = options_type(evaluator.resolver, document, parts[-1]) if len(parts) > 1 else None
        if declared is not None and unwrapped(node).type == "object":
            yield _typed(SiteKind.SATISFIES, parts[0], declared)


def _call_claims(evaluator: Evaluator, document: Document, call: Node) -> Iterator[_Claim]:
    function = field(call, "function")
    arguments = call_arguments(call)
    if function is None or not arguments:
        return
    if _is_hook(evaluator, document, function):
        yield _Claim(SiteKind.HOOK, arguments[0], hook=True)
        return
    method = field(function, "property")
    owner = field(function, "object")
    if owner is not None and method is not None and document.text(method) == SET_OPTIONS:
        if is_chatkit_element(document, owner) or is_named_for_chatkit(document, owner):
            yield _Claim(SiteKind.SET_OPTIONS, arguments[0])
        return
    yield from _generic_call_claims(evaluator, document, call, arguments)


def _generic_call_claims(
    evaluator: Evaluator, document: Document, call: Node, arguments: list[Node]
) -> Iterator[_Claim]:
    """Yield what `useMemo<ChatKitOptions>(…)`, `ref<ChatKitOptions>(…)` and the like are given."""
    types = field(call, "type_arguments")
    function = field(call, "function")
    parts = types.named_children if types is not None else []
    declared = options_type(evaluator.resolver, document, parts[0]) if len(parts) == 1 else None
    if declared is None or function is None or library_name(document, function) is None:
        return
    given = evaluator.evaluate(document, arguments[0])
    if isinstance(given, FunctionValue) and given.document is document:
        for value in returned_nodes(given.node):
            yield _typed(SiteKind.ANNOTATION, value, declared)
    elif isinstance(given, ObjectValue):
        yield _typed(SiteKind.ANNOTATION, arguments[0], declared)


def _assignment_claims(document: Document, assignment: Node) -> Iterator[_Claim]:
    left, right = field(assignment, "left"), field(assignment, "right")
    if left is None or right is None or left.type != "member_expression":
        return
    owner, name = field(left, "object"), field(left, "property")
    is_options = name is not None and document.text(name) == "options"
    if owner is not None and is_options and is_chatkit_element(document, owner):
        yield _Claim(SiteKind.ASSIGNMENT, right)


def _is_hook(evaluator: Evaluator, document: Document, function: Node) -> bool:
    if function.type not in {"identifier", "member_expression"}:
        return False
    found = origin(evaluator.resolver, document, function)
    if found is not None:
        return found.name == HOOK and bool(_CHATKIT_PACKAGE.search(found.specifier))
    return _is_hook_handed_on(document, function)


def _is_hook_handed_on(document: Document, function: Node) -> bool:
    """Return whether a hook by that name came as a prop or from state, in a file that imports the package lazily."""
    name = field(function, "property") or function
    if document.text(name) != HOOK:
        return False
    root = root_identifier(function)
    binding = lookup(document, root) if root is not None else None
    if binding is None or binding.kind in {ScopedKind.FUNCTION, ScopedKind.CLASS, ScopedKind.IMPORT}:
        return False
    if function.type == "identifier" and binding.path == () and binding.kind is not ScopedKind.PARAMETER:
        return False
    return any(_CHATKIT_PACKAGE.search(each.specifier) for each in imports(document))


def _declared(evaluator: Evaluator, document: Document, annotation: Node | None) -> OptionsType | None:
    if annotation is None or not annotation.named_children:
        return None
    return options_type(evaluator.resolver, document, annotation.named_children[0])


def _typed(kind: SiteKind, value: Node, declared: OptionsType) -> _Claim:
    return _Claim(kind, value, partial=declared.partial, hook=declared.hook, deep=declared.deep)
