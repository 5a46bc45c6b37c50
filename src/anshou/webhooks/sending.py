"""One attempt to hand a message over: a POST that follows nothing, waits not long and believes only the status."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpcore

from anshou.webhooks.destinations import check_url, resolve
from anshou.webhooks.errors import DestinationRefused

# Seconds for connecting, for each read and write, and for the whole attempt (Standard Webhooks advises 15 to 30).
CONNECT_TIMEOUT = 5.0
IDLE_TIMEOUT = 10.0
WHOLE_TIMEOUT = 20.0

USER_AGENT = "Anshou-Webhooks/1"

# All that can go wrong between here and the other side.
_FAILURES = (
    DestinationRefused,
    TimeoutError,
    httpcore.TimeoutException,
    httpcore.ConnectError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the status the receiver answered with, or why there was none."""

    status: int | None
    failure: str | None
    milliseconds: int

    @property
    def delivered(self) -> bool:
        """Whether the receiver took the message (any 2xx)."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver says never to come back (410)."""
        return self.status == 410


class Unanswered(Exception):
    """Raised when there was no answer; says why, without what the other side sent."""


async def exchange(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, longest: int
) -> tuple[int, bytes]:
    """Post the body once; the status and the first `longest` bytes of the answer. Raises Unanswered."""
    try:
        async with asyncio.timeout(WHOLE_TIMEOUT), _posted(check_url(url), body, headers, allow_private) as response:
            answered = b""
            async for chunk in response.aiter_stream():
                answered += chunk
                if len(answered) >= longest:
                    break
            return response.status, answered[:longest]
    except _FAILURES as failure:
        raise Unanswered(_named(failure)) from None


async def send(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> Outcome:
    """Post the body once. Never raises for what the other side does: the outcome says it, without what it sent."""
    begun = monotonic()
    status: int | None = None
    failure: str | None = None
    try:
        # The answer's body stays unread: it is nobody's business here, and could be endless.
        async with asyncio.timeout(WHOLE_TIMEOUT), _posted(check_url(url), body, headers, allow_private) as response:
            status = response.status
    except _FAILURES as raised:
        failure = _named(raised)
    return Outcome(status, failure, round((monotonic() - begun) * 1000))


def _named(failure: BaseException) -> str:
    match failure:
        case DestinationRefused():
            return "destination refused"
        case httpcore.TimeoutException() | TimeoutError():
            return "timed out"
        case httpcore.ConnectError() | ssl.SSLError():
            return "no connection"
        case _:
            return "connection broken"


@asynccontextmanager
async def _posted(
    url: str, body: bytes, headers: Mapping[str, str], allow_private: bool
) -> AsyncIterator[httpcore.Response]:
    sent = [("content-type", "application/json"), ("user-agent", USER_AGENT), *headers.items()]
    timeouts = {"connect": CONNECT_TIMEOUT, "read": IDLE_TIMEOUT, "write": IDLE_TIMEOUT, "pool": CONNECT_TIMEOUT}
    network = _CheckedNetwork(allow_private)
    # A pool for one request: a kept connection would outlive the check of its address.
    async with (
        httpcore.AsyncConnectionPool(ssl_context=ssl.create_default_context(), network_backend=network) as pool,
        pool.stream("POST", url, headers=sent, content=body, extensions={"timeout": timeouts}) as response,
    ):
        yield response


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that were checked, by number, so that no second look-up can differ.

    The name stays in the TLS handshake and the Host header: certificates are checked as ever.
    """

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await resolve(host, port, allow_private=self._allow_private)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)
