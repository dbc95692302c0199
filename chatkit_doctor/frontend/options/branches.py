"""Which of the values that something can be count against it.

A condition decides among them when the program runs, and a guard may shut a bad one out before it is used: an early
return, the condition of a spread, `!`. Only what has a name can be guarded; what is written in place is used as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.evaluate import truthiness
from chatkit_doctor.web.evaluation.values import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.values import Value


def counting(
    refused: Sequence[Value], fitting: Sequence[Value], whole: Value, places: Iterable[tuple[Document, Node]]
) -> list[Value]:
    """Return those of the refused values that no guard can have shut out.

    whole: all that the value can be; fitting: what of it may be right. What is in neither is wrong, but not told.
    places: where a value is written in place: the option's own value, and the object or array that holds it.
    """
    around = tuple(places)
    direct = whole.direct if isinstance(whole, Choice) and _is_within(whole, around) else frozenset()
    unguarded = {each for each in refused if each in direct or _is_within(each, around)}
    if fitting:
        return [each for each in refused if each in unguarded]
    # A wrong one is used in any case; a guard lets one pass that is not empty, if there is one.
    told = [each for each in refused if each in unguarded or truthiness(each) is not False]
    return told if told or len(refused) < len(whole.alternatives) else list(refused)


def _is_within(value: Value, places: tuple[tuple[Document, Node], ...]) -> bool:
    return any(
        value.document is document and node.start_byte <= value.node.start_byte and value.node.end_byte <= node.end_byte
        for document, node in places
    )
