"""The texts that a template or a sum can be, where its parts are one of several that are written."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.evaluation.values import EnvironmentValue, StringValue, TemplateValue, UnknownValue, Value
from chatkit_doctor.web.literals import fragment_text, string_text
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.evaluate import Evaluator

_MOST_TEXTS = 8
_MOST_DEPTH = 6
_SLASHES_AT_END = regex(r"\\?/\+?\$")


@dataclass(frozen=True, slots=True)
class Text:
    """One text that an expression can be.

    variables: those of the environment that decide. is_fallback: whether the expression can also be what is not known.
    """

    text: str
    variables: frozenset[str] = frozenset()
    is_fallback: bool = False


def texts(evaluator: Evaluator, value: Value) -> tuple[Text, ...]:
    """Return the texts that a value can be as far as they are written out, none where there are many.

    The query that an address has from another one is left out.
    """
    return _texts(evaluator, value, 0)


def texts_with_blanks(evaluator: Evaluator, value: TemplateValue, blank: str) -> tuple[Text, ...]:
    """Return the texts that a template can be, a blank for each part that is not known; none where there are many."""
    node = unwrapped(value.node)
    return _joined([each or (Text(blank),) for each in _parts(evaluator, value.document, node, 1)])


def _texts(evaluator: Evaluator, value: Value, depth: int) -> tuple[Text, ...]:
    if isinstance(value, StringValue):
        return (Text(value.text),)
    if depth > _MOST_DEPTH:
        return ()
    if isinstance(value, UnknownValue):
        return _bare_texts(evaluator, value.document, unwrapped(value.node), depth + 1)
    alternatives = value.alternatives
    if len(alternatives) == 1:
        parts = list(_parts(evaluator, value.document, unwrapped(value.node), depth + 1))
        return _joined(parts) if isinstance(value, TemplateValue) and parts else ()
    found = [each for one in alternatives for each in _texts(evaluator, one, depth + 1)]
    names = frozenset(each.name for each in alternatives if isinstance(each, EnvironmentValue))
    is_fallback = any(not isinstance(each, StringValue) for each in alternatives)
    return tuple(Text(each.text, each.variables | names, each.is_fallback or is_fallback) for each in found)


def _parts(evaluator: Evaluator, document: Document, node: Node, depth: int) -> Iterator[tuple[Text, ...]]:
    """Yield what each part of a template or of a sum can be; nothing for one that is not known."""
    if node.type == "template_string" and not document.is_filled_in(node):
        for part in node.named_children:
            if part.type != "template_substitution":
                yield (Text(fragment_text(document, part)),)
                continue
            inner = without_comments(part)
            yield _of_node(evaluator, document, inner[0], depth) if inner else ()
    elif node.type == "binary_expression":
        for side in ("left", "right"):
            operand = field(node, side)
            yield _of_node(evaluator, document, operand, depth) if operand is not None else ()
    else:
        yield ()


def _of_node(evaluator: Evaluator, document: Document, node: Node, depth: int) -> tuple[Text, ...]:
    node = unwrapped(node)
    if is_query(document, node):
        return (Text(""),)
    return _texts(evaluator, evaluator.evaluate(document, node), depth)


def _bare_texts(evaluator: Evaluator, document: Document, node: Node, depth: int) -> tuple[Text, ...]:
    """Return what an expression can be that takes the slashes off the end of another one; nothing for any other."""
    owner = _without_slash(document, node)
    found = _of_node(evaluator, document, owner, depth) if owner is not None else ()
    return tuple(Text(each.text.rstrip("/"), each.variables, each.is_fallback) for each in found)


def is_query(document: Document, node: Node) -> bool:
    """Return whether an expression is the `search` of an address: nothing, or a question mark and what follows."""
    if node.type == "identifier":
        binding = lookup(document, node)
        made = field(binding.declaration, "value") if binding is not None and not binding.writes else None
        node = made if made is not None else node
    member = field(node, "property") if node.type == "member_expression" else None
    return member is not None and document.text(member) == "search"


def _without_slash(document: Document, node: Node) -> Node | None:
    r"""Return what `x.replace(/\/$/, '')` takes the slashes at the end off, None for any other call."""
    function = field(node, "function") if node.type == "call_expression" else None
    owner, method = (field(function, "object"), field(function, "property")) if function is not None else (None, None)
    given = call_arguments(node) if node.type == "call_expression" else []
    if owner is None or method is None or document.text(method) != "replace" or len(given) != 2:
        return None
    pattern = field(given[0], "pattern") if given[0].type == "regex" else None
    is_slash = pattern is not None and _SLASHES_AT_END.fullmatch(document.text(pattern)) is not None
    return owner if is_slash and string_text(document, given[1]) == "" else None


def _joined(parts: list[tuple[Text, ...]]) -> tuple[Text, ...]:
    count = 1
    for each in parts:
        count *= len(each)
    if not 0 < count <= _MOST_TEXTS:
        return ()
    return tuple(
        Text(
            "".join(each.text for each in chosen),
            frozenset().union(*(each.variables for each in chosen)),
            any(each.is_fallback for each in chosen),
        )
        for chosen in product(*parts)
    )
