"""Requests that something is told to hand on to a path of the backend where it has no route, or to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatkit_doctor.backend.endpoints.ports import named_ports
from chatkit_doctor.backend.endpoints.routes import routes
from chatkit_doctor.contracts.frameworks import dev_server, node_servers, page_words, server_tools
from chatkit_doctor.frontend.pairs.addresses import LOCAL, AskedAddress
from chatkit_doctor.frontend.pairs.between import answers_first, stands_between
from chatkit_doctor.frontend.proxies.caddy import CADDY
from chatkit_doctor.frontend.proxies.compose import Service, services
from chatkit_doctor.frontend.proxies.listening import listens_on
from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer
from chatkit_doctor.frontend.proxies.nginx import NGINX
from chatkit_doctor.frontend.proxies.table import proxies
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass

_PACKAGE = "package.json"
# Where servers listen that stand before others.
_BEFORE_OTHERS = frozenset({80, 443, 8080, 8443, None})

if TYPE_CHECKING:
    from chatkit_doctor.backend.endpoints.paths import RoutePath
    from chatkit_doctor.frontend.pairs.partners import Partner
    from chatkit_doctor.frontend.pairs.ways import Passage


def lost_ways(app: App, partner: Partner) -> Iterator[Passage]:
    """Yield the ways by which a page's requests surely come to its backend, and to no route of it.

    Nothing, where something that nobody can tell may answer first.
    """
    if not _asks_one(partner):
        return
    paths = [each.path for each in routes(partner.backend)]
    found = []
    for way in _of_one_server(app, partner):
        arrives = way.arrives
        is_known = arrives is not None and arrives.is_whole and goes_to(app, arrives.origin, partner.backend)
        if arrives is not None and is_known and not any(_may_answer(each, arrives.path) for each in paths):
            found.append(way)
    for is_dev in {each.handed.proxy.is_dev for each in found}:
        if not _is_between(app, partner.backend, is_dev=is_dev):
            yield from (each for each in found if each.handed.proxy.is_dev == is_dev)


def _is_between(app: App, backend: App, *, is_dev: bool) -> bool:
    """Return whether something may answer first of which nobody can tell what it does.

    is_dev: where the page is developed, where hosts and what is before containers have no part in it.
    """
    known = frozenset(path for proxy in proxies(app) for path in proxy.files)
    return answers_first(app, backend, known) if is_dev else stands_between(app, backend, known)


def _asks_one(partner: Partner) -> bool:
    """Return whether all that the options can give is one address, be it written twice."""
    return len({(each.origin, each.path) for each in partner.addresses}) == 1


def _of_one_server(app: App, partner: Partner) -> Iterator[Passage]:
    """Yield the ways, each once, over files that tell one server: of several, each may be for another domain."""
    seen = set()
    files = [each.path for each in proxies(app)]
    for way in partner.ways:
        key = (way.handed.forward, way.address.path)
        if files.count(way.handed.proxy.path) == 1 and key not in seen:
            seen.add(key)
            yield way


@dataclass(frozen=True, slots=True, eq=False)
class WrongPort:
    """A way to a port of the backend's container on which nothing listens. port: the one on which its server does."""

    way: Passage
    service: Service
    asked: int
    port: int


def wrong_ports(app: App, partner: Partner) -> Iterator[WrongPort]:
    """Yield the ways over nginx or Caddy that surely end at a port of the backend's container where nothing listens."""
    for way in _of_one_server(app, partner):
        host, asked = _place(way.handed.forward.target.origin)
        built = [each for each in services(app) if host in each.hosts]
        if way.handed.proxy.name not in {CADDY, NGINX} or len(built) != 1 or not _is_of(built[0], partner.backend):
            continue
        port = listens_on(app, built[0])
        if asked is not None and port is not None and asked != port:
            yield WrongPort(way, built[0], asked, port)


def _place(origin: str | None) -> tuple[str, int | None]:
    """Return the host and the port of an origin, "" and None for what is none."""
    try:
        parts = urlsplit(origin or "")
        return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None


@dataclass(frozen=True, slots=True, eq=False)
class Unforwarded:
    """An address of the page's own that its dev server hands on to nobody. forwards: what it does hand on."""

    address: AskedAddress
    proxy: ProxyServer
    forwards: tuple[Forward, ...]


def unforwarded(app: App, partner: Partner) -> Iterator[Unforwarded]:
    """Yield the addresses for which the dev server has no rule, though it has some that surely lead to the backend."""
    page, backend = partner.site.document.path, partner.backend
    servers = [each for each in proxies(app) if each.is_dev and each.serves(page)]
    if len(servers) != 1 or not _asks_one(partner) or partner.addresses[0].origin != "":
        return
    proxy, address = servers[0], partner.addresses[0]
    if any(each.handed.proxy.is_dev for each in partner.ways) or not address.is_whole or not proxy.is_clear:
        return
    leading = tuple(each for each in proxy.forwards if goes_to(app, each.target.origin, backend))
    if len({each.target.origin for each in leading}) != 1:
        return
    has_routes = not app.packages.of(page).dependencies.isdisjoint(server_tools())
    hands_out = any(app.mentions(path, page_words()) for path in app.files if path.suffix == ".py")
    if not has_routes and not hands_out and not _is_between(app, backend, is_dev=True):
        yield Unforwarded(address, proxy, leading)


def _may_answer(route: RoutePath, path: str) -> bool:
    return route.answers(path) or not (route.segments or route.is_whole)


def goes_to(app: App, origin: str | None, backend: App) -> bool:
    """Return whether what listens at an origin is surely the backend: a service built of it, or what is left here."""
    host, port = _place(origin)
    known = services(app)
    if host not in LOCAL:
        built = [each for each in known if host in each.hosts]
        return len(built) == 1 and _is_of(built[0], backend)
    published = [each for each in known if port in each.ports]
    if published:
        return all(_is_of(each, backend) for each in published)
    named = named_ports(backend)
    is_likely = port in named if named else port not in _BEFORE_OTHERS
    return is_likely and not _has_other(app, port)


def _is_of(service: Service, backend: App) -> bool:
    return service.folder == backend.folder


def _has_other(app: App, port: int | None) -> bool:
    """Return whether another server of the project may listen at a port of this machine."""
    packages = {app.packages.of(path) for path in app.files if path.name == _PACKAGE}
    names = frozenset(name for each in packages for name in each.dependencies)
    if not names.isdisjoint(node_servers()):
        return True
    origins = {dev_server(each.dependencies) for each in packages} - {None}
    return any(urlsplit(each).port == port for each in origins if each is not None)
