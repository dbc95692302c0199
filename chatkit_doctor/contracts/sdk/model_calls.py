"""Calls that ask a model without an agent, and what messages for a model are made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import kept

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def model_methods() -> Mapping[str, str]:
    """Return the methods as they are written behind a client (`responses.create`), each with its input's parameter."""
    return {entry["written"]: entry["input"] for entry in kept("model_calls")["method"]}


@cache
def model_functions() -> Mapping[str, str]:
    """Return the functions by their dotted names, each with its input's parameter."""
    return {name: entry["input"] for entry in kept("model_calls")["function"] for name in entry["names"]}


@cache
def memory_parameters() -> frozenset[str]:
    """Return the parameters by which a model remembers more than it is given."""
    return frozenset(kept("model_calls")["memory"]["parameters"])


@cache
def message_modules() -> tuple[str, ...]:
    """Return the modules whose classes messages are made of, each with a dot behind it."""
    return tuple(f"{each}." for each in kept("model_calls")["messages"]["modules"])


@cache
def chain_methods() -> frozenset[str]:
    """Return the methods by which a model of LangChain's is asked; their first argument is what it is given."""
    return frozenset(kept("model_calls")["chains"]["methods"])


def is_chain(dotted: str) -> bool:
    """Return whether a dotted name is of LangChain's packages."""
    prefix: str = kept("model_calls")["chains"]["modules"]
    return dotted.startswith(prefix)


@cache
def client_classes() -> Mapping[str, str]:
    """Return the classes of clients by their dotted names, each with its kind: "openai" or "azure"."""
    return {name: kind for kind, names in kept("model_calls")["clients"].items() for name in names}
