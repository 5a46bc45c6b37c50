"""Pages asked of the application in this process, and two sides measured by turns."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Litestar

REQUESTS = 1000
WARMING = 50

Run = Callable[[], Awaitable[None]]


async def alternate(ours: Run, reference: Run, requests: int = REQUESTS) -> tuple[list[float], list[float]]:
    """CPU seconds of each run, one of each by turns: what slows the machine down for a while slows both.

    Rounds of many runs of one side and then many of the other would compare two different whiles.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARMING + requests):
        for side in (0, 1) if turn % 2 else (1, 0):
            began = time.process_time()
            await (ours, reference)[side]()
            if turn >= WARMING:
                seconds[side].append(time.process_time() - began)
    return seconds


async def ask(app: Litestar, path: str, cookie: str, **more: str) -> int:
    """The status of a page, asked for as an HTTP server would ask; `more` are headers besides."""
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", cookie.encode()), (b"accept-language", b"zh-CN")]
    headers += [(name.encode(), value.encode()) for name, value in more.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path.partition("?")[0],
        "raw_path": path.partition("?")[0].encode(),
        "query_string": path.partition("?")[2].encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    return status
