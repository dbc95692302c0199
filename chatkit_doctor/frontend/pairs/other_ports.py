"""Pages that ask for their backend at a port of this machine at which nothing of the project starts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.backend.endpoints.ports import USUAL_PORTS, Start, named_ports, starts
from chatkit_doctor.contracts.frameworks import node_servers
from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.frontend.pairs.between import has_other_server
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.kinds import NODE_LOCKS, PYTHON_LOCKS
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.values import StringValue

if TYPE_CHECKING:
    from chatkit_doctor.frontend.pairs.addresses import AskedAddress
    from chatkit_doctor.frontend.pairs.partners import Partner

_LOCKS = frozenset({*NODE_LOCKS, *PYTHON_LOCKS})


@dataclass(frozen=True, slots=True, eq=False)
class OtherPort:
    """An address that is written out, and the start of its backend at another port."""

    address: AskedAddress
    start: Start


def other_ports(app: App, partner: Partner) -> Iterator[OtherPort]:
    """Yield the address of a page whose path its backend answers, at a port that nothing else of the project names.

    Whoever starts the backend by hand may give it any port; only where the project starts it, at one port always, the
    other is taken for a mistake.
    """
    address = partner.addresses[0] if len(partner.addresses) == 1 else None
    is_written = isinstance(partner.options.get(API, URL), StringValue)
    if address is None or not is_written or not partner.is_meant or not address.is_local or address.port is None:
        return
    found = starts(partner.backend)
    ports = {each.port for each in found}
    if len(ports) != 1 or None in ports or address.port in ports or named_ports(partner.backend) - ports:
        return
    if address.port in USUAL_PORTS and all(each.is_call for each in found):
        # `uvicorn main:app`, by hand or in a script that is not read, starts it there.
        return
    if not has_other_server(app, partner.backend) and not _may_listen(app, partner, address):
        yield OtherPort(address, found[0])


def _may_listen(app: App, partner: Partner, address: AskedAddress) -> bool:
    """Return whether something of the project may listen at the port: a server for Node, or what a file says of it."""
    packages = (app.packages.of(path) for path in app.files if path.name == "package.json")
    if any(not each.dependencies.isdisjoint(node_servers()) for each in packages):
        return True
    port = re.compile(rf"(?<!\d){address.port}(?!\d)".encode())
    own: set[Path] = {address.value.document.path, partner.site.document.path}
    files = {*app.files, *partner.backend.files} - own
    return any(path.name not in _LOCKS and app.mentions_pattern(path, port) for path in files)
