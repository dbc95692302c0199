"""The ways by which an address of the page's own origin comes to a backend: over what hands requests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.frameworks import dev_server
from chatkit_doctor.frontend.pairs.addresses import AskedAddress
from chatkit_doctor.frontend.proxies.table import proxies
from chatkit_doctor.frontend.proxies.vite import VITE, dev_port
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass, replace

if TYPE_CHECKING:
    from chatkit_doctor.frontend.proxies.model import Handed

_PORT = regex(r"(?:--port|-p)[ =](\d{2,5})\b")
# A script that runs nothing but the tool that the page is developed with.
_TOOL = regex(
    r"(?:\w+=\S+ )*(?:npx |pnpm |bunx )?(?:vite|next|nuxt|nuxi|astro|ng|docusaurus|vue-cli-service)"
    r"(?: (?!preview|build|start)[^&|;]*)?$"
)


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


def dev_origins(app: App, page: Path) -> tuple[str, ...]:
    """Return where a page is developed, the likeliest first: at the port that a configuration or a script of its gives.

    Where none does, that of its tool; none where the tool is not known.
    """
    package = app.packages.of(page)
    usual = dev_server(package.dependencies)
    if usual is None:
        return ()
    scripts = package.manifest.get("scripts")
    told = [each for each in scripts.values() if isinstance(each, str)] if isinstance(scripts, dict) else []
    asked = [port for each in told if _TOOL.match(each) for port in _PORT.findall(each)]
    configs = [each for each in app.files if each.parent == package.folder and VITE.fullmatch(each.name)]
    given = [dev_port(app, document) for each in configs if (document := app.document(each)) is not None]
    host = usual.rpartition(":")[0]
    found = [f"{host}:{port}" for port in (*asked, *given) if port is not None]
    return tuple(dict.fromkeys((*found, usual)))


def _own_origins(app: App, page: Path) -> frozenset[str]:
    found = dev_origins(app, page)
    return frozenset({*found, *(each.replace("localhost", "127.0.0.1") for each in found)})


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
