"""A real browser on a served application: for screenshots, accessibility and journeys.

    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address)                  # or width=PHONE, scripts=False, locale="en"
        await page.goto("/sign-in")
        assert await axe(page) == []

The application runs on the test's own event loop, so a test may look into the database beside it. Chromium comes from
the operating system's package; where there is none a test that needs it is skipped, or fails if ANSHOU_TEST_STRICT=1.
"""

import asyncio
import base64
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright, expect

DESK = 1440
PHONE = 390
# A desk at 200 % zoom has half its width in pixels of the page (WCAG 1.4.4 and 1.4.10).
ZOOMED = DESK // 2

# Milliseconds until something is waited for in vain. Only a failure takes so long: what is to come at once is shown by
# keeping away whatever else could bring it, not by a watch, because other tests crowd the machine.
PATIENCE_MS = 45_000
expect.set_options(timeout=PATIENCE_MS)

# Chromium's own errands (updates, field trials, sign-in) would ask for hosts that tests must not reach.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

GUIDE_PICTURES = Path(__file__).parents[1] / "docs" / "guides" / "pictures"

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.asynccontextmanager
async def serve(app: Any, *, port: int = 0) -> AsyncIterator[str]:
    """Serve an ASGI application on the loopback address; yields its base URL."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)
    )
    # The signals of a test run are pytest's.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            await serving
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        # As `anshou web` does: open streams end before anybody has to be cut off.
        if live := getattr(getattr(app, "state", None), "live", None):
            live.end()
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Chromium without a window. Skips the test where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("ANSHOU_TEST_STRICT") == "1":
            pytest.fail("no chromium: install the Debian packages chromium and fonts-noto-cjk")
        pytest.skip("no chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def new_page(
    browser: Browser,
    address: str,
    *,
    width: int = DESK,
    locale: str = "zh-CN",
    scripts: bool = True,
    dark: bool = False,
) -> Page:
    """A page with cookies of its own; `page.goto("/…")` is relative to `address`."""
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 844 if width == PHONE else 900},
        locale=locale,
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
        has_touch=width == PHONE,
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def ask_nothing_unasked(page: Page) -> None:
    """From its next address on the page asks nothing now and then: what others do shows by the stream alone."""
    await page.add_init_script("window.setInterval = () => 0")


async def settle_down(page: Page) -> None:
    """Wait until the page stands still at its top: loaded, fonts there, nothing fading or scrolling any more.

    Filling a field scrolls smoothly, and whatever just passes beneath the top bar has its buttons for close neighbours.
    """
    await page.wait_for_load_state("load")
    await page.evaluate(
        """async () => {
            scrollTo({ top: 0, behavior: "instant" });
            for (const box of document.querySelectorAll(".scroll")) box.scrollTo({ top: 0, behavior: "instant" });
            const ending = document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity);
            await Promise.allSettled([document.fonts.ready, ...ending.map(one => one.finished)]);
        }"""
    )


async def axe(page: Page) -> list[str]:
    """What axe-core finds wrong with the page once it stands still, one line per element; empty if nothing.

    Injected through the debugging protocol, because the page's own content security policy admits no foreign script.
    """
    await settle_down(page)
    debugger = await page.context.new_cdp_session(page)
    await debugger.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    run = f"axe.run(document, {{runOnly: {AXE_TAGS}}}).then(found => JSON.stringify(found.violations))"
    answer = await debugger.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    await debugger.detach()
    violations = json.loads(answer["result"]["value"])
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))} {node['html'][:160]}"
        for violation in violations
        for node in violation["nodes"]
    ]


async def overflows(page: Page) -> list[str]:
    """Elements that stick out of the page to the right, which would make a phone scroll sideways."""
    found = await page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => element.tagName + "." + element.className).slice(0, 10);
        }"""
    )
    return [str(element) for element in found]


async def picture(page: Page, name: str) -> None:
    """A screenshot, if ANSHOU_TEST_PICTURES names a directory: of the whole page, or of a phone's screen."""
    directory = os.environ.get("ANSHOU_TEST_PICTURES")
    if directory:
        narrow = page.viewport_size is not None and page.viewport_size["width"] == PHONE
        await page.screenshot(path=Path(directory) / f"{name}.png", full_page=not narrow)


async def illustrate(page: Page, name: str) -> None:
    """The page as the guides show it, if ANSHOU_TEST_GUIDE=1: what is told there is then what the portal looks like."""
    if os.environ.get("ANSHOU_TEST_GUIDE") != "1":
        return
    before = page.viewport_size
    assert before is not None
    # Narrower than a desk, so that a guide's column does not make its words too small to read.
    await page.set_viewport_size({"width": min(before["width"], 1160), "height": 400})
    height: int = await page.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": min(before["width"], 1160), "height": min(height, 1000)})
    await settle_down(page)
    debugger = await page.context.new_cdp_session(page)
    taken = await debugger.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    await debugger.detach()
    await page.set_viewport_size(before)
    (GUIDE_PICTURES / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))
