"""Routes of a backend without ChatKit's server that answer what a page asks ChatKit's server for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.backend.endpoints.process import process_calls
from chatkit_doctor.backend.endpoints.routes import Route, routes
from chatkit_doctor.backend.imports.modules import imports_sdk
from chatkit_doctor.frontend.options.literals import literal_options
from chatkit_doctor.frontend.pairs.addresses import BLANK, AskedAddress, addresses, addresses_with_blanks
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.frontend.options.sites import OptionsSite

# Another implementation of ChatKit's protocol, and what hands a request on to a server elsewhere.
_OTHER = regex(r"(?:^|[._])chatkit")
_HANDS_ON = regex(r"httpx|requests\.|aiohttp|urllib|proxy|forward|upstream|chatkit\.process|\.stream\(")


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """A page's address and the route that answers it. backend: the app of that route."""

    site: OptionsSite
    address: AskedAddress
    backend: App
    route: Route


def strangers(app: App) -> Iterator[Stranger]:
    """Yield the addresses of the app's own options that a route of a backend without ChatKit's server answers."""
    backends = [pair.backend for pair in app.pairs()]
    if any(process_calls(each) or _speaks_chatkit(each) for each in backends):
        return
    for site, options in literal_options(app):
        if not app.owns(site.document.path) or app.is_test_or_story(site.document.path):
            continue
        asked = [*(each for each in addresses(app, options) if each.is_whole), *addresses_with_blanks(app, options)]
        found = [(each, *_answer(backends, each)) for each in asked]
        answered = [(address, backend, route) for address, backend, route in found if backend and route]
        if answered and len(answered) == len(found):
            address, backend, route = answered[0]
            assert backend is not None
            assert route is not None
            yield Stranger(site, address, backend, route)


def _speaks_chatkit(app: App) -> bool:
    """Return whether an app's Python code imports ChatKit's SDK, or another package that speaks for it."""
    if imports_sdk(app):
        return True
    return any(
        _OTHER.search(binding.dotted) is not None and app.layout.resolve(module.source.path, binding.dotted) is None
        for module in app.modules()
        for binding in app.names(module).imports()
        if not binding.dotted.startswith(".")
        and not app.layout.has_package(module.source.path, binding.dotted.partition(".")[0])
    )


def _answer(backends: list[App], address: AskedAddress) -> tuple[App | None, Route | None]:
    """Return the one route that answers an address by itself, and its app."""
    found = [
        (backend, route)
        for backend in backends
        for route in routes(backend)
        if route.path.is_whole
        and route.path.segments
        and _is_asked(route, address)
        and (not route.methods or "POST" in route.methods)
    ]
    if len(found) != 1:
        return None, None
    backend, route = found[0]
    return (backend, route) if _answers_by_itself(route) else (None, None)


def _is_asked(route: Route, address: AskedAddress) -> bool:
    """Return whether a route is what an address asks for, its parameters where the address has blanks."""
    asked = [each for each in address.path.split("/") if each]
    if len(asked) != len(route.path.segments):
        return False
    pairs = zip(route.path.segments, asked, strict=True)
    return all(one == other or (one == "{}" and other == BLANK) for one, other in pairs)


def _answers_by_itself(route: Route) -> bool:
    if route.handler is None:
        return False
    module = route.handler_module
    text = "".join(
        module.location(node).text for node in own_nodes(route.handler) if isinstance(node, ast.Call) and node.func
    )
    return _HANDS_ON.search(text.lower()) is None
