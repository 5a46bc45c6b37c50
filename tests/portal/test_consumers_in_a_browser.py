"""The consumers' pages as a browser shows them, on a desk and on a phone: what only a sent form leads to."""

import pytest
from litestar import Litestar
from playwright.async_api import Page

from tests.browser import DESK, PHONE, new_page, open_browser, serve
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_merchant_phone import fine, sign_in
from tests.portal.visitor import Visitor


@pytest.fixture
async def number(manager: Visitor, anhe: Anhe) -> str:
    """A ticket of 云杉."""
    return await open_report(manager, anhe)


async def _record(page: Page, width: int) -> None:
    """Fill the form in as somebody would: first with a mistake, then put right."""
    await page.get_by_label("姓名").fill("柳如丝")
    await page.get_by_label("电话").fill("12")
    await page.get_by_label("省市区").fill("广东省深圳市南山区")
    await page.get_by_label("详细地址").fill("松树街八十八号静安花园三期十二幢二单元")
    await page.get_by_label("平台订单号").fill("261121-000000000077")
    await page.get_by_label("商品名称").fill("静音筋膜枪")
    await page.get_by_text("是", exact=True).check()
    await page.get_by_label("问题经过").fill("第二次使用就不转了")
    await page.get_by_role("button", name="加密保存").click()
    await page.get_by_role("alert").wait_for()
    await fine(page, f"{width}-consumer-wrong")
    await page.get_by_label("电话").fill("10000001234")
    await page.get_by_role("button", name="加密保存").click()
    await page.get_by_text("消费者记录已加密保存").wait_for()


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_a_consumer_is_recorded_corrected_and_found(app: Litestar, number: str, width: int) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.locator("#consumers").get_by_role("link", name="添加").click()
        await _record(page, width)
        await fine(page, f"{width}-consumer-on-ticket")
        await page.locator("#consumers").get_by_role("link", name="柳*").click()
        await page.get_by_role("link", name="更正").click()
        await page.get_by_role("textbox", name="电话").fill("10000005678")
        await page.get_by_text("清空某些项目").click()
        # The bar at the top stays while the page moves, and would lie over half a field.
        await page.evaluate("scrollTo(0, 0)")
        await fine(page, f"{width}-consumer-correcting")
        await page.get_by_role("button", name="保存更正").click()
        await page.get_by_text("消费者记录已更正").wait_for()
        await fine(page, f"{width}-consumer-history")
        await page.goto("/consumers")
        await page.get_by_label("电话或后四位").fill("5678")
        await page.get_by_role("button", name="查找").click()
        await page.get_by_role("link", name="柳*").wait_for()
        assert page.url.endswith("/consumers")
        await fine(page, f"{width}-consumers-found")
        await page.get_by_label("电话或后四位").fill("0000")
        await page.get_by_role("button", name="查找").click()
        await page.get_by_text("没有找到相符的记录").wait_for()
        await fine(page, f"{width}-consumers-none")


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_a_number_in_a_message_is_asked_about_and_sent_masked(app: Litestar, number: str, width: int) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width)
        await sign_in(page, "yunshan-owner")
        await page.goto(f"/my/tickets/{number}")
        await page.locator("textarea[name=body]").fill("顾客电话13800001234，请回电")
        await page.locator("input[type=file]").set_input_files(
            {"name": "说明.txt", "mimeType": "text/plain", "buffer": "色差".encode()}
        )
        await page.get_by_role("button", name="发送").click()
        await page.get_by_text("内容中似有手机号").wait_for()
        await page.get_by_text("已带上：说明.txt").wait_for()
        await fine(page, f"{width}-slip")
        await page.get_by_role("button", name="打码后发送").click()
        await page.get_by_text("顾客电话138****1234，请回电").wait_for()
        await page.get_by_text("说明.txt").first.wait_for()
