"""What an expression is known to be without running it. `evaluate.Evaluator` makes these.

Each value keeps the document and the node it was written at, which may be another file than the expression's;
for an ObjectValue and an ArrayValue that is the literal, so that it can be edited.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass, field, replace
from chatkit_doctor.web.tree import is_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """Something an expression can be; `node` is where it is written in `document`."""

    document: Document
    node: Node

    @property
    def location(self) -> Location:
        """Return where the value is written."""
        return self.document.location(self.node)

    @property
    def alternatives(self) -> tuple[Value, ...]:
        """Return the values this can be: itself, or all of a Choice (never nested)."""
        return (self,)


class EntryKind(StrEnum):
    """How an object's entry is written."""

    PAIR = "pair"
    SHORTHAND = "shorthand"
    METHOD = "method"
    GETTER = "getter"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One name of an object.

    document: where it is written; not the object's own document where a spread brought it.
    node: the whole entry (`pair`, `shorthand_property_identifier`, `method_definition`, enum member).
    key: the node of its name.
    value_node: the expression of its value as written; for shorthand the key, for a method the whole entry.
    value: what that is.
    optional: it is there only under a condition (`...(x ? {a} : {})`).
    spread: it was brought by a spread, so the object literal itself does not write it.
    """

    name: str
    kind: EntryKind
    document: Document
    node: Node
    key: Node
    value_node: Node
    value: Value
    optional: bool = False
    spread: bool = False

    @property
    def location(self) -> Location:
        """Return where the whole entry is written."""
        return self.document.location(self.node)

    @property
    def key_location(self) -> Location:
        """Return where its name is written (with quotes, if any)."""
        return self.document.location(self.key)

    @property
    def value_location(self) -> Location:
        """Return where its value is written."""
        return self.document.location(self.value_node)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectValue(Value):
    """An object literal (or enum, or merge of literals) with its entries in order of first appearance.

    complete: every name it can have is in `entries`; False if an unresolved spread, a computed key or a
        later change to the object can add others. A missing name means something only if it is complete.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    complete: bool = True

    @property
    def is_literal(self) -> bool:
        """Return whether `node` is an object literal, into which an entry can be written."""
        return self.node.type == "object"

    def get(self, *names: str) -> Value | None:
        """Return the value at a path of names through nested objects, or None where it is not known to be there."""
        current: Value | None = self
        for name in names:
            entry = current.entries.get(name) if isinstance(current, ObjectValue) else None
            current = entry.value if entry is not None else None
        return current


@dataclass(frozen=True, slots=True, eq=False)
class ArrayValue(Value):
    """An array literal; `complete` is False if an unresolved spread or a later change can add items."""

    items: tuple[Value, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class StringValue(Value):
    """A string that is known in full."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class TemplateValue(Value):
    """A string put together from known and unknown parts; it starts with `prefix` and ends with `suffix`."""

    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True, eq=False)
class NumberValue(Value):
    """A number."""

    number: float


@dataclass(frozen=True, slots=True, eq=False)
class BooleanValue(Value):
    """True or false."""

    truth: bool


@dataclass(frozen=True, slots=True, eq=False)
class NullValue(Value):
    """The value null."""


@dataclass(frozen=True, slots=True, eq=False)
class UndefinedValue(Value):
    """The value undefined."""


@dataclass(frozen=True, slots=True, eq=False)
class FalsyValue(Value):
    """What `a && b` is when a stops it: false, null, undefined, 0 or an empty string."""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue(Value):
    """A function; `node` is the arrow function, function or method.

    within: what evaluates it where the function around it has known parameters, which it can see.
    """

    within: object | None = None


@dataclass(frozen=True, slots=True, eq=False)
class JsxValue(Value):
    """A JSX element or fragment."""


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentValue(Value):
    """An environment variable, as a string or undefined: `process.env.NAME`, `import.meta.env.NAME`."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class NamespaceValue(Value):
    """A whole module of the project, `module`."""

    module: Document


@dataclass(frozen=True, slots=True, eq=False)
class RefValue(Value):
    """A box with another value in it, which its member `step` is: `value` of Vue's ref, `current` of React's."""

    inner: Value
    step: str = "value"


@dataclass(frozen=True, slots=True, eq=False)
class UnknownValue(Value):
    """Anything else; `reason` says in a few words why it is not known (for debugging, not for messages)."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Value):
    """One of several values, decided when the program runs (ternary, `||`, `??`, `&&`, several returns).

    direct: those that a branch of the ternary at `node` names alone, so that nothing can guard them but its condition.
    """

    options: tuple[Value, ...]
    direct: frozenset[Value] = frozenset()

    @property
    def alternatives(self) -> tuple[Value, ...]:
        """Return the values this can be."""
        return self.options


def choice(document: Document, node: Node, options: Iterator[Value] | tuple[Value, ...]) -> Value:
    """Return the choice between values, flattened; a choice of one is that one."""
    flat = tuple(dict.fromkeys(each for option in options for each in option.alternatives))
    return flat[0] if len(flat) == 1 else Choice(document, node, flat)


def ternary(document: Document, node: Node, branches: tuple[Value, ...]) -> Value:
    """Return the choice between the branches of a ternary."""
    made = choice(document, node, branches)
    direct = {each for each in branches if not isinstance(each, Choice)}
    for each in branches:
        if isinstance(each, Choice) and each.document is document and is_within(each.node, node):
            direct |= each.direct
    return replace(made, direct=frozenset(direct)) if isinstance(made, Choice) else made
