"""HTTP with limits: on the time of every request, on the size of every body, and with one line for every failure.

The only module that knows httpx.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx

import chatkit_doctor
from chatkit_doctor.records import dataclass
from chatkit_doctor.verify.wire.address import Address, is_loopback

MOST_BYTES = 5_000_000
# A stream may last longer than one answer, but a drip for ever must end as well.
STREAM_TIMEOUTS = 4
_LONGEST_NAME = 40

Headers = Sequence[tuple[str, str]]


class NoAnswerError(Exception):
    """A request that came to nothing; the text is one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with its whole body. is_cut: the body was longer than what is read."""

    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def text(self) -> str:
        """Return the body as text, whatever bytes it has."""
        return self.body.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        """Return what the body says it is, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """Return the body as JSON, or None where it is none or was cut."""
        try:
            return None if self.is_cut else json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(slots=True)
class Incoming:
    """A response whose body is still to come: read it once with `pieces`."""

    response: httpx.Response
    address: Address
    _received: int = 0

    @property
    def head(self) -> Answer:
        """Return what is known before the body."""
        return Answer(self.address, self.response.status_code, _joined(self.response), b"")

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, up to the limit."""
        # Raw: nothing is unpacked, or a few kilobytes could become as many gigabytes.
        async for piece in self.response.aiter_raw():
            yield piece[: MOST_BYTES - self._received]
            self._received += len(piece)
            if self.is_cut:
                return

    @property
    def is_cut(self) -> bool:
        """Return whether the body is longer than what was read of it."""
        return self._received > MOST_BYTES


class Http:
    """A client for one run. timeout: in seconds, for one answer or for the silence in a stream."""

    def __init__(self, client: httpx.AsyncClient, timeout: float) -> None:
        self._client = client
        self.timeout = timeout

    async def get(self, address: Address, headers: Headers = ()) -> Answer:
        """Ask for an address. Raises NoAnswerError."""
        return await self._ask("GET", address, headers)

    async def options(self, address: Address, headers: Headers = ()) -> Answer:
        """Ask what an address allows. Raises NoAnswerError."""
        return await self._ask("OPTIONS", address, headers)

    async def post(self, address: Address, body: Mapping[str, Any], headers: Headers = ()) -> Answer:
        """Send JSON. Raises NoAnswerError."""
        return await self._ask("POST", address, headers, body)

    @asynccontextmanager
    async def opened(
        self, method: str, address: Address, headers: Headers = (), body: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Incoming]:
        """Send a request and give the response as soon as its headers are there. Raises NoAnswerError."""
        content = None if body is None else json.dumps(body).encode("ascii")
        sent = [*headers, *([("Content-Type", "application/json")] if content is not None else [])]
        try:
            async with self._client.stream(method, address.text, headers=sent, content=content) as response:
                _refuse_packed(response)
                yield Incoming(response, address)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
            raise NoAnswerError(_in_words(error, address, self.timeout)) from error

    async def _ask(
        self, method: str, address: Address, headers: Headers, body: Mapping[str, Any] | None = None
    ) -> Answer:
        try:
            async with asyncio.timeout(self.timeout), self.opened(method, address, headers, body) as incoming:
                data = b"".join([piece async for piece in incoming.pieces()])
                head = incoming.head
                return Answer(address, head.status, head.headers, data, incoming.is_cut)
        except TimeoutError:
            raise NoAnswerError(_timed_out(self.timeout)) from None


@asynccontextmanager
async def connected(address: Address, timeout: float) -> AsyncIterator[Http]:
    """Give a client for the server of an address."""
    agent = ("User-Agent", f"chatkit-doctor/{chatkit_doctor.__version__}")
    # A compressed stream would come in other pieces than those that the server sent, and could unpack to anything.
    plain = ("Accept-Encoding", "identity")
    async with httpx.AsyncClient(
        headers=[agent, plain],
        timeout=httpx.Timeout(timeout),
        verify=_trusted(),
        # A server closes the connection after a failure: the next request on it would get no answer, and the blame.
        limits=httpx.Limits(max_keepalive_connections=0),
        follow_redirects=False,
        # A proxy of the environment is for other machines.
        trust_env=not is_loopback(address.host),
    ) as client:
        yield Http(client, timeout)


def _refuse_packed(response: httpx.Response) -> None:
    """Raise NoAnswerError for a body in an encoding that was not asked for."""
    packed = [each.strip() for each in response.headers.get("content-encoding", "").split(",")]
    if refused := [each for each in packed if each.lower() not in {"", "identity"}]:
        raise NoAnswerError(f"the answer is packed as {', '.join(refused)[:_LONGEST_NAME]}, which was not asked for")


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that are trusted; reading them takes longer than most requests."""
    return httpx.create_ssl_context()


def _joined(response: httpx.Response) -> dict[str, str]:
    """Return the headers by their names in lower case; those that come several times are joined by commas."""
    return {name.lower(): response.headers[name] for name in response.headers}


def _in_words(error: Exception, address: Address, timeout: float) -> str:
    """Return what went wrong, with the user's own names."""
    said = " ".join(str(error).split()) or type(error).__name__
    match error:
        case httpx.TimeoutException():
            return _timed_out(timeout)
        case httpx.ConnectError() if "CERTIFICATE" in said.upper() or "SSL" in said.upper():
            return f"no secure connection to {address.origin}: {said}"
        case httpx.ConnectError() if _is_unknown_host(error):
            return f"no machine is known as {address.host}"
        case httpx.ConnectError():
            return f"nothing answers at {address.origin} ({said})"
        case httpx.RemoteProtocolError():
            return f"the answer is not HTTP, or was cut off: {said}"
        case httpx.ReadError() | httpx.WriteError():
            return f"{address.origin} closes the connection without an answer"
    return said


def _timed_out(timeout: float) -> str:
    return f"no answer within {timeout:g} s (--timeout)"


def _is_unknown_host(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


def seconds_since(start: float) -> float:
    """Return the time that has passed since a reading of `time.monotonic`."""
    return time.monotonic() - start
