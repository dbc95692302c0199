"""What an app asks of ChatKit while it runs: members of the hook's result, of its control, and of the element."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_REACT
from chatkit_doctor.contracts.web_names import CONTROL, HOOK, SET_OPTIONS, TAG
from chatkit_doctor.frontend.elements import is_chatkit_element, is_named_for_chatkit
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.modules.origins import PackageExport, origin
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.taken import Taken, around, taken_of_variable
from chatkit_doctor.web.tree import field, is_within

if TYPE_CHECKING:
    from tree_sitter import Node

_HOOK = PackageExport(CHATKIT_REACT, HOOK)
_REF = ("ref", "current")
_ATTRIBUTES = frozenset({"setAttribute", "toggleAttribute"})


class Owner(StrEnum):
    """What is asked."""

    RESULT = "what useChatKit returns"
    CONTROL = "its control"
    ELEMENT = "the element"


class Manner(StrEnum):
    """How it is asked for."""

    READ = "read"
    CALLED = "called"
    SET = "set"
    ATTRIBUTE = "attribute"
    PATTERN = "taken out by a pattern"


@dataclass(frozen=True, slots=True, eq=False)
class AskedMember:
    """One member that is asked for.

    name: its name. node: where that is written; in a pattern the member of the pattern.
    chain: all of the expression. call: the call of it, where it is called.
    guarded: whether the code looks first whether it is there.
    through: whether it is asked by a name of the code's own, that a pattern gave to the member.
    """

    owner: Owner
    manner: Manner
    name: str
    document: Document
    node: Node
    chain: Node
    call: Node | None = None
    guarded: bool = False
    through: bool = False


def asked(app: App) -> tuple[AskedMember, ...]:
    """Return everything that the web files of an app ask of ChatKit, tests left out."""
    return app.derive(_asked)


def _asked(app: App) -> tuple[AskedMember, ...]:
    documents = [each for each in app.documents() if not app.is_test_or_story(each.path)]
    return tuple(each for document in documents for each in _of_document(app, document))


# Of what a rule may do in an app: a member is looked up in its chain, its call and what its owner stands for.
_STEPS_OF_A_MEMBER = 20


def _of_document(app: App, document: Document) -> Iterator[AskedMember]:
    for found in (_of_hook(app, document), _of_element(document)):
        for each in found:
            app.budget.spend(_STEPS_OF_A_MEMBER)
            yield each


def is_hook_call(app: App, document: Document, node: Node) -> bool:
    """Return whether an expression is a call of the hook of React's package."""
    call = unwrapped(node)
    function = field(call, "function") if call.type == "call_expression" else None
    return function is not None and origin(app.resolver, document, function) == _HOOK


def _of_hook(app: App, document: Document) -> Iterator[AskedMember]:
    if HOOK not in document.source.text:
        return
    for declarator in document.find("variable_declarator"):
        value = field(declarator, "value")
        if value is None or not is_hook_call(app, document, value):
            continue
        for use in taken_of_variable(document, declarator):
            found = _of_use(document, use)
            if found is not None:
                yield found


def _of_use(document: Document, use: Taken) -> AskedMember | None:
    """Return what a use of the hook's result asks for, of the result, of its control or of the element in its ref."""
    path = use.path
    if path[:2] == _REF:
        owner, at = Owner.ELEMENT, 2
    elif path[:1] == (CONTROL,) and len(path) > 1:
        owner, at = Owner.CONTROL, 1
    else:
        owner, at = Owner.RESULT, 0
    name = path[at] if at < len(path) else None
    if name is None:
        return None
    if use.start == len(path) and not use.is_pattern:
        return _through_name(document, owner, name, use.node)
    if use.is_pattern:
        return AskedMember(owner, Manner.PATTERN, name, document, use.node, use.node) if at == len(path) - 1 else None
    if use.start > at:
        return None
    chain = _chain_to(use, at + 1)
    return _of_chain(document, owner, name, chain) if chain is not None else None


def _through_name(document: Document, owner: Owner, name: str, node: Node) -> AskedMember | None:
    """Return the call of a member by a name that a pattern gave it."""
    outer = around(node)
    call = outer.parent
    if call is None or call.type != "call_expression" or field(call, "function") != outer:
        return None
    return AskedMember(owner, Manner.CALLED, name, document, node, node, call, through=True)


def _chain_to(use: Taken, length: int) -> Node | None:
    """Return the part of a chain of members that ends with the step of a number."""
    chain: Node | None = use.node
    for _ in range(len(use.path) - length):
        chain = field(unwrapped(chain), "object") if chain is not None else None
    return unwrapped(chain) if chain is not None else None


def _of_chain(document: Document, owner: Owner, name: str, chain: Node) -> AskedMember | None:
    node = field(chain, "property")
    if node is None:
        return None
    outer = around(chain)
    parent = outer.parent
    if parent is None:
        return None
    if parent.type == "call_expression" and field(parent, "function") == outer:
        is_guarded = _is_optional(parent)
        return AskedMember(owner, Manner.CALLED, name, document, node, chain, parent, is_guarded)
    if parent.type == "assignment_expression" and field(parent, "left") == outer:
        return AskedMember(owner, Manner.SET, name, document, node, chain)
    # What the hook gives is all there from the first render on, so that `state?.status` looks for no release of it.
    is_chained = parent.type == "member_expression" and owner is not Owner.ELEMENT
    guarded = not is_chained and _is_condition(parent, outer)
    return AskedMember(owner, Manner.READ, name, document, node, chain, guarded=guarded)


def _is_optional(parent: Node) -> bool:
    """Return whether a call or a member is written with `?.`."""
    return any(child.type in {"?.", "optional_chain"} for child in parent.children)


def _is_condition(parent: Node, node: Node) -> bool:
    """Return whether an expression is only looked at: by `typeof`, `!`, `&&` or as a condition."""
    if parent.type == "binary_expression":
        operator = field(parent, "operator")
        is_left = field(parent, "left") == node
        return operator is not None and operator.type in {"&&", "||", "??", "===", "!==", "==", "!="} and is_left
    if parent.type == "member_expression":
        return _is_optional(parent)
    condition = field(parent, "condition")
    return parent.type == "unary_expression" or (condition is not None and is_within(node, condition))


def _of_element(document: Document) -> Iterator[AskedMember]:
    if "chatkit" not in document.source.text.lower():
        return
    for chain in document.find("member_expression"):
        owner, name = field(chain, "object"), field(chain, "property")
        if owner is None or name is None:
            continue
        found = _of_chain(document, Owner.ELEMENT, document.text(name), chain)
        if found is None or (found.manner is Manner.READ and not found.guarded):
            continue
        if not (is_chatkit_element(document, owner) or _takes_options(document, owner)):
            continue
        yield (_attribute(document, found) if found.name in _ATTRIBUTES else found) or found
    for element in elements(document, TAG):
        for name_, attribute in element.attributes.items():
            yield AskedMember(Owner.ELEMENT, Manner.ATTRIBUTE, name_, document, attribute.node, attribute.node)


def _takes_options(document: Document, owner: Node) -> bool:
    """Return whether a name for ChatKit stands for something that is given options elsewhere in the file."""
    binding = lookup(document, owner) if owner.type == "identifier" else None
    return binding is not None and binding.node.id in document.derive(_given_options)


def _given_options(document: Document) -> frozenset[int]:
    """Return (by node id) the declared names for ChatKit whose `setOptions` is called."""
    found: set[int] = set()
    for chain in document.find("member_expression"):
        name, owner = field(chain, "property"), field(chain, "object")
        if name is None or owner is None or owner.type != "identifier" or document.text(name) != SET_OPTIONS:
            continue
        binding = lookup(document, owner)
        if binding is not None and is_named_for_chatkit(document, owner):
            found.add(binding.node.id)
    return frozenset(found)


def _attribute(document: Document, found: AskedMember) -> AskedMember | None:
    """Return the attribute that a call sets, where its name is written."""
    arguments = call_arguments(found.call) if found.call is not None else []
    if not arguments or arguments[0].type != "string":
        return None
    name = document.text(arguments[0])[1:-1]
    return AskedMember(Owner.ELEMENT, Manner.ATTRIBUTE, name, document, arguments[0], found.chain, found.call)
