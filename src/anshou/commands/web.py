"""`anshou web`: one process of the web server."""

import argparse
import socket

import uvicorn

from anshou.gate.live import Live
from anshou.house import listening
from anshou.house.database import with_database
from anshou.house.root_secret import root_secret
from anshou.main import create_app
from anshou.settings import Settings

# Requests that are under way when the process is told to end get this long.
GRACE_SECONDS = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the requests come from."""
    parser.add_argument("--fd", type=int, help="a listening socket inherited from the supervisor")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM. Raises PortInUse."""
    secret = root_secret(settings)
    async with with_database(settings) as resolved:
        app = create_app(resolved, secret=secret)
        config = uvicorn.Config(
            app,
            # The access log would hold addresses and paths of everybody who works here.
            access_log=False,
            log_config=None,
            proxy_headers=True,
            forwarded_allow_ips=list(settings.trusted_proxies),
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        door = socket.socket(fileno=asked.fd) if asked.fd is not None else listening.bind(settings.host, settings.port)
        await _Server(config, app.state.live).serve(sockets=[door])
    return 0


class _Server(uvicorn.Server):
    """Ends the open streams when it is told to end: a browser then opens its own anew, at whoever serves next."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.end()
        await super().shutdown(sockets)
