"""Addresses: what the user typed, the endpoint it means, origins, and how an address is shown."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from chatkit_doctor.records import dataclass

DEFAULT_PATH = "/chatkit"
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class AddressError(Exception):
    """An address that cannot be asked; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute http or https address without a fragment."""

    parts: SplitResult

    @classmethod
    def parse(cls, typed: str) -> Address:
        """Read an address; without a scheme it is http on this machine and https elsewhere. Raises AddressError."""
        text = typed.strip()
        if "://" not in text:
            text = f"{'http' if is_loopback(_host(f'//{text}')) else 'https'}://{text}"
        host = _host(text)
        parts = urlsplit(text)._replace(fragment="")
        if parts.scheme not in {"http", "https"} or not host:
            raise AddressError(f"not an http address: {typed}")
        return cls(parts)

    @property
    def text(self) -> str:
        """Return it as it is asked."""
        return urlunsplit(self.parts)

    @property
    def shown(self) -> str:
        """Return it as people see it, without what may be secret: user, password and query."""
        return f"{self.origin}{self.parts.path}"

    @property
    def host(self) -> str:
        """Return the host in lower case."""
        return (self.parts.hostname or "").lower()

    @property
    def port(self) -> int:
        """Return the port, by the scheme where none is written."""
        return self.parts.port or _PORTS.get(self.parts.scheme, 0)

    @property
    def origin(self) -> str:
        """Return the origin as browsers name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = self.port == _PORTS.get(self.parts.scheme)
        return f"{self.parts.scheme}://{host}" + ("" if standard else f":{self.port}")

    def at(self, path: str) -> Address:
        """Return another path of the same server, with the same credentials and query."""
        return Address(self.parts._replace(path=path))

    def joined(self, reference: str) -> Address:
        """Return what a reference on the page of this address means. Raises AddressError for what is no address."""
        try:
            return Address.parse(urljoin(self.text, reference))
        except ValueError as error:
            raise AddressError(f"not an address: {reference}") from error


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def endpoint_of(typed: str) -> Address:
    """Return the endpoint that an address means: itself, or the usual path where it has none. Raises AddressError."""
    address = Address.parse(typed)
    return address.at(DEFAULT_PATH) if address.parts.path in {"", "/"} else address


def _host(text: str) -> str:
    """Return the host of an address, "" for none. Raises AddressError for what is no address."""
    try:
        parts = urlsplit(text)
        # Asked for its check alone: a port that is no number is only noticed here.
        _ = parts.port
    except ValueError as error:
        raise AddressError(f"not an address: {text.removeprefix('//')} ({error})") from error
    return (parts.hostname or "").lower()
