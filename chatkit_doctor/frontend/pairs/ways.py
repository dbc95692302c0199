"""The ways by which an address of the page's own origin comes to a backend: over what hands requests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.frameworks import dev_server
from chatkit_doctor.frontend.pairs.addresses import AskedAddress
from chatkit_doctor.frontend.proxies.table import proxies
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass, replace

if TYPE_CHECKING:
    from chatkit_doctor.frontend.proxies.model import Handed

_PORT = regex(r"(?:--port|-p)[ =](\d{2,5})\b")


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """What becomes of a request of the page's. handed: by which rule. arrives: what the server behind is asked for."""

    address: AskedAddress
    handed: Handed
    arrives: AskedAddress | None


def from_own_origin(app: App, page: Path, addresses: Sequence[AskedAddress]) -> tuple[AskedAddress, ...]:
    """Return addresses with those that name the page's own dev server as what they are: paths of its own."""
    own = _own_origins(app, page)
    return tuple(replace(each, origin="") if each.origin in own else each for each in addresses)


def _own_origins(app: App, page: Path) -> frozenset[str]:
    """Return where a page is developed: at the port of its tool, or at one that a script of its package gives."""
    package = app.packages.of(page)
    usual = dev_server(package.dependencies)
    if usual is None:
        return frozenset()
    scripts = package.manifest.get("scripts")
    told = [each for each in scripts.values() if isinstance(each, str)] if isinstance(scripts, dict) else []
    host = usual.rpartition(":")[0]
    ports = {port for each in told if not _OTHER_SERVERS.search(each) for port in _PORT.findall(each)}
    found = {usual, *(f"{host}:{port}" for port in ports)}
    return frozenset({*found, *(each.replace("localhost", "127.0.0.1") for each in found)})


_OTHER_SERVERS = regex(r"uvicorn|gunicorn|fastapi|flask|python|hypercorn|docker|uv run")


def ways(app: App, page: Path, addresses: Sequence[AskedAddress]) -> Iterator[Passage]:
    """Yield what each server that may stand before a page does with the addresses of the page's own origin."""
    for address in addresses:
        for proxy in proxies(app) if address.origin == "" else ():
            handed = proxy.hands_on(address.path) if proxy.serves(page) else None
            if handed is not None:
                yield Passage(address, handed, _arriving(address, handed))


def _arriving(address: AskedAddress, handed: Handed) -> AskedAddress | None:
    if handed.path is None:
        return None
    return AskedAddress(
        address.value, handed.forward.target.origin, handed.path, is_whole=address.is_whole and handed.is_whole
    )
