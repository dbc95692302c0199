"""Which backend a set of options speaks to, where only one can be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.backend.endpoints.process import Endpoint, endpoints
from chatkit_doctor.frontend.options.literals import own_server_options
from chatkit_doctor.frontend.pairs.addresses import AskedAddress, addresses
from chatkit_doctor.frontend.pairs.script_servers import answered_by_scripts
from chatkit_doctor.frontend.pairs.ways import Passage, from_own_origin, ways
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.frontend.options.sites import OptionsSite
    from chatkit_doctor.web.evaluation.values import ObjectValue


@dataclass(frozen=True, slots=True, eq=False)
class Partner:
    """A set of options, and the backend that it speaks to.

    endpoints: the routes of the backend that hand requests to ChatKit's server. addresses: what the options may ask.
    ways: what becomes of those of the page's own origin where something is told to hand them on.
    """

    site: OptionsSite
    options: ObjectValue
    backend: App
    endpoints: tuple[Endpoint, ...]
    addresses: tuple[AskedAddress, ...]
    ways: tuple[Passage, ...]

    @property
    def arriving(self) -> tuple[AskedAddress, ...]:
        """Return what a backend may be asked for: the addresses as they are, and as they are handed on."""
        return (*self.addresses, *(each.arrives for each in self.ways if each.arrives is not None))

    @property
    def asked(self) -> tuple[Endpoint, ...]:
        """Return the routes of ChatKit's servers that some address may reach; a backend may have several servers."""
        return tuple(
            each for each in self.endpoints if any(address.may_reach(each.route.path) for address in self.arriving)
        )

    @property
    def fits(self) -> bool:
        """Return whether some address may reach a route of ChatKit's server, or none is known."""
        return not self.addresses or any(
            address.may_reach(endpoint.route.path) for address in self.arriving for endpoint in self.endpoints
        )

    @property
    def is_meant(self) -> bool:
        """Return whether some address is that of a route of ChatKit's server, with nothing before its path."""
        return any(address.is_of(endpoint.route.path) for address in self.arriving for endpoint in self.endpoints)


def partners(app: App) -> tuple[Partner, ...]:
    """Return the sets of options of the app's own files, tests and stories left out, each with its one backend."""
    return app.derive(_partners)


def _partners(app: App) -> tuple[Partner, ...]:
    backend = _only_backend(app)
    if backend is None:
        return ()
    found = (_partner(app, backend, site, options) for site, options in own_server_options(app))
    return tuple(each for each in found if not _is_answered_here(app, each))


def _is_answered_here(app: App, partner: Partner) -> bool:
    """Return whether a server in JavaScript beside the page has a route for what the page asks."""
    answered = answered_by_scripts(app)
    return any(each.is_whole and each.path.rstrip("/") in answered for each in partner.arriving)


def _partner(app: App, backend: App, site: OptionsSite, options: ObjectValue) -> Partner:
    page = site.document.path
    asked = from_own_origin(app, page, tuple(addresses(app, options)))
    return Partner(site, options, backend, endpoints(backend), asked, tuple(ways(app, page, asked)))


def _only_backend(app: App) -> App | None:
    """Return the app with an endpoint that this one may speak to: itself, that beside it, or the nearest around it."""
    candidates = [pair.backend for pair in app.pairs() if endpoints(pair.backend)]
    if app in candidates or len(candidates) == 1:
        return app if app in candidates else candidates[0]
    beside = [each for each in candidates if each.folder.parent == app.folder.parent]
    around = [each for each in candidates if app.folder.is_relative_to(each.folder)]
    if beside or len(around) < len(candidates):
        return beside[0] if len(beside) == 1 else None
    return max(around, key=lambda each: len(each.folder.parts), default=None)


def fitting_partners(app: App) -> Iterator[Partner]:
    """Yield those whose address is that of a route of their backend's, so that no other backend is meant."""
    return iter(app.derive(_fitting))


def _fitting(app: App) -> tuple[Partner, ...]:
    return tuple(each for each in partners(app) if each.is_meant)


def fitting_partners_of(app: App, options: ObjectValue) -> Sequence[Partner]:
    """Return those that are of one set of options."""
    return app.derive(_by_options).get(id(options), ())


def _by_options(app: App) -> dict[int, list[Partner]]:
    found: dict[int, list[Partner]] = {}
    for each in fitting_partners(app):
        found.setdefault(id(each.options), []).append(each)
    return found
