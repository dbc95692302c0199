"""The values of a rehearsal: Python's own where they are known, and stand-ins for the rest."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import total_ordering

from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module


class Lost(Exception):  # noqa: N818 - nothing is wrong: the rehearsal ends, and nothing is said
    """What the code does next cannot be told."""


class Raised(Exception):  # noqa: N818 - an exception of the code that is looked at, on its way up
    """The code raises, with this value."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Blank:
    """A value of which nothing is known but where it comes from; the same question gets the same blank.

    row: the number of the imaginary row that it is a part of. column: the name under which that row has it.
    inside: the value that was packed into it, as JSON say; None for none. is_dict: whether it is known to be a dict.
    """

    def __init__(self, row: int | None = None, column: str | None = None, inside: object = None) -> None:
        self.row = row
        self.column = column
        self.inside = inside
        self.is_dict = False
        self.parts: dict[object, object] = {}

    @property
    def is_there(self) -> bool:
        """Return whether it is known to be something: a row that was found, or what was packed into a text.

        What stands in a row's columns may be None, or empty.
        """
        return self.inside is not None or (self.row is not None and self.column is None)

    def part(self, key: object) -> object:
        """Return an attribute or an entry."""
        if key not in self.parts:
            self.parts[key] = Blank(self.row, f"{key}")
        return self.parts[key]


@total_ordering
class Instant:
    """A point in time, of which only the order is known."""

    def __init__(self, position: float) -> None:
        self.position = position

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instant) and self.position == other.position

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Instant):
            return NotImplemented
        return self.position < other.position

    def __hash__(self) -> int:
        return hash(self.position)


class Thing:
    """An object of a class: its attributes as far as they are known.

    kind: the dotted name of its class, or the class's own name. view: the class, where it is the project's.
    made_at: the call that makes it, with its module. is_open: whether it may have attributes that nobody has set.
    """

    def __init__(
        self,
        kind: str,
        attributes: dict[str, object],
        view: ClassView | None = None,
        made_at: tuple[Module, ast.Call] | None = None,
        *,
        is_open: bool = True,
    ) -> None:
        self.kind = kind
        self.attributes = attributes
        self.view = view
        self.made_at = made_at
        self.is_open = is_open

    def copy(self) -> Thing:
        """Return another object with the same attributes."""
        return Thing(self.kind, dict(self.attributes), self.view, self.made_at, is_open=self.is_open)


class BlankMethod(Blank):
    """An attribute that nobody knows, which may be a method."""

    def __init__(self, holder: Blank | Thing, name: str) -> None:
        super().__init__(holder.row if isinstance(holder, Blank) else None, name)
        self.holder = holder
        self.name = name


class Locals:
    """The local names of one call, and the scope around them."""

    def __init__(self, module: Module, outer: Locals | None, owner: ClassView | None = None) -> None:
        self.module = module
        self.names: dict[str, object] = {}
        self.outer = outer
        self.owner = owner
        self.given: list[object] | None = None

    def holder(self, name: str) -> Locals | None:
        """Return the nearest scope that has a name."""
        scope: Locals | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


class Closure:
    """A function of the project, with what surrounds it and the object it is called on."""

    def __init__(
        self,
        node: FunctionNode | ast.Lambda,
        module: Module,
        outer: Locals | None = None,
        receiver: object = None,
        owner: ClassView | None = None,
    ) -> None:
        self.node = node
        self.module = module
        self.outer = outer
        self.receiver = receiver
        self.owner = owner


class Built:
    """A function that the rehearsal itself knows."""

    def __init__(self, call: Callable[[list[object], dict[str, object]], object]) -> None:
        self.call = call


class Class:
    """A class of the project as a value."""

    def __init__(self, view: ClassView) -> None:
        self.view = view


class Outer:
    """Something of another package, by its dotted name."""

    def __init__(self, dotted: str) -> None:
        self.dotted = dotted


class Super:
    """What `super()` gives in a method."""

    def __init__(self, receiver: object, owner: ClassView) -> None:
        self.receiver = receiver
        self.owner = owner


def written(value: str | float) -> str:
    """Return a plain value as a text. Raises Lost for a number of more digits than Python writes."""
    try:
        return str(value)
    except ValueError:
        raise Lost from None
