"""Journeys: real people's days in a real browser, on the served application and a real database."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import open_browser, picture, serve
from tests.cast import Anhe
from tests.journeys.company import Company
from tests.portal.clock import TestClock
from tests.portal.conftest import anhe, app, built, clock

__all__ = ["anhe", "app", "built", "clock"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with open_browser() as opened:
        yield opened


@pytest.fixture
async def company(
    browser: Browser, app: Litestar, anhe: Anhe, clock: TestClock, tenants: Tenants, tenant: Tenant
) -> AsyncIterator[Company]:
    """Everybody of 安和 at their own screen; the merchant's people hold a phone."""
    async with serve(app) as address:
        # Forms are accepted from the address that people type.
        made = Company(browser, address, anhe, clock, tenants, tenant)
        yield made
        # Where everybody was at the end: what a failed journey is asked first.
        for login, screen in made.screens.items():
            await picture(screen.page, f"last-{login}")
