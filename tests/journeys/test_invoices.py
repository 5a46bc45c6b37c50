"""An invoice's way in a real browser: asked for on the merchant's phone, issued by finance, fetched, taken back."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import DESK, PHONE, new_page, picture
from tests.journeys.company import Company, Screen
from tests.portal.statement_steps import Books
from tests.portal.test_invoice_pages import BUYER, NUMBER, PDF, confirmed


async def _seen(screen: Screen, name: str) -> None:
    await picture(screen.page, name)
    await screen.is_in_order()


async def _as(company: Company, login: str, width: int) -> Screen:
    page: Page = await new_page(company.browser, company.address, width=width)
    return Screen(page, "/my/tickets" if "-" in login else "/tickets", company.tenant.code, login)


@pytest.mark.timeout(300)
async def test_from_the_merchants_phone_to_the_red_letter(company: Company, tmp_path: Path) -> None:
    books = Books(company.tenants, company.tenant, company.anhe)
    await confirmed(books, 1_280_000, 10_600)
    file = tmp_path / PDF[0]
    file.write_bytes(PDF[1])

    owner = await company.screen("yunshan-owner")
    await owner.go("/my/invoices")
    await _seen(owner, "invoices-mine-first")
    await owner.go("/my/invoices/new")
    await owner.reads("请先登记购买方开票资料")
    await owner.fill(**BUYER)
    await _seen(owner, "invoice-buyer")
    await owner.send()
    await owner.go("/my/invoices/new")
    await owner.fill(kind="special")
    await _seen(owner, "invoice-ask")
    await owner.send()
    await owner.reads("¥12,906.00")
    await _seen(owner, "invoice-mine-asked")
    number = owner.page.url.rpartition("/")[2]

    await books.charge(88_000)
    finance = await company.screen("finance")
    await finance.go("/")
    await finance.reads(number)
    await _seen(finance, "finance-desk")
    await finance.go("/invoices")
    await _seen(finance, "invoices-waiting")
    await finance.go(f"/invoices/{number}")
    await _seen(finance, "invoice-asked")
    await finance.press("受理")
    await finance.reads("申请金额 ¥12,906.00")
    await finance.page.locator('[name="lines[0].item"]').fill("代运营售后服务费")
    await _seen(finance, "invoice-accept")
    await finance.send()
    await finance.reads("已受理")
    await finance.press("登记已开发票")
    await finance.fill(invoice_number=NUMBER)
    await picture(finance.page, "invoice-issue")
    await finance.send()
    await finance.reads("请上传发票文件")
    await finance.page.locator('input[type="file"]').set_input_files(file)
    await finance.page.get_by_role("button", name="上传", exact=True).click()
    await finance.reads(PDF[0])
    await _seen(finance, "invoice-issued")

    await owner.go(f"/my/invoices/{number}")
    async with owner.page.expect_download():
        await owner.page.get_by_role("link", name=PDF[0]).click()
    await owner.go(f"/my/invoices/{number}")
    await owner.reads("已交付")
    await _seen(owner, "invoice-mine")
    await owner.press("申请红冲")
    await expect(owner.page.locator("dialog[open] form, main form").last).to_be_visible()
    await owner.fill(cause="error", reason="抬头有误")
    await picture(owner.page, "invoice-red")
    await owner.form.locator("button.btn-danger").last.click()
    await owner.reads("-¥12,906.00")
    await _seen(owner, "invoice-mine-red")

    await finance.go("/invoices?state=all")
    await _seen(finance, "invoices-all")
    await finance.go(f"/invoices/merchants/{company.anhe.yunshan.id}")
    await _seen(finance, "invoices-of-merchant")
    for login, width, address in (
        ("finance", PHONE, "/finance"),
        ("finance", PHONE, "/invoices?state=all"),
        ("finance", PHONE, f"/invoices/{number}"),
        ("yunshan-owner", DESK, "/my/invoices"),
        ("yunshan-owner", DESK, f"/my/invoices/{number}"),
    ):
        screen = await _as(company, login, width)
        await screen.go(address)
        await _seen(screen, f"invoices-{login}-{width}-{len(address)}")
