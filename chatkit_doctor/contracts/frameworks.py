"""How Python's web frameworks are told of routes, and what they answer with."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.records import dataclass

ArgumentPlace = tuple[int, str]
"""Where an argument stands in a call: its position, and its name."""


@dataclass(frozen=True, slots=True)
class RouteOwner:
    """A class whose objects have routes. prefix: its argument for what stands before its paths, "" for none."""

    framework: str
    is_app: bool
    prefix: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A method that puts an owner of routes below another. replaces: its prefix takes the place of the child's own."""

    child: ArgumentPlace
    prefix: ArgumentPlace
    replaces: bool


@dataclass(frozen=True, slots=True)
class RouteMaker:
    """A function that stands for a route. endpoint: None where it decorates one. method: "" where it varies."""

    endpoint: ArgumentPlace | None
    method: str


@cache
def _owners() -> dict[str, RouteOwner]:
    return {
        name: RouteOwner(each["framework"], each["kind"] == "app", each.get("prefix", ""))
        for each in kept("frameworks")["owner"]
        for name in each["names"]
    }


def route_owner(dotted: str) -> RouteOwner | None:
    """Return the class of owners of routes that a dotted name is."""
    return _owners().get(dotted)


@cache
def _inclusions() -> dict[str, Inclusion]:
    return {
        each["method"]: Inclusion(_place(each["child"]), _place(each["prefix"]), each.get("replaces", False))
        for each in kept("frameworks")["inclusion"]
    }


def inclusion(method: str) -> Inclusion | None:
    """Return how a method of this name puts routes below others."""
    return _inclusions().get(method)


@cache
def _makers() -> dict[str, RouteMaker]:
    return {
        name: RouteMaker(_place(each["endpoint"]) if "endpoint" in each else None, each["method"])
        for each in kept("frameworks")["route"]
        for name in each["names"]
    }


def route_maker(dotted: str) -> RouteMaker | None:
    """Return the function that stands for a route and has a dotted name."""
    return _makers().get(dotted)


@cache
def json_responses() -> frozenset[str]:
    """Return the dotted names of what answers with JSON that it makes of what it is given."""
    return frozenset(kept("frameworks")["json"]["names"])


@cache
def plain_json_responses() -> frozenset[str]:
    """Return those of them that hand it to Python's own writer of JSON as it is."""
    return frozenset(kept("frameworks")["json"]["plain"])


@cache
def _streaming() -> dict[str, ArgumentPlace]:
    return {name: _place(each["type"]) for each in kept("frameworks")["streaming"] for name in each["names"]}


def streaming_response(dotted: str) -> ArgumentPlace | None:
    """Return where an answer with a stream is told the type of its body; None for what is no such answer."""
    return _streaming().get(dotted)


def cors_words() -> tuple[bytes, ...]:
    """Return the words of which one is in every file that deals with other origins."""
    return tuple(each.encode() for each in kept("frameworks")["cors"]["words"])


def _place(written: list[int | str]) -> ArgumentPlace:
    position, name = written
    return int(position), str(name)


@dataclass(frozen=True, slots=True)
class RequestClass:
    """A framework's request. body: what its raw body is had by. how: "await", "call", or "" for an attribute."""

    body: str
    how: str

    def read_from(self, name: str) -> str:
        """Return the expression that gives the body of the request of a name."""
        call = f"{name}.{self.body}" if self.how == "" else f"{name}.{self.body}()"
        return f"await {call}" if self.how == "await" else call


def request_class(dotted: str) -> RequestClass | None:
    """Return the request that a dotted name is."""
    return _requests().get(dotted)


def plain_request(imported: Collection[str]) -> RequestClass | None:
    """Return the request that a file's functions are given without an annotation, by the dotted names that it imports.

    None where the file imports another framework as well, or none that hands it over so.
    """
    others = {each.partition(".")[0] for each in imported} & set(kept("frameworks")["frameworks"]["packages"])
    for known in kept("frameworks")["plain_request"]:
        own = known["imports"]
        is_imported = any(each == own or each.startswith(f"{own}.") for each in imported)
        if is_imported and others <= {own.partition(".")[0], *known["beside"]}:
            return request_class(known["name"])
    return None


@dataclass(frozen=True, slots=True)
class WrittenResponse:
    """An answer that is written to bit by bit. headers, type: the argument and the attribute that say what it is.

    writes: the method that sends a part.
    """

    headers: str
    type: str
    writes: str


def written_response(dotted: str) -> WrittenResponse | None:
    """Return what is known of an answer that is written to bit by bit; None for any other."""
    known = kept("frameworks")["written_response"]
    return WrittenResponse(known["headers"], known["type"], known["writes"]) if dotted in known["names"] else None


@cache
def _requests() -> dict[str, RequestClass]:
    return {
        name: RequestClass(each["body"], each["how"])
        for each in kept("frameworks")["request"]
        for name in each["names"]
    }


@cache
def harmless_middleware() -> frozenset[str]:
    """Return the names of middleware that lets everybody in."""
    return frozenset(kept("frameworks")["middleware"]["harmless"])


@dataclass(frozen=True, slots=True)
class CorsMiddleware:
    """The middleware that answers for other origins. origins, headers: its arguments for what may ask, and with what.

    safe: the headers that it always lets through, in lower case.
    """

    name: str
    module: str
    origins: str
    headers: str
    safe: frozenset[str]


@cache
def cors_middleware() -> CorsMiddleware:
    """Return what is known of that middleware."""
    known = kept("frameworks")["cors_middleware"]
    return CorsMiddleware(known["name"], known["module"], known["origins"], known["headers"], frozenset(known["safe"]))


def page_words() -> tuple[bytes, ...]:
    """Return the words of which one is in every file that hands out pages."""
    return tuple(each.encode() for each in kept("frameworks")["pages"]["words"])


def node_servers() -> frozenset[str]:
    """Return the packages of Node with which people write servers."""
    return frozenset(kept("frameworks")["node_servers"]["packages"])


def server_tools() -> frozenset[str]:
    """Return the packages that put routes of their own behind the dev server of Vite or webpack."""
    return frozenset(kept("frameworks")["server_tools"]["packages"])


def reads_other_sources(packages: Collection[str]) -> bool:
    """Return whether one of some packages compiles files of kinds that are not read here."""
    known = kept("frameworks")["unread_sources"]
    return not set(known["packages"]).isdisjoint(packages) or any(
        word in package for package in packages for word in known["words"]
    )


def dev_server(packages: Collection[str]) -> str | None:
    """Return the origin at which a page with these packages is developed; None where several or none are known."""
    found = {origin for package, origin in kept("frameworks")["dev_servers"].items() if package in packages}
    return found.pop() if len(found) == 1 else None
