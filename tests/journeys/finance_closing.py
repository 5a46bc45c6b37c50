"""The end of the month: a bill is reconciled, the month closed, handed over, reopened, corrected and closed again."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from openpyxl import load_workbook
from playwright.async_api import Locator, expect
from sqlalchemy import func, select

from billing.ledger.balances import balance, trial_balance
from billing.ledger.periods import PeriodState, get_period
from billing.ledger.proof import prove
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import Voucher
from billing.reconciliation import proof as of_bills
from tenants.context import AGENCY
from tests.journeys.company import Screen
from tests.journeys.finance_month import CALLS, DISKS, FEE, LICENCE, PAID_BY_MERCHANT, WITHDRAWN, Month, yuan
from tests.journeys.papers import alipay_bill

NOVEMBER = date(2026, 11, 1)
PAYABLE, DIFFERENCE = AccountUse.PAYABLE_TO_CLAIMANT, AccountUse.DIFFERENCE
SOURCE, ACCOUNT = "alipay_accounts", "企业支付宝"

MOVEMENTS = (
    ("2026-11-23", -DISKS, "京东企业购", "存储硬盘"),
    ("2026-11-23", -(LICENCE + FEE), "数据恢复软件商", "软件授权（含手续费）"),
    ("2026-11-24", -CALLS, "中国电信", "话费"),
    ("2026-11-26", PAID_BY_MERCHANT, "云杉户外有限公司", "预付售后费用"),
    ("2026-11-28", -WITHDRAWN, "本公司基本户", "提现"),
)


async def import_bill(month: Month) -> None:
    """Alipay's bill of the month comes in, and rules say with which books it is compared."""
    finance = await month.screen("finance")
    await finance.go("/")
    await finance.place("对账")
    bill = alipay_bill(month.papers / "支付宝账务明细202611.csv", MOVEMENTS)
    await finance.page.locator('input[type="file"]').set_input_files(bill)
    await finance.fill(account=ACCOUNT)
    await finance.send()
    await finance.reads("已导入 5 行")
    for against, most in (("costs", "1.00"), ("ledger", "0")):
        await finance.go(f"/reconciliation/rules/{SOURCE}")
        await finance.fill(against=against, window_days="3", write_off_fen=most)
        await finance.send()
        await finance.reads("对账规则已保存。")
    await month.look(finance, "bills")


async def match(month: Month) -> None:
    """What is certain is matched at once; the payment with a fee by keyboard; the withdrawal is no cost."""
    finance = await month.screen("finance")
    await finance.page.get_by_role("link", name="2026-11", exact=True).first.click()
    await finance.press("自动匹配")
    await finance.reads("自动匹配了 3 组")
    await finance.press("全部说明为资金划转")
    await expect(_boxes(finance, "external")).to_have_count(1)
    await expect(_boxes(finance, "internal")).to_have_count(1)
    # The first line has the focus: tick it, go to the other side, tick there, confirm.
    await expect(_boxes(finance, "external")).to_be_focused()
    await finance.key("Space", "l", "Space")
    await expect(finance.page.locator('[data-sum="difference"]')).to_have_text(yuan(-FEE))
    await month.show(finance, "bench")
    await finance.key("m")
    await finance.reads("已匹配 2 行。")


async def write_off(month: Month, account: str) -> None:
    """The fee is what the match differs by; it goes to an account that the person chooses."""
    finance = await month.screen("finance")
    await finance.press("核销差额")
    await finance.reads("人工匹配，差额")
    month.match = urlsplit(finance.page.url).path
    await finance.page.locator('select[name="account"]').select_option(account)
    await month.show(finance, "write-off")
    await finance.press("核销")
    await finance.reads("差额已核销")
    await finance.reads("付款凭证")
    await month.look(finance, "written-off")


def _boxes(screen: Screen, side: str) -> Locator:
    return screen.page.locator(f'[data-side="{side}"] input[type="checkbox"]')


async def close(month: Month) -> None:
    """What others have to decide goes over to the next month by name, with the reason; then nothing blocks."""
    finance = await month.screen("finance")
    await finance.go("/")
    await finance.place("月末结账")
    await finance.page.get_by_role("link", name="2026-11", exact=True).click()
    await finance.reads("待判定费用余额（结转下月）")
    carry = finance.page.get_by_role("link", name="结转下月", exact=True)
    if await carry.count():
        await month.show(finance, "close-blocked")
    while await carry.count():
        await carry.first.click()
        await finance.fill(reason="责任与争议尚在处理，已与主管确认，下月继续跟进。")
        await month.look(finance, "carrying-over")
        await finance.send()
        await finance.reads("项结转下月。")
    await finance.reads("没有妨碍结账的事项。")
    await month.look(finance, "close-ready")
    await finance.press("结账")
    await finance.page.locator("#close").get_by_role("button", name="结账").click()
    await finance.reads("已结账，凭证已编号。")


async def hand_over(month: Month) -> None:
    """The vouchers go out for 金蝶 once their accounts are mapped; the file says what the trial balance says."""
    finance = await month.screen("finance")
    await finance.press("凭证导出")
    await month.look(finance, "export-not-ready")
    await _map(month)
    assert await _exported(month) == sorted(range(1, await _vouchers(month) + 1))
    await month.show(finance, "exported")


async def _map(month: Month) -> None:
    """Each account of ours is one there; the codes are the same."""
    finance = await month.screen("finance")
    await finance.page.locator("section").filter(has_text="金蝶精斗云").get_by_role("link", name="科目对应").click()
    for box in await finance.page.locator('input[name^="code."]').all():
        await box.fill(await box.get_attribute("placeholder") or "")
    await month.look(finance, "mapping")
    await finance.send()
    await finance.reads("已保存，今后的导出按新的对应。")


async def _exported(month: Month) -> list[int]:
    """Export what waits; the numbers of the vouchers in the file, each of which balances."""
    finance = await month.screen("finance")
    await finance.go("/closing/2026-11/export")
    target = finance.page.locator("section").filter(has_text="金蝶精斗云")
    await target.get_by_role("button", name=re.compile("导出 .* 张凭证")).click()
    await finance.reads("张凭证，可以下载文件。")
    async with finance.page.expect_download() as downloading:
        await target.get_by_role("link", name="下载").first.click()
    path = month.papers / "vouchers.xlsx"
    await (await downloading.value).save_as(path)
    header, *rows = list(load_workbook(path).active.values)
    number, debit, credit = (header.index(name) for name in ("凭证号", "借方金额", "贷方金额"))
    sums: dict[int, Decimal] = {}
    for row in rows:
        moved = Decimal(str(row[debit] or 0)) - Decimal(str(row[credit] or 0))
        sums[int(row[number])] = sums.get(int(row[number]), Decimal(0)) + moved
    assert not any(sums.values())
    return sorted(sums)


async def reopen(month: Month) -> None:
    """In a closed month nothing is unmatched. One asks for it with the reason, another one decides."""
    finance, second = await month.screen("finance"), await month.screen("finance2")
    await finance.go(month.match)
    await finance.fill(reason="手续费应记财务费用")
    await finance.press("撤销匹配")
    await finance.reads("已结账")
    await finance.go("/closing/2026-11")
    await finance.press("申请反结账")
    await finance.fill(reason="软件授权付款的手续费应记财务费用，误记为差额核销。")
    await finance.send()
    await finance.reads("须由另一位财务人员批准。")
    await second.go("/closing")
    await second.page.get_by_role("link", name="2026-11", exact=True).click()
    await second.reads("误记为差额核销")
    await month.show(second, "reopening")
    await second.press("批准反结账")
    await second.reads("已反结账，可以继续记账。")


async def correct(month: Month) -> None:
    """The match is undone, which takes the wrong voucher back; matched again, the fee goes where it belongs."""
    finance = await month.screen("finance")
    await finance.go(month.match)
    await finance.fill(reason="手续费应记财务费用")
    await finance.press("撤销匹配")
    await finance.reads("已撤销，可重新匹配。")
    for side in ("external", "internal"):
        await _boxes(finance, side).check()
    await finance.press("确认匹配")
    await finance.reads("已匹配 2 行。")
    await write_off(month, "660301")


async def close_again(month: Month) -> None:
    """The month closes again, and only what is new goes out: payment and fee taken back, and both anew."""
    finance = await month.screen("finance")
    await close(month)
    await finance.press("凭证导出")
    await finance.reads("科目 660301 手续费 没有对应的目标科目")
    await _map(month)
    last = await _vouchers(month)
    assert await _exported(month) == [*range(last - 3, last + 1)]


async def _vouchers(month: Month) -> int:
    company = month.company
    async with company.tenants.session(company.tenant, AGENCY) as session:
        return await session.scalar(select(func.count()).select_from(Voucher).where(Voucher.booked_on >= NOVEMBER)) or 0


async def prove_it(month: Month) -> None:
    """The books are sound; statement, trial balance and bill say the same to the fen."""
    phone = await month.screen("yunshan-owner")
    company = month.company
    async with company.tenants.session(company.tenant, AGENCY) as session:
        assert (await prove(session)).is_sound
        assert (await get_period(session, NOVEMBER)).state is PeriodState.CLOSED
        trial = await trial_balance(session, NOVEMBER)
        assert sum(line.debit for line in trial) == sum(line.credit for line in trial)
        owed = await balance(
            session, AccountUse.RECEIVABLE_FROM_MERCHANT, merchant_id=company.anhe.yunshan.id, month=NOVEMBER
        )
        pending = await balance(session, AccountUse.PENDING_DETERMINATION, month=NOVEMBER)
        unsettled = [await balance(session, use, month=NOVEMBER) for use in (PAYABLE, DIFFERENCE)]
        wallet = await balance(session, AccountUse.WALLET, month=NOVEMBER)
        bill = await of_bills.prove(session, source=SOURCE, account=ACCOUNT, month=NOVEMBER)
    assert pending == CALLS
    assert unsettled == [0, 0]
    assert wallet == -(DISKS + LICENCE + FEE + CALLS)
    assert bill.is_settled
    assert bill.brought.fen == sum(fen for _, fen, _, _ in MOVEMENTS)
    assert bill.matched.fen == PAID_BY_MERCHANT - DISKS - LICENCE - CALLS - FEE
    assert bill.explained.fen == -WITHDRAWN
    await phone.go(f"/my/statements/{month.statement}")
    await phone.reads(yuan(owed))


async def read_the_books(month: Month) -> None:
    """Finance reads what came of it: the trial balance, and who bore what the month cost."""
    finance = await month.screen("finance")
    await finance.go("/")
    await finance.place("账簿")
    await finance.press("科目余额表")
    await finance.go("/ledger/balances?month=2026-11")
    await finance.reads("应收账款")
    await month.show(finance, "trial-balance")
    await finance.place("报表")
    await month.look(finance, "report")
