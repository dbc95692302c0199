"""Content-Security-Policy, as far as it decides what a page may load, frame and ask (W3C CSP Level 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from urllib.parse import SplitResult, unquote

from chatkit_doctor.records import dataclass

# What stands in for a directive that a policy does not have, in the order in which it is looked for.
_FALLBACKS = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
_SECURE = {"http": "https", "ws": "wss"}
_NETWORK_SCHEMES = frozenset({"http", "https", "ws", "wss"})


class NetworkPlace(Protocol):
    """A place on the network, as far as policies tell places apart."""

    @property
    def parts(self) -> SplitResult:
        """Return its address in parts."""

    @property
    def host(self) -> str:
        """Return the host in lower case."""

    @property
    def port(self) -> int:
        """Return the port, by the scheme where none is written."""


@dataclass(frozen=True, slots=True)
class Loader:
    """The script element that loads an address. is_written: it stands in the page's HTML, no script has made it."""

    nonce: str = ""
    integrity: str = ""
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class ContentPolicy:
    """One policy: its directives by name, the first of each."""

    directives: dict[str, tuple[str, ...]]

    def decisive(self, kind: str) -> tuple[str, tuple[str, ...]] | None:
        """Return name and sources of the directive that decides, or None where the policy says nothing."""
        return next(((name, self.directives[name]) for name in _FALLBACKS[kind] if name in self.directives), None)


def parse(texts: Iterable[str]) -> list[ContentPolicy]:
    """Read policies: headers and metas, each of which may hold several parted by commas. All of them hold."""
    found = (_parse_one(text) for each in texts for text in each.split(","))
    return [policy for policy in found if policy.directives]


def _parse_one(text: str) -> ContentPolicy:
    directives: dict[str, tuple[str, ...]] = {}
    for directive in text.split(";"):
        name, *sources = directive.split() or [""]
        if name:
            directives.setdefault(name.lower(), tuple(sources))
    return ContentPolicy(directives)


def refusal(
    policies: Sequence[ContentPolicy], kind: str, wanted: NetworkPlace, page: NetworkPlace, loader: Loader | None = None
) -> str | None:
    """Return the directive, as `connect-src 'self'`, that keeps a page from an address; None where all let it through.

    kind: script-src, frame-src or connect-src. loader: for a script, how it is loaded.
    """
    for policy in policies:
        decisive = policy.decisive(kind)
        if decisive is not None and not _allows(decisive[1], wanted, page, loader):
            return " ".join([decisive[0], *decisive[1]])
    return None


def is_undecided(policies: Sequence[ContentPolicy], loader: Loader) -> bool:
    """Return whether a script that another script makes may carry a nonce of which its page tells nothing."""
    found = (policy.decisive("script-src") for policy in policies)
    return not loader.is_written and any(_nonces(sources) for _, sources in filter(None, found))


def trusts_by_name(policies: Sequence[ContentPolicy]) -> bool:
    """Return whether policies tell scripts apart by where they come from alone, and not by nonces or who loads them."""
    found = (policy.decisive("script-src") for policy in policies)
    sources = [each.lower() for _, listed in filter(None, found) for each in listed]
    return not any(each == "'strict-dynamic'" or each.startswith("'nonce-") for each in sources)


def _allows(sources: tuple[str, ...], wanted: NetworkPlace, page: NetworkPlace, loader: Loader | None) -> bool:
    if loader is not None:
        if loader.nonce and loader.nonce in _nonces(sources):
            return True
        if loader.integrity and set(loader.integrity.split()) <= _hashes(sources):
            return True
        if "'strict-dynamic'" in map(str.lower, sources):
            # Only what trusted scripts make is let through; hosts and schemes count for nothing then.
            return not loader.is_written
    return any(_matches(source, wanted, page) for source in sources)


def _nonces(sources: Iterable[str]) -> set[str]:
    return {source[len("'nonce-") : -1] for source in sources if source.lower().startswith("'nonce-")}


def _hashes(sources: Iterable[str]) -> set[str]:
    return {source.strip("'") for source in sources if source.lower().startswith(("'sha256-", "'sha384-", "'sha512-"))}


def _matches(source: str, wanted: NetworkPlace, page: NetworkPlace) -> bool:
    expression = source.lower()
    if expression == "*":
        return wanted.parts.scheme in _NETWORK_SCHEMES
    if expression == "'self'":
        return wanted.host == page.host and _is_scheme(page.parts.scheme, wanted) and _is_same_port(page, wanted)
    if expression.startswith("'"):
        return False
    if expression.endswith(":") and "/" not in expression:
        return _is_scheme(expression[:-1], wanted)
    return _matches_host(source, wanted, page)


def _matches_host(source: str, wanted: NetworkPlace, page: NetworkPlace) -> bool:
    scheme, mark, rest = source.rpartition("://")
    place, slash, path = rest.partition("/")
    host, _, port = place.partition(":")
    if not _is_scheme(scheme.lower() if mark else page.parts.scheme, wanted):
        return False
    if not _is_host(host.lower(), wanted.host) or not _is_port(port, wanted):
        return False
    return not slash or _is_path(f"/{path}", wanted.parts.path)


def _is_scheme(allowed: str, wanted: NetworkPlace) -> bool:
    return wanted.parts.scheme in {allowed, _SECURE.get(allowed)}


def _is_same_port(page: NetworkPlace, wanted: NetworkPlace) -> bool:
    return page.port == wanted.port or (page.port, wanted.port) == (80, 443)


def _is_host(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    # A star stands for the first labels of a name and nowhere else.
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _is_port(written: str, wanted: NetworkPlace) -> bool:
    if written == "*":
        return True
    if written:
        return written == str(wanted.port) or (written, wanted.port) == ("80", 443)
    return wanted.port == {"http": 80, "https": 443}.get(wanted.parts.scheme)


def _is_path(written: str, path: str) -> bool:
    """Compare the path of a source; that of a frame whose address nobody knows is "" and passes."""
    if not path:
        return True
    written, path = unquote(written), unquote(path)
    return path.startswith(written) if written.endswith("/") else path == written
