"""`anshou web`: one process of the web server."""

import argparse
import socket

import uvicorn

from anshou.house import listening
from anshou.house.database import with_database
from anshou.house.root_secret import root_secret
from anshou.main import create_app
from anshou.settings import Settings

# Requests that are under way when the process is told to end get this long; an open event stream would stay for ever.
GRACE_SECONDS = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the requests come from."""
    parser.add_argument("--fd", type=int, help="a listening socket inherited from the supervisor")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM. Raises PortInUse."""
    secret = root_secret(settings)
    async with with_database(settings) as resolved:
        config = uvicorn.Config(
            create_app(resolved, secret=secret),
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
        await uvicorn.Server(config).serve(sockets=[door])
    return 0
