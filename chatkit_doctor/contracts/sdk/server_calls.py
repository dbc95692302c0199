"""How the SDK calls the methods that a project overrides: what by position, what by name."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import built
from chatkit_doctor.contracts.published import CHATKIT, table_at
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class ServerCall:
    """One way in which a method is called.

    positional: how many arguments are passed by position, in the order of the SDK's own parameters.
    keywords: the names of the arguments passed by name.
    """

    positional: int
    keywords: tuple[str, ...] = ()


@cache
def server_calls(owner: str, release: str) -> dict[str, tuple[ServerCall, ...]]:
    """Return the calls that a known release makes of the methods a class, by its own dotted name, declares."""
    found = table_at(CHATKIT, built("server_calls")["calls"].get(owner, {}), release)
    return {
        method: tuple(ServerCall(positional, tuple(keywords)) for positional, keywords in calls)
        for method, calls in found.items()
    }


@cache
def called_classes() -> tuple[str, ...]:
    """Return the dotted names of the classes with methods that the SDK calls."""
    return tuple(built("server_calls")["calls"])
