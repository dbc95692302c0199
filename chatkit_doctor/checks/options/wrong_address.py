"""What CK407 says of an address that begins with neither a scheme nor a slash."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, Severity
from chatkit_doctor.frontend.options.addresses import AddressFault, ServerAddress, faulty_addresses
from chatkit_doctor.frontend.options.problems import is_inside
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.project.app import App
from chatkit_doctor.words import shortened

_LOST = "A browser takes what has no scheme for a path beside the page's own, or its first word for the scheme."
_MOVES = "The address is another one on every page, by the path that the page itself has."


def wrong_addresses(app: App) -> Iterator[Finding]:
    """Yield the addresses that lead elsewhere than to the server that they name."""
    for address in faulty_addresses(app):
        at = address.value.location if app.owns(address.value.location.path) else address.entry.value_location
        is_relative = address.fault is AddressFault.RELATIVE
        text = shortened(address.value.location.text)
        yield Finding(
            "CK407",
            at,
            f"{API}.{URL} is {text}, which begins with neither a scheme nor a slash",
            label="relative to the page" if is_relative else "lacks its scheme",
            help=f"begin it with {_start(address)}",
            severity=Severity.WARNING if is_relative else None,
            why=_MOVES if is_relative else _LOST,
            fix=for_change(app, address.value.document, address.value.node, _fix(address)),
        )


def _start(address: ServerAddress) -> str:
    return {AddressFault.LOCAL: "http://", AddressFault.HOST: "https://", AddressFault.RELATIVE: "/"}[address.fault]


def _fix(address: ServerAddress) -> Fix | None:
    """Return the fix that writes what is lacking: of a server on this machine there is only one scheme."""
    at = address.value.location
    if not at.text[1:].startswith(address.text) or not is_inside(at, address.entry.value_location):
        return None
    start = address.text[: len(address.text) - len(address.text.lstrip("./"))] if _start(address) == "/" else ""
    applicability = Applicability.SAFE if address.fault is AddressFault.LOCAL else Applicability.UNSAFE
    edit = Edit(at.source.location(at.start + 1, at.start + 1 + len(start)), _start(address))
    return Fix(f"begin it with {_start(address)}", applicability, lambda: [edit])
