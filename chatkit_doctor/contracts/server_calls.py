"""How the SDK calls the methods that a project overrides: what by position, what by name."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.contracts.published import CHATKIT, holds
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class ServerCall:
    """One way in which a method is called.

    positional: how many arguments are passed by position, in the order of the SDK's own parameters.
    keywords: the names of the arguments passed by name. since: the first release that calls it so, if not all do.
    """

    positional: int
    keywords: tuple[str, ...] = ()
    since: str | None = None


def server_calls(owner: str, release: str) -> dict[str, tuple[ServerCall, ...]]:
    """Return the calls that a known release makes of the methods a class, by its own dotted name, declares."""
    found: dict[str, tuple[ServerCall, ...]] = {}
    for method, call in _calls().get(owner, ()):
        if call.since is None or holds(CHATKIT, call.since, None, release):
            found[method] = (*found.get(method, ()), call)
    return found


def called_classes() -> tuple[str, ...]:
    """Return the dotted names of the classes with methods that the SDK calls."""
    return tuple(_calls())


@cache
def _calls() -> dict[str, list[tuple[str, ServerCall]]]:
    found: dict[str, list[tuple[str, ServerCall]]] = {}
    for entry in kept("server_calls")["call"]:
        call = ServerCall(entry["positional"], tuple(entry.get("keywords", ())), entry.get("since"))
        found.setdefault(entry["owner"], []).extend((method, call) for method in entry["methods"])
    return found
