"""A morning of three people of a demo agency on the whole product as it runs: account manager, supervisor, merchant.

What the guides show is photographed here (ANSHOU_TEST_GUIDE=1), so that it stays what the portal looks like.
"""

import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from anshou.demo.loading import PASSWORD
from tests.browser import DESK, PHONE, illustrate, new_page, open_browser, overflows
from tests.house.running_house import RunningHouse
from tests.ports import free_port


@pytest.fixture(scope="module")
def house() -> Iterator[RunningHouse]:
    """The product with its demo, ready."""
    with tempfile.TemporaryDirectory(prefix="anshou-test-") as directory:
        running = RunningHouse(Path(directory), free_port(), ANSHOU_DEMO="yes")
        # Two agencies are played through first.
        running.patience = 300
        try:
            running.wait_for("ready: ")
            yield running
        finally:
            running.clean_up()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with open_browser() as opened:
        yield opened


async def _sit_down(browser: Browser, house: RunningHouse, login: str, *, width: int = DESK) -> Page:
    page = await new_page(browser, f"http://127.0.0.1:{house.port}", width=width)
    await page.goto("/sign-in")
    for name, value in (("agency", "xingfan"), ("login", login), ("password", PASSWORD)):
        await page.fill(f'input[name="{name}"]', value)
    await page.locator("form button.btn-primary").click()
    await expect(page.locator("nav.side")).to_be_attached()
    return page


@pytest.mark.timeout(400)
async def test_an_account_manager_begins_the_day(house: RunningHouse, browser: Browser) -> None:
    page = await _sit_down(browser, house, "manager")
    await expect(page).to_have_url(re.compile("/my-day$"))

    await page.goto("/tickets?tab=open")
    await illustrate(page, "desk-queue")
    await page.locator(".chip.add", has_text="紧急").click()
    await expect(page).to_have_url(re.compile("urgency=urgent"))
    await page.wait_for_load_state()
    await page.get_by_role("button", name="视图").click()
    await page.get_by_role("link", name="保存为视图").click()
    await page.get_by_role("dialog").get_by_label("视图名称").fill("紧急的")
    await page.get_by_role("dialog").get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator(".page-head")).to_contain_text("紧急的")
    await page.wait_for_load_state()
    await page.locator("tbody input[name=number]").first.check()
    await illustrate(page, "desk-several")

    await page.keyboard.press("/")
    await page.keyboard.type("退款")
    await page.keyboard.press("Enter")
    await expect(page.locator("mark").first).to_have_text("退款")
    await illustrate(page, "desk-search")

    await page.goto("/tickets?tab=open")
    await page.locator("a.number").first.click()
    await expect(page.locator("#thread")).to_be_visible()
    await page.wait_for_load_state()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("写内部备注")
    await illustrate(page, "desk-keys")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.locator("textarea[name=body]").fill("已联系仓库，下午给出结果。")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#thread")).to_contain_text("已联系仓库，下午给出结果。")


@pytest.mark.timeout(400)
async def test_a_supervisor_looks_over_the_team(house: RunningHouse, browser: Browser) -> None:
    page = await _sit_down(browser, house, "supervisor")
    await page.goto("/board")
    await expect(page.locator("main")).to_contain_text("陆景川")
    await page.goto("/measures")
    await expect(page.locator("main")).to_contain_text("问题解决率")
    await illustrate(page, "team-measures")


@pytest.mark.timeout(400)
async def test_a_merchant_reports_and_follows_from_a_phone(house: RunningHouse, browser: Browser) -> None:
    page = await _sit_down(browser, house, "mailang", width=PHONE)
    await page.goto("/my/tickets")
    assert await overflows(page) == []
    await page.goto("/my/report?kind=service_quality")
    for name, value in (
        ("title", "直播间口播与卖点不符"),
        ("description", "昨晚直播把“低糖”说成“无糖”，有顾客来问。"),
        ("request", "更正话术，并说明怎样避免再次发生。"),
    ):
        await page.fill(f'[name="{name}"]', value)
    await illustrate(page, "merchant-report")
    await page.locator("main form button.btn-primary").last.click()
    await expect(page).to_have_url(re.compile("/my/tickets/FW"))
    await expect(page.locator("main")).to_contain_text("直播间口播与卖点不符")
    await illustrate(page, "merchant-ticket")
    await page.goto("/my/measures")
    assert await overflows(page) == []
    await illustrate(page, "merchant-measures")
