"""A web process of its own on the bench's server, so that its CPU and memory can be told from everybody else's."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
from litestar import Litestar

from bench.ground import Ground
from tenants.registry import Tenant
from tests.portal.visitor import Visitor


@asynccontextmanager
async def web_process(
    ground: Ground, settings: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[psutil.Process, str]]:
    """The process, with these settings besides, and its address. It may not listen yet: `signed_in` waits for it."""
    with tempfile.TemporaryDirectory(prefix="anshou-bench-web-") as directory:
        secret = Path(directory) / "secret"
        secret.write_text(ground.credentials.secret.hex())
        secret.chmod(0o600)
        port = _free_port()
        environment = {
            **os.environ,
            "ANSHOU_DATA_DIR": directory,
            "ANSHOU_DATABASE_URL": ground.url,
            "ANSHOU_PORT": str(port),
            **(settings or {}),
        }
        child = await asyncio.create_subprocess_exec(sys.executable, "-m", "anshou.cli", "web", env=environment)
        try:
            yield psutil.Process(child.pid), f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            await child.wait()


@asynccontextmanager
async def signed_in(address: str, tenant: Tenant, login: str) -> AsyncIterator[Visitor]:
    """Somebody of the cast at that address, over HTTP."""
    visitor = Visitor(Litestar(logging_config=None))
    await visitor.client.aclose()
    transport = httpx.AsyncHTTPTransport(retries=20)
    visitor.client = httpx.AsyncClient(base_url=address, transport=transport, follow_redirects=True, timeout=30)
    async with visitor:
        await visitor.sign_in(login, agency=tenant.code)
        yield visitor


def cpu_seconds(process: psutil.Process) -> float:
    """What the process has spent so far, in user and kernel mode."""
    spent = process.cpu_times()
    return spent.user + spent.system


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
