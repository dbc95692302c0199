"""Calls that ask a model without an agent, and what messages for a model are made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def model_methods(package: str | None = None) -> Mapping[str, str]:
    """Return the methods as they are written behind a client (`responses.create`), each with its input's parameter.

    package: the one whose clients have them; without it, those of all.
    """
    known = (entry for entry in kept("model_calls")["method"] if package in {None, entry["package"]})
    return {entry["written"]: entry["input"] for entry in known}


@cache
def needs_input() -> frozenset[str]:
    """Return those of the methods that other clients have too: they ask a model where their input is given by name."""
    return frozenset(entry["written"] for entry in kept("model_calls")["method"] if entry.get("needs_input"))


@cache
def answer_wrappers() -> frozenset[str]:
    """Return what may stand before such a method's name and only says what the answer comes in."""
    return frozenset(kept("model_calls")["wrappers"]["names"])


def handed_function(dotted: str) -> int | None:
    """Return the place of the function that another one calls with the rest of what it is given; None for any other."""
    found: int | None = kept("model_calls")["handing"].get(dotted)
    return found


@dataclass(frozen=True, slots=True)
class PostedRequest:
    """How a request to a model's HTTP end is written by hand: the methods of clients, and the parameter of the body.

    model, inputs: the keys of the body that name the model, and one of which holds what it is given.
    addresses: a word of the address, for a key that bodies of other requests have as well.
    """

    methods: frozenset[str]
    parameter: str
    model: str
    inputs: tuple[str, ...]
    addresses: dict[str, str]


@cache
def posted_request() -> PostedRequest:
    """Return how a request to a model's HTTP end is written by hand."""
    known = kept("model_calls")["posted"]
    methods, inputs = frozenset(known["methods"]), tuple(known["inputs"])
    return PostedRequest(methods, known["parameter"], known["model"], inputs, known["addresses"])


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """Types of content parts that an API refuses of some roles. meant: the type to write, None where none will do."""

    api: str
    roles: frozenset[str]
    types: frozenset[str]
    meant: str | None


@cache
def refused_parts() -> tuple[RefusedPart, ...]:
    """Return which types of content parts the APIs refuse, by who says it."""
    return tuple(
        RefusedPart(each["api"], frozenset(each["roles"]), frozenset(each["types"]), each.get("meant"))
        for each in kept("model_calls")["refused_part"]
    )


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
def user_message_classes() -> frozenset[str]:
    """Return the classes, by the last part of their names, whose objects are messages of the user's for a model."""
    return frozenset(kept("model_calls")["messages"]["of_users"])


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
