"""The rules by which one server hands requests on, and what becomes of a path under them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.source import Location

Step = tuple[re.Pattern[str], str]
"""A pattern, and what is put in the place where it is first found, with its groups as `re.sub` writes them."""

_SLASHES = regex(r"/{2,}")


@dataclass(frozen=True, slots=True)
class Upstream:
    """What a rule hands on to.

    origin: scheme, host and port; "" for the server itself, None where it is not known.
    base: the path that is put before; None where it is not known.
    """

    origin: str | None
    base: str | None

    @classmethod
    def of(cls, url: str) -> Upstream | None:
        """Return what an address with or without a path names, None for what is no address of the web."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return None
        if not parts.netloc or parts.scheme not in {"http", "https", "ws", "wss"} or parts.query:
            return None
        return cls(f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/"))


# Of a path that is matched, in characters: what people ask a backend for has some twenty.
_LONGEST = 200
UNKNOWN_UPSTREAM = Upstream(None, None)


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """One rule.

    prefix: what the paths that it takes begin with, as its file writes it.
    takes: what a path has to match; None where it may take any.
    steps: what becomes of the path, one after the other; None where it cannot be told.
    target: where it goes, and what is put before the path at last.
    at: where the rule is written.
    """

    prefix: str
    takes: re.Pattern[str] | None
    steps: tuple[Step, ...] | None
    target: Upstream
    at: Location

    def mapped(self, path: str) -> str | None:
        """Return the path that is asked for in the place of one that the rule takes, its unknown beginning left out.

        None where it cannot be told.
        """
        if self.steps is None or self.takes is None:
            return None
        for pattern, replacement in self.steps:
            if len(path) > _LONGEST:
                return None
            path = pattern.sub(replacement, path, count=1)
        return _SLASHES.sub("/", f"{self.target.base or ''}/{path}")


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """A request that a server hands on. path: what is asked for then; None where it cannot be told.

    is_whole: whether nothing unknown stands before the path.
    """

    proxy: ProxyServer
    forward: Forward
    path: str | None

    @property
    def is_whole(self) -> bool:
        """Return whether nothing unknown stands before the path."""
        return self.path is not None and self.forward.target.base is not None


@dataclass(frozen=True, slots=True, eq=False)
class ProxyServer:
    """A server that hands on some of the requests that pages make to their own origin.

    name: what a message calls it. path: the file that tells it how.
    folder: whose pages it serves, with all below it; None where the file does not tell.
    forwards: its rules, in the order in which they are tried; the first that takes a path counts.
    others: the files beside that one of which it is known what they do.
    is_dev: whether it is what pages are developed on, and answers 404 to what it does not hand on.
    """

    name: str
    path: Path
    folder: Path | None
    forwards: tuple[Forward, ...]
    others: tuple[Path, ...] = ()
    is_dev: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files of which it is known what they make the server do."""
        return (self.path, *self.others)

    @property
    def is_clear(self) -> bool:
        """Return whether each of its rules says which paths it takes."""
        return all(each.takes is not None for each in self.forwards)

    def serves(self, page: Path) -> bool:
        """Return whether a page is one that it may serve."""
        return self.folder is None or page.is_relative_to(self.folder)

    def hands_on(self, path: str) -> Handed | None:
        """Return what becomes of a request for a path; None where the server answers it by itself."""
        for forward in self.forwards:
            if forward.takes is None or len(path) > _LONGEST or forward.takes.search(path):
                return Handed(self, forward, forward.mapped(path))
        return None


def unclear(at: Location, prefix: str = "", takes: re.Pattern[str] | None = None) -> Forward:
    """Return a rule of which it cannot be told what it does with the paths that it takes."""
    return Forward(prefix, takes, None, UNKNOWN_UPSTREAM, at)
