"""The socket on which the web server listens.

The supervisor holds it and the web processes inherit it: a port that is taken is noticed before anything is started,
and while a killed web process is started again its visitors wait instead of being turned away.
"""

import asyncio
import socket

import psutil

# Visitors that may wait while no web process accepts.
BACKLOG = 2048


class PortInUse(Exception):
    """Raised when the address cannot be listened on; says who has it, as far as can be seen, and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not listening yet. Raises PortInUse."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as refused:
        raise PortInUse(f"cannot listen on {host}: {refused.strerror}; set ANSHOU_HOST") from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        # Two sockets may be bound to one address as long as neither listens, so this is where the second one fails.
        bound.listen(BACKLOG)
    except OSError as refused:
        bound.close()
        raise PortInUse(
            f"cannot listen on {host}:{port}: {refused.strerror}{_holder(port)}; end it, or set ANSHOU_PORT"
        ) from None
    return bound


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            local = connection.laddr
            if connection.status == psutil.CONN_LISTEN and local and local.port == port and connection.pid:
                return f" by process {connection.pid} ({psutil.Process(connection.pid).name()})"
    except psutil.Error:
        # Some systems show other people's connections to root only.
        pass
    return ""


async def answers(door: socket.socket) -> int:
    """Wait for an answer to a request through the door and return its HTTP status; asks again when cut off."""
    host, port = door.getsockname()[:2]
    # A socket bound to every address is reached by the loopback one.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    request = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request)
                words = (await reader.readline()).split()
            finally:
                writer.close()
            if len(words) > 1 and words[0].startswith(b"HTTP/"):
                return int(words[1])
        except OSError:
            pass
        await asyncio.sleep(0.1)
