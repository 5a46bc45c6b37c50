"""A supervisor takes a ledger over in a browser, at a desk and on a phone, and takes it back."""

from pathlib import Path

import pytest
from litestar import Litestar
from playwright.async_api import Page

from tests.browser import DESK, PHONE, new_page, open_browser, serve
from tests.cast import Anhe
from tests.portal.test_merchant_phone import fine, sign_in
from tests.tickets.importing.ledgers import workbook


async def explained(page: Page) -> None:
    """Whoever is unknown is nobody."""
    for select in await page.locator("form.mapping select").all():
        if not await select.input_value():
            await select.select_option("-")


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_a_ledger_is_taken_over_and_back(app: Litestar, anhe: Anhe, tmp_path: Path, width: int) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(workbook())
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width)
        await sign_in(page, "supervisor")
        await page.goto("/imports")
        await fine(page, f"imports-empty-{width}")
        await page.set_input_files("input[type=file]", file)
        await page.get_by_role("button", name="上传").click()
        await page.get_by_role("heading", name="各列的含义").wait_for()
        await fine(page, f"imports-columns-{width}")
        await page.get_by_role("button", name="下一步：各值的含义").click()
        await page.get_by_role("heading", name="按保密工单导入").wait_for()
        await explained(page)
        await fine(page, f"imports-values-{width}")
        await page.get_by_role("button", name="下一步：检查每一行").click()
        await page.get_by_text("表格软件的日期序号").first.wait_for()
        await fine(page, f"imports-findings-{width}")
        await page.get_by_role("button", name="接受全部建议").click()
        await page.get_by_role("button", name="全部导入").click()
        await page.get_by_role("heading", name="导入的工单").wait_for()
        await fine(page, f"imports-done-{width}")
        await page.get_by_role("button", name="撤销这次导入").click()
        await page.get_by_text("已撤销，导入的工单都已移除").wait_for()
        await page.goto("/imports")
        await fine(page, f"imports-history-{width}")
