"""The administration pages as a browser shows them: accessible, within the screen, with and without scripts."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Page

from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import PASSWORD, Anhe

PAGES = {
    "people": "/people",
    "people-merchant": "/people?side=merchant",
    "invite": "/people/invite/staff",
    "invitations": "/people/invitations",
    "person": "/people/{agent}",
    "standing": "/people/{agent}/standing",
    "keys": "/api-keys",
    "key": "/api-keys/new",
    "jobs": "/jobs",
    "merchants": "/merchants",
    "merchant": "/merchants/{yunshan}",
    "contact": "/merchants/{yunshan}/contacts/new",
    "contracts": "/merchants/{yunshan}/contracts",
    "version": "/merchants/{yunshan}/contracts/versions/{version}",
    "draft": "/merchants/{yunshan}/contracts/{contract}/versions/new?from={version}",
    "settings": "/settings",
    "limits": "/settings/limits",
    "limit": "/settings/limits/plan_submission/normal/any",
    "calendars": "/settings/calendars",
    "calendar": "/settings/calendars/working_hours/all",
    "days": "/settings/days",
    "days-provisional": "/settings/days?year=2028",
}


@pytest.fixture
async def address(app: Litestar, anhe: Anhe) -> AsyncIterator[str]:
    """The served portal."""
    async with serve(app) as served:
        app.state.gate.tokens = app.state.portal.tokens
        yield served


async def sign_in(page: Page) -> None:
    await page.goto("/sign-in")
    for name, value in (("agency", "anhe"), ("login", "admin"), ("password", PASSWORD)):
        await page.locator(f"[name={name}]").fill(value)
    await page.locator("form[action^='/sign-in'] button").first.click()
    await page.locator("main#content.content").wait_for()


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_every_page_is_accessible_and_fits_the_screen(address: str, anhe: Anhe, width: int, locale: str) -> None:
    named = {
        "agent": anhe.service_agent.id,
        "yunshan": anhe.yunshan.id,
        "contract": anhe.yunshan.contract_id,
        "version": anhe.yunshan.version_id,
    }
    async with open_browser() as browser:
        page = await new_page(browser, address, width=width, locale=locale)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await sign_in(page)
        found: dict[str, list[str]] = {}
        for name, path in PAGES.items():
            answer = await page.goto(path.format(**named))
            assert answer is not None
            assert answer.status == 200, path
            await picture(page, f"administration-{name}-{locale}-{width}")
            assert await page.locator("nav.side a[aria-current=page]").count() == 1, path
            if wrong := await axe(page) + await overflows(page):
                found[name] = wrong
        assert found == {}
        assert complaints == []


async def test_rows_within_rows_are_added_by_script_under_names_of_their_own(address: str, anhe: Anhe) -> None:
    async with open_browser() as browser:
        page = await new_page(browser, address)
        await sign_in(page)
        await page.goto(f"/merchants/{anhe.yunshan.id}/contracts/{anhe.yunshan.contract_id}/versions/new")
        clauses = page.locator("[id='f-terms.cost_clauses']")
        await clauses.get_by_role("button", name="再加一项").last.click()
        shares = page.locator("[id='f-terms.cost_clauses[0].shares']")
        for _ in range(2):
            await shares.get_by_role("button", name="再加一项").click()
        names = await shares.locator("input[name$=basis_points]").evaluate_all("all => all.map(one => one.name)")
        assert names == [f"terms.cost_clauses[0].shares[{number}].basis_points" for number in range(3)]


async def test_a_contact_is_added_in_a_dialog(address: str, anhe: Anhe) -> None:
    async with open_browser() as browser:
        page = await new_page(browser, address)
        await sign_in(page)
        await page.goto(f"/merchants/{anhe.yunshan.id}")
        await page.get_by_role("link", name="添加联系人").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="保存").click()
        await dialog.get_by_role("alert").wait_for()
        await picture(page, "administration-dialog")
        assert await axe(page) == []
        await dialog.get_by_label("联系人", exact=False).first.fill("石榴")
        await dialog.get_by_role("button", name="保存").click()
        await page.get_by_role("cell", name="石榴").wait_for()
