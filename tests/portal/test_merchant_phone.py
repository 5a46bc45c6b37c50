"""The merchant's desk as a browser shows it: a journey on a phone, and every page accessible and within the screen."""

import pytest
from litestar import Litestar
from playwright.async_api import Page

from anshou.tickets.kinds import Channel
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import PASSWORD, Anhe
from tests.portal import stories
from tests.portal.clock import TestClock
from tests.portal.stories import Stories
from tests.portal.test_agency_writing import PIXEL
from tests.tickets.desk import Desk


@pytest.fixture
def tell(tenants: Tenants, tenant: Tenant, anhe: Anhe, clock: TestClock) -> Stories:
    """Brings tickets of 云杉 to where a test begins."""
    return Stories(tenants, tenant, anhe, clock)


async def sign_in(page: Page, login: str) -> None:
    """Through the sign-in page."""
    await page.goto("/sign-in")
    await page.locator("[name=agency]").fill("anhe")
    await page.locator("[name=login]").fill(login)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("button.btn-primary").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def complaints(page: Page, name: str) -> list[str]:
    """What is inaccessible or sticks out of the screen; and a picture of it."""
    await picture(page, name)
    return [f"{name}: {complaint}" for complaint in (*await axe(page), *await overflows(page))]


async def fine(page: Page, name: str) -> None:
    """Nothing to complain of."""
    assert await complaints(page, name) == []


async def test_on_a_phone_the_list_has_a_field_to_search_with(app: Litestar, tell: Stories) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=PHONE)
        await sign_in(page, "yunshan-owner")
        await page.goto("/my/tickets")
        field = page.get_by_role("banner").get_by_role("searchbox")
        await fine(page, "my-list-search")
        await field.fill("主图")
        await field.press("Enter")
        await page.wait_for_url("**/my/search?q=*")


async def test_on_a_phone_from_the_report_to_the_rating(app: Litestar, tell: Stories) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=PHONE)
        await sign_in(page, "yunshan-owner")
        await page.get_by_role("link", name="反馈问题").first.click()
        await page.get_by_label("标题").fill("主图与设计需求不符")
        await page.get_by_label("问题描述").fill("上线的主图色差明显，与确认稿不一致。")
        await page.get_by_label("诉求").fill("请重新制作并当天上线。")
        await page.locator("input[type=file]").set_input_files(
            [{"name": "截图.png", "mimeType": "image/png", "buffer": PIXEL}]
        )
        await fine(page, "phone-report")
        await page.get_by_role("button", name="提交").click()
        await page.get_by_text("已收到，等待客服受理").first.wait_for()
        number = page.url.split("/")[-1]
        await fine(page, "phone-reported")

        await tell.tell(lambda desk: stories.replanned(desk, "accept", "dispatch"), number)
        await page.goto("/my/tickets")
        await page.get_by_text("请确认处理方案").wait_for()
        await fine(page, "phone-waiting")
        await page.get_by_role("link", name="主图与设计需求不符").click()
        await fine(page, "phone-plan")
        await page.get_by_text("不同意？请说明原因").click()
        await page.get_by_label("不同意的原因").fill("请先给我看新主图的小样")
        await page.get_by_role("button", name="不同意，退回方案").click()
        await page.get_by_text("正在制定处理方案").first.wait_for()

        await tell.tell(stories.replanned, number)
        await page.reload()
        await page.get_by_role("button", name="同意方案", exact=True).click()
        await page.get_by_text("正在执行方案").first.wait_for()

        await tell.tell(stories.carried_out, number)
        await page.reload()
        await fine(page, "phone-rating")
        await page.get_by_label("5 非常满意").check()
        await page.get_by_label("是", exact=True).check()
        await page.get_by_role("button", name="提交评价").click()
        await page.get_by_text("已处理完成，客服会回访确认").first.wait_for()
        await fine(page, "phone-rated")

        await tell.tell(stories.visited_and_closed, number)
        await page.reload()
        await page.get_by_text("已解决").first.wait_for()
        await page.get_by_role("link", name="重新打开").wait_for()
        await fine(page, "phone-closed")


async def negotiated(desk: Desk) -> None:
    """A round that the merchant can read, before an agreement."""
    await stories.to_be_signed(desk)
    await desk.act(desk.cast.account_manager, "record_contact", channel=Channel.PHONE, show_merchant=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_every_page_is_accessible_and_fits_the_screen(
    app: Litestar, tell: Stories, width: int, locale: str
) -> None:
    await tell.tell(stories.reported)
    await tell.tell(stories.closed)
    numbers = {
        "hold": await tell.tell(stories.on_hold),
        "plan": await tell.tell(stories.awaiting_plan_word),
        "dispute": await tell.tell(negotiated),
        "anomaly": await tell.tell(stories.explained),
    }
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width, locale=locale)
        await sign_in(page, "yunshan-owner")
        if locale == "en":
            await page.get_by_role("button", name="English").click()
            await page.locator('html[lang="en"]').wait_for(state="attached")
        addresses = {
            "waiting": "/my/tickets",
            "open": "/my/tickets?tab=open",
            "closed": "/my/tickets?tab=closed",
            "empty": "/my/tickets?tab=open&q=nothing",
            "report": "/my/report?kind=data_anomaly",
            "people": "/my/people",
            "contract": "/my/contract",
            "sign": f"/my/tickets/{numbers['dispute']}/sign",
            "round": f"/my/tickets/{numbers['dispute']}/moves/record_round",
        }
        addresses |= {name: f"/my/tickets/{number}" for name, number in numbers.items()}
        found = []
        for name, path in addresses.items():
            await page.goto(path)
            found += await complaints(page, f"my-{name}-{width}-{locale}")
        assert found == []
