"""The statement of the month: prepared, reviewed and issued by two, answered by the merchant on a phone."""

import re

from playwright.async_api import Locator

from tests.journeys.company import Screen, number_in
from tests.journeys.finance_month import PAID_BY_MERCHANT, Month, yuan


async def receive_payment(month: Month) -> None:
    """The merchant pays a part in advance, and finance records what came in."""
    finance = await month.screen("finance")
    await finance.go("/statements?month=2026-11")
    await finance.reads("云杉户外")
    await finance.page.locator("tr").filter(has_text="云杉户外").get_by_role("link", name="登记付款").click()
    await finance.fill(fen="1000.00", paid_on=month.company.today(), reference="20261126000188")
    await finance.send()
    await finance.reads("付款已入账")
    await finance.reads(yuan(PAID_BY_MERCHANT))


async def issue(month: Month) -> None:
    """What blocks the close leads to the statement: one prepares it, the other reviews and issues it."""
    finance, second = await month.screen("finance"), await month.screen("finance2")
    await finance.go("/")
    await finance.place("待办")
    await finance.reads("等您处理的财务事项")
    await month.look(finance, "waiting-for-me")
    await finance.place("月末结账")
    await finance.page.get_by_role("link", name="2026-11", exact=True).click()
    await finance.reads("才能结账")
    await month.look(finance, "close-checklist")
    await finance.page.locator("li").filter(has_text="应出具而未出具的对账单").get_by_role("link").click()
    await finance.page.locator("tr").filter(has_text="云杉户外").get_by_role("link", name="编制").click()
    await finance.reads("尚未出具")
    await finance.press("编制")
    await finance.reads("须由另一位财务人员复核")
    await month.look(finance, "statement-prepared")
    await second.go("/")
    await second.place("对账单")
    await second.page.locator("tr").filter(has_text="云杉户外").get_by_role("link", name="复核").click()
    await second.press("复核通过")
    await second.reads("已复核，可以出具。")
    await second.press("出具")
    await second.reads("对账单已出具，商家会收到通知。")
    month.statement = second.page.url.rpartition("/")[2]
    await month.show(second, "statement-issued")
    await month.later()


async def answer_on_the_phone(month: Month) -> None:
    """The merchant's owner hears of it, confirms one line, disputes one, and confirms the others at once."""
    phone = await month.screen("yunshan-owner")
    await phone.hear(month.statement)
    await phone.reads("期末应付")
    await month.look(phone, "phone-statement")
    await _line(phone, "存储设备").click()
    await phone.press("确认这一行")
    await phone.reads("行已确认。")
    await _line(phone, "软件授权").click()
    await month.show(phone, "phone-line")
    await phone.press("提出异议")
    await phone.fill(reason="恢复软件为代运营方自用，合同未约定由商家分担。")
    paper = await month.paper("采购约定截图", "恢复软件授权，由代运营方采购并承担", "1280.00", "采购约定")
    await phone.form.locator('input[type="file"]').set_input_files(paper)
    await month.look(phone, "phone-dispute")
    await phone.send()
    await phone.reads("异议已提交")
    await phone.reads("采购约定截图.png")
    await phone.go(f"/my/statements/{month.statement}")
    await phone.page.get_by_role("button", name=re.compile("确认全部待确认的")).click()
    await phone.reads("已确认")
    await month.later()


async def settle_the_dispute(month: Month) -> None:
    """Finance keeps to the line; the merchant takes it to a contract dispute, where the manager finds all of it."""
    finance, phone, manager = (
        await month.screen("finance"),
        await month.screen("yunshan-owner"),
        await month.screen("manager"),
    )
    await finance.hear(month.statement)
    await finance.reads("有异议")
    await finance.place("对账异议")
    await month.look(finance, "disputes")
    await finance.page.locator("tr").filter(has_text="软件授权").get_by_role("link").first.click()
    await finance.reads("恢复软件为代运营方自用")
    await finance.reads("采购约定截图.png")
    await month.show(finance, "dispute")
    await finance.press("异议不成立")
    await finance.fill(reason="恢复的是商家店铺素材，按责任判定由双方分担，附费用凭证。")
    await finance.send()
    await finance.reads("已答复，商家会收到通知。")
    await month.later()
    await phone.hear(month.statement)
    await phone.page.locator("tr").filter(has_text="不成立").get_by_role("link").first.click()
    await phone.reads("恢复的是商家店铺素材")
    await phone.press("转为合同争议")
    await phone.reads("已转为合同争议")
    month.dispute = await number_in(phone.page)
    await month.look(phone, "phone-contract-dispute")
    await manager.open(month.dispute)
    await manager.reads(f"对账单 {month.statement}")
    await manager.reads("恢复软件为代运营方自用")
    await manager.reads("采购约定截图.png")
    await month.look(manager, "contract-dispute")


def _line(screen: Screen, about: str) -> Locator:
    """The last line of the statement that is about this."""
    return screen.page.locator("table.list tbody tr").filter(has_text=about).last.get_by_role("link").first
