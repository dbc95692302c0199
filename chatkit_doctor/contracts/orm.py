"""What Django's ORM refuses where an event loop runs."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import kept


def is_model_base(dotted: str) -> bool:
    """Return whether a dotted name is a class of Django's that models derive from, or one that is a model."""
    return dotted.startswith(tuple(kept("orm")["bases"]))


def is_manager(name: str) -> bool:
    """Return whether an attribute of a model's class is what its rows are asked by."""
    return name in kept("orm")["managers"]


@cache
def asking_methods() -> frozenset[str]:
    """Return the methods of a set of rows that ask the database; each has a twin that is awaited."""
    return frozenset(kept("orm")["asking"])


@cache
def row_methods() -> frozenset[str]:
    """Return the methods of a row that ask the database; each has a twin that is awaited."""
    return frozenset(kept("orm")["of_row"])


@cache
def lazy_methods() -> frozenset[str]:
    """Return the methods that give a set of rows and ask for nothing yet."""
    return frozenset(kept("orm")["lazy"])


@cache
def row_givers() -> frozenset[str]:
    """Return the methods to be awaited that give a row."""
    return frozenset(kept("orm")["rows"])


def twin(method: str) -> str:
    """Return the method to be awaited that does what another does."""
    return f"a{method}"


def allowing_word() -> bytes:
    """Return the setting by which the ORM may be called where an event loop runs."""
    found: str = kept("orm")["allowed_by"]
    return found.encode()
