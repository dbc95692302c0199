"""What the element and React's hook can be asked for: parameters of methods, details of events, members.

Versions are those of @openai/chatkit, except where a function says React; None is the newest.
"""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import built, kept
from chatkit_doctor.contracts.published import (
    CHATKIT_JS,
    CHATKIT_REACT,
    Availability,
    availability,
    resolve_release,
    table_at,
)
from chatkit_doctor.contracts.schema import ObjectType, Schema
from chatkit_doctor.contracts.web import schema_of
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class MethodParameter:
    """One parameter of a method; `required` says whether it must be given."""

    name: str
    type: Schema
    required: bool


@cache
def parameters(version: str | None = None) -> dict[str, tuple[MethodParameter, ...]]:
    """Return the methods of the element, each with its parameters."""
    release = resolve_release(CHATKIT_JS, version)[0]
    table = table_at(CHATKIT_JS, built("web_element")["parameters"], release)
    return {method: tuple(_parameter(each, release) for each in listed) for method, listed in table.items()}


def _parameter(fact: dict[str, object], release: str) -> MethodParameter:
    return MethodParameter(str(fact["name"]), schema_of(fact["type"], release), bool(fact.get("required", False)))


@cache
def details(version: str | None = None) -> dict[str, tuple[str, ...]]:
    """Return the events of the element, each with the names in its detail; () for one without."""
    release = resolve_release(CHATKIT_JS, version)[0]
    table = table_at(CHATKIT_JS, built("web_element")["details"], release)
    found = ((event, schema_of(written, release)) for event, written in table.items())
    return {event: tuple(type_.keys) if isinstance(type_, ObjectType) else () for event, type_ in found}


@cache
def hook_methods(version: str | None = None) -> frozenset[str]:
    """Return the methods that the result of a React release's hook has."""
    return frozenset(_react("react_methods", version))


@cache
def hook_members(version: str | None = None) -> frozenset[str]:
    """Return all that the result of a React release's hook has."""
    return hook_methods(version) | frozenset(_react("react_result", version))


@cache
def control_members(version: str | None = None) -> frozenset[str]:
    """Return what the control of a React release's hook has."""
    return frozenset(_react("react_control", version))


def method_history(name: str) -> Availability | None:
    """Return since and until which React release the result of the hook has a method."""
    return availability(built("web_react")["react_methods"].get(name, ()))


@cache
def mistaken_methods() -> dict[str, str]:
    """Return what people call ChatKit's methods, each with the method that takes the same arguments."""
    found: dict[str, str] = kept("web")["members"]["renamed"]
    return found


@cache
def mistaken_calls() -> dict[str, str]:
    """Return methods that people call and that there are not, each with the one that does it with other arguments."""
    found: dict[str, str] = kept("web")["members"]["instead"]
    return found


def meant_argument_key(name: str) -> str | None:
    """Return the key of a method's argument that people mean by another, or None where nobody knows."""
    found: str | None = kept("web")["argument_keys"].get(name)
    return found


@cache
def mistaken_settings() -> frozenset[str]:
    """Return what people set on the element, as properties and as attributes, in lower case and without hyphens."""
    return frozenset(kept("web")["members"]["settings"])


def _react(section: str, version: str | None) -> dict[str, object]:
    return table_at(CHATKIT_REACT, built("web_react")[section], resolve_release(CHATKIT_REACT, version)[0])
