"""Find a page that asks for ChatKit's server at a path where its backend answers nothing."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.ports import USUAL_PORTS, named_ports
from chatkit_doctor.backend.endpoints.routes import routes
from chatkit_doctor.checks.pairs.forwarding_fix import forwarding_fix
from chatkit_doctor.finding import Applicability, Edit, Elsewhere, Finding, Fix, SeenAs, Severity
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.pairs.addresses import AskedAddress
from chatkit_doctor.frontend.pairs.between import stands_between
from chatkit_doctor.frontend.pairs.lost import Unforwarded, WrongPort, lost_ways, unforwarded, wrong_ports
from chatkit_doctor.frontend.pairs.other_ports import OtherPort, other_ports
from chatkit_doctor.frontend.pairs.partners import Partner, partners
from chatkit_doctor.frontend.pairs.ways import Passage
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path
from chatkit_doctor.web.evaluation.values import StringValue, TemplateValue
from chatkit_doctor.words import joined


def endpoint_mismatch(app: App) -> Iterator[Finding]:
    """Find a page that asks for ChatKit's server at a path where its backend answers nothing."""
    for partner in partners(app):
        if partner.fits or partner.ways or _may_be_elsewhere(app, partner):
            yield from (_handed_wrong(app, partner, each) for each in lost_ways(app, partner))
            yield from (_at_wrong_port(app, each) for each in wrong_ports(app, partner))
            yield from (_at_other_port(app, each) for each in other_ports(app, partner))
            yield from (_unforwarded(app, partner, each) for each in unforwarded(app, partner))
            continue
        address = next((each for each in partner.addresses if each.is_whole), partner.addresses[0])
        route = partner.endpoints[0].route
        backend = relative_path(route.module.source.path, app.base)
        asked = address.text
        yield Finding(
            "CK805",
            address.value.location,
            f"the page asks for {asked}, and no route of its backend answers there; {backend} has ChatKit at "
            f"{route.path.text}",
            label="nothing answers here",
            help=f"ask for {route.path.text}, or serve ChatKit at {address.path}",
            seen_as=SeenAs("absent", {"url": asked}),
            elsewhere=Elsewhere(route.at, "ChatKit answers here"),
            fix=_fix(app, partner, address),
        )


def _handed_wrong(app: App, partner: Partner, way: Passage) -> Finding:
    route = partner.endpoints[0].route
    backend = relative_path(route.module.source.path, app.base)
    asked = way.address.text
    place = relative_path(way.handed.forward.at.path, app.base)
    return Finding(
        "CK805",
        way.address.value.location,
        f"the page asks for {asked}, {place} hands that on as {way.handed.path}, and no route of its backend answers "
        f"there; {backend} has ChatKit at {route.path.text}",
        label="nothing answers here",
        help=f"ask for {route.path.text} in {place}, or serve ChatKit at {way.handed.path}",
        seen_as=SeenAs("absent", {"url": asked}),
        elsewhere=Elsewhere(way.handed.forward.at, f"handed on as {way.handed.path}"),
    )


def _at_wrong_port(app: App, found: WrongPort) -> Finding:
    forward, address, service = found.way.handed.forward, found.way.address, found.service
    place, compose = relative_path(forward.at.path, app.base), relative_path(service.path, app.base)
    proxy = found.way.handed.proxy.name
    return Finding(
        "CK805",
        address.value.location,
        f"the page asks for {address.text}, {place} hands that on to port {found.asked} of {service.name}, and what "
        f"{compose} runs there listens on {found.port}",
        label="nothing listens there",
        help=f"ask for port {found.port} in {place}",
        seen_as=SeenAs("unreached", {"url": address.text}),
        why=f"{proxy} finds nothing at that port of the container, and answers every request of the chat with 502.",
        elsewhere=Elsewhere(forward.at, f"port {found.asked}"),
        fix=_port_fix(app, found),
    )


def _at_other_port(app: App, found: OtherPort) -> Finding:
    value, start = found.address.value, found.start
    place = relative_path(start.at.path, app.base)
    return Finding(
        "CK805",
        value.location,
        f"the page asks for {found.address.text}, and {place} starts the backend at port {start.port}",
        label=f"not port {start.port}",
        help=f"ask for port {start.port}, or start the backend at {found.address.port}",
        severity=Severity.WARNING,
        seen_as=SeenAs("refused", {"url": found.address.text}),
        why="Where the backend is started so, nothing listens at the other port, and no request of the chat arrives.",
        elsewhere=Elsewhere(start.at, f"starts at port {start.port}"),
        fix=_other_port_fix(app, found),
    )


def _other_port_fix(app: App, found: OtherPort) -> Fix | None:
    """Return the fix: the port at which the backend is started, in the address."""
    value, written = found.address.value, f":{found.address.port}"
    at = value.location
    start = at.text.find(written)
    if start < 0 or at.text.count(written) != 1:
        return None
    place = at.source.location(at.start + start, at.start + start + len(written))
    fix = Fix(f"ask for port {found.start.port}", Applicability.UNSAFE, lambda: [Edit(place, f":{found.start.port}")])
    return for_change(app, value.document, value.node, fix)


def _port_fix(app: App, found: WrongPort) -> Fix | None:
    """Return the fix: the port on which the container listens, where nginx's rule writes another one."""
    at, written = found.way.handed.forward.at, f":{found.asked}"
    start = at.text.find(written)
    if start < 0 or at.text.count(written) != 1 or not app.owns(at.path):
        return None
    place = at.source.location(at.start + start, at.start + start + len(written))
    return Fix(f"ask for port {found.port}", Applicability.UNSAFE, lambda: [Edit(place, f":{found.port}")])


def _unforwarded(app: App, partner: Partner, found: Unforwarded) -> Finding:
    route = partner.endpoints[0].route
    place = relative_path(found.proxy.path, app.base)
    prefixes, origin = joined([each.prefix for each in found.forwards]), found.forwards[0].target.origin
    return Finding(
        "CK805",
        found.address.value.location,
        f"the page asks for {found.address.text}, and {place} hands {prefixes} on to {origin} and not that; "
        f"{relative_path(route.module.source.path, app.base)} has ChatKit at {route.path.text}",
        label="handed on to nobody",
        help=f"hand {found.address.path} on in {place} as well",
        seen_as=SeenAs("absent", {"url": found.address.text}),
        why="The server on which the page is developed answers every request of the chat by itself, with 404.",
        elsewhere=Elsewhere(found.forwards[0].at, "what is handed on"),
        fix=forwarding_fix(app, found)
        if any(found.address.is_of(each.route.path) for each in partner.endpoints)
        else None,
    )


def _may_be_elsewhere(app: App, partner: Partner) -> bool:
    """Return whether something may answer that is not known: another route, or what stands between the two sides."""
    if any(not each.is_local and stands_between(app, partner.backend) for each in partner.addresses):
        return True
    ports = named_ports(partner.backend)
    # A file may name the port of another server of the backend's, such as one of tools.
    if any(each.is_local and ports and each.port not in ports | USUAL_PORTS for each in partner.addresses):
        return True
    return any(
        not route.path.segments or route.path.answers(address.path) or address.may_reach(route.path)
        for route in routes(partner.backend)
        for address in partner.addresses
        if route.path.segments or not route.path.is_whole
    )


def _fix(app: App, partner: Partner, address: AskedAddress) -> Fix | None:
    """Return the fix: the path of the one route in the place of the one that is asked for."""
    paths = {each.route.path for each in partner.endpoints}
    path = next(iter(paths))
    value = address.value
    if len(paths) > 1 or not path.is_whole or "{" in path.text or not isinstance(value, StringValue | TemplateValue):
        return None
    at = value.location
    start = at.text.find(address.path)
    if start < 0 or at.text.count(address.path) != 1:
        return None
    place = at.source.location(at.start + start, at.start + start + len(address.path))
    fix = Fix(f"ask for {path.text}", Applicability.UNSAFE, lambda: [Edit(place, path.text)])
    return for_change(app, value.document, value.node, fix)
