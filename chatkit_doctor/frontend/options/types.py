"""Which types mean ChatKit's options: the two exported ones, and the usual wrappers and aliases of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS
from chatkit_doctor.contracts.web_names import HOOK_OPTIONS_TYPE, OPTIONS_TYPE
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.modules.resolve import Resolver

_OPTIONS_TYPES = frozenset({OPTIONS_TYPE, HOOK_OPTIONS_TYPE})
DEEP = frozenset({"DeepPartial", "PartialDeep", "RecursivePartial"})
PARTIAL = DEEP | {"Partial", "Pick", "Omit"}
TRANSPARENT = frozenset(
    {"Readonly", "Required", "NonNullable", "DeepReadonly", "Ref", "ComputedRef", "MutableRefObject"}
)
_NOTHING = frozenset({"null", "undefined"})
_MAX_HOPS = 10


@dataclass(frozen=True, slots=True)
class OptionsType:
    """A type of options: whether required ones may be left out, whether the hook's handlers belong to it.

    deep: whether required keys may be left out at any depth.
    """

    partial: bool
    hook: bool
    deep: bool = False


def options_type(resolver: Resolver, document: Document, node: Node) -> OptionsType | None:
    """Return what a type node says about ChatKit's options, or None where it says nothing."""
    partial = deep = False
    for _ in range(_MAX_HOPS):
        if node.type in {"type_identifier", "nested_type_identifier"}:
            found = origin(resolver, document, node)
            if found is not None:
                known = found.specifier.startswith(CHATKIT_JS) and found.name in _OPTIONS_TYPES
                return OptionsType(partial, found.name == HOOK_OPTIONS_TYPE, deep) if known else None
        inner = _inside(document, node)
        if inner is None:
            return None
        partial = partial or _is_wrapped(document, node, PARTIAL)
        deep = deep or _is_wrapped(document, node, DEEP)
        node = inner
    return None


def _inside(document: Document, node: Node) -> Node | None:
    """Return the type that a wrapper, a union with nothing or an alias stands for."""
    match node.type:
        case "parenthesized_type" | "readonly_type":
            return node.named_children[0] if node.named_children else None
        case "generic_type":
            name, arguments = field(node, "name"), field(node, "type_arguments")
            known = name is not None and document.text(name) in PARTIAL | TRANSPARENT
            return arguments.named_children[0] if known and arguments is not None and arguments.named_children else None
        case "union_type":
            rest = [each for each in node.named_children if document.text(each) not in _NOTHING]
            return rest[0] if len(rest) == 1 else None
        case "type_identifier":
            binding = lookup(document, node)
            is_alias = binding is not None and binding.kind is ScopedKind.TYPE
            return field(binding.declaration, "value") if binding is not None and is_alias else None
    return None


def _is_wrapped(document: Document, node: Node, wrappers: frozenset[str]) -> bool:
    name = field(node, "name") if node.type == "generic_type" else None
    return name is not None and document.text(name) in wrappers
