"""Ports for servers that are told theirs before they start."""

import secrets
import socket
from contextlib import suppress


def free_port() -> int:
    """A port of the loopback address that nobody has just now.

    Below those that Linux gives to outgoing connections, of which one might take it before the server has, or while the
    server is away. A client that knocks at such a port of its own machine, and gets it for itself, even answers itself.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
