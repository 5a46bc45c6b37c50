"""The queue page over the wire, as a real browser loads it from a real web process: first visit and later ones.

What the browser counts for every answer, headers included: page, styles, scripts, icons, and what the script asks for
when it is there (counts of tabs and notices). The stream of live news is left out: it lasts and carries nothing yet.
Over plain http from this machine itself, where a browser takes brotli as it does over https.
"""

import asyncio
from collections import defaultdict
from typing import Any

from playwright.async_api import Page

from bench.ground import Ground
from bench.million import Seeded
from bench.rows import Row, at_most
from bench.web import signed_in, web_process
from tests.browser import new_page, open_browser

FIRST, LATER = 150.0, 8.0
PAGE = "/tickets?tab=open"
# The page asks for counts as soon as its script has run.
SETTLES = 3.0


async def measure(ground: Ground, large: Seeded) -> list[Row]:
    """One line for each of the two visits."""
    async with (
        web_process(ground) as (_, address),
        # It waits until the process listens.
        signed_in(address, large.tenant, "manager") as visitor,
        open_browser() as browser,
    ):
        page = await new_page(browser, address)
        cookies = [{"name": name, "value": value, "url": address} for name, value in visitor.client.cookies.items()]
        await page.context.add_cookies(cookies)  # type: ignore[arg-type]
        first = await _loaded(page, address + PAGE)
        await page.goto("about:blank")
        later = await _loaded(page, address + PAGE)
    return [_row("first", first, FIRST), _row("later", later, LATER)]


async def _loaded(page: Page, address: str) -> dict[str, int]:
    """Bytes by path of everything that came over the wire."""
    wire = await page.context.new_cdp_session(page)
    paths: dict[str, str] = {}
    sizes: dict[str, int] = defaultdict(int)

    def answered(event: dict[str, Any]) -> None:
        paths[event["requestId"]] = "/" + event["response"]["url"].split("/", 3)[-1].split("?")[0]
        if event["response"].get("fromDiskCache"):
            paths.pop(event["requestId"])

    def ended(event: dict[str, Any]) -> None:
        if path := paths.get(event["requestId"]):
            sizes[path] += int(event["encodedDataLength"])

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", ended)
    await wire.send("Network.enable")
    await page.goto(address)
    await asyncio.sleep(SETTLES)
    await wire.detach()
    return {path: size for path, size in sizes.items() if size}


def _row(visit: str, sizes: dict[str, int], limit: float) -> Row:
    parts = sorted(sizes.items(), key=lambda pair: -pair[1])
    return at_most(
        f"queue page of 50 tickets over the wire, {visit} visit",
        sum(sizes.values()) / 1024,
        limit,
        unit=" KB",
        detail=", ".join(f"{path} {size / 1024:.1f}" for path, size in parts),
    )
