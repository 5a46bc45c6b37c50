"""Reports in a real browser: plots that are drawn and saved as pictures, tables in order on a desk and on a phone."""

from datetime import date
from random import Random
from typing import Any

import pytest

from anshou.finance.budgets import BudgetGiven, set_budget
from anshou.merchants.merchants import Profile, add_merchant
from anshou.people.roles import Department
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post_all
from billing.ledger.uses import AccountUse, Side
from tenants.context import AGENCY
from tests.browser import DESK, PHONE, picture
from tests.cast import NOW
from tests.journeys.company import Company

NAMES = "南山茶业 北斗数码 海蓝家纺 小满母婴 长风骑行 知味零食 青木家具 晴川美妆 白露服饰 拾光文具 远山露营 沐禾宠物"
BORNE = (
    (AccountUse.BORNE_BY_AGENCY, 5),
    (AccountUse.RECEIVABLE_FROM_MERCHANT, 4),
    (AccountUse.CLAIM_ON_CARRIER, 2),
    (AccountUse.CLAIM_ON_PLATFORM, 1),
    (AccountUse.PENDING_DETERMINATION, 1),
)
DEPARTMENTS = ("operations", "after_sales_service", "technical_support", "logistics")


async def a_year(company: Company) -> None:
    """Costs of many merchants from January to November, as allocations post them."""
    chance = Random(7)  # noqa: S311
    async with company.tenants.session(company.tenant, AGENCY) as session:
        by = company.anhe.admin
        merchants = [
            await add_merchant(session, Profile(name=name, company=f"{name}有限公司"), by=by, at=NOW)
            for name in NAMES.split()
        ]
        drafts = {}
        for number in range(260):
            merchant = merchants[int(len(merchants) * chance.random() ** 2)]
            (use,) = chance.choices([use for use, _ in BORNE], [weight for _, weight in BORNE])
            of: dict[str, Any] = {
                "merchant_id": merchant.id,
                "fen": chance.randrange(5_000, 480_000),
                "department": chance.choice(DEPARTMENTS),
            }
            drafts[f"test:{number}"] = Draft(
                booked_on=date(2026, chance.randrange(1, 12), chance.randrange(1, 22)),
                summary=f"费用归属 {number}",
                source="by_hand",
                postings=(
                    Posting(account=use, side=Side.DEBIT, **of),
                    Posting(account=AccountUse.PAYABLE_TO_CLAIMANT, side=Side.CREDIT, **of),
                ),
            )
            if use is AccountUse.CLAIM_ON_CARRIER and number % 3:
                # Of most claims on carriers two fifths come in, and a fifth is given up.
                got, lost = of["fen"] * 2 // 5, of["fen"] // 5
                drafts |= {
                    f"test:{number}:{source}": _moved(source, taker, of, fen, number)
                    for source, taker, fen in (
                        ("claim_received", AccountUse.BANK, got),
                        ("claim_rest", AccountUse.BORNE_BY_AGENCY, lost),
                    )
                }
        for month in range(1, 12):
            fees = {"fen": 9_000_000 + month * 350_000}
            drafts[f"test:fees:{month}"] = Draft(
                booked_on=date(2026, month, 25),
                summary="服务费",
                source="by_hand",
                postings=(
                    Posting(account=AccountUse.BANK, side=Side.DEBIT, **fees),
                    Posting(account=AccountUse.SERVICE_REVENUE, side=Side.CREDIT, **fees),
                ),
            )
        for department, fen in ((Department.OPERATIONS, 1_000_000), (Department.LOGISTICS, 800_000)):
            given = BudgetGiven(department=department, day=date(2026, 11, 1), fen=fen)
            await set_budget(session, given, by=company.anhe.executive, at=NOW)
        await post_all(session, drafts, by=company.anhe.finance.id, at=NOW)


def _moved(source: str, taker: AccountUse, of: dict[str, Any], fen: int, number: int) -> Draft:
    of = {**of, "fen": fen}
    return Draft(
        booked_on=date(2026, 11, 15),
        summary=f"索赔 {number}",
        source=source,
        postings=(
            Posting(account=taker, side=Side.DEBIT, **of),
            Posting(account=AccountUse.CLAIM_ON_CARRIER, side=Side.CREDIT, **of),
        ),
    )


@pytest.mark.timeout(300)
async def test_reports_are_drawn_in_order_and_saved_as_pictures(company: Company) -> None:
    await a_year(company)
    reader = await company.screen("executive")
    for width, name in ((DESK, "desk"), (PHONE, "phone")):
        await reader.page.set_viewport_size({"width": width, "height": 900})
        for address, what, said in (
            ("/reports/finance", "merchants", "南山茶业"),
            ("/reports/finance?by=month", "months", "2026-03"),
            ("/reports/finance?by=bearer", "bearers", "物流"),
            ("/reports/finance/entries?bearer=pending", "entries", "费用归属"),
            ("/reports/finance/recovery", "recovery", "转出率"),
            ("/reports/finance/debts", "debts", "多收未抵"),
            ("/reports/finance/agreement", "agreement", "差额为零"),
            ("/reports", "overview", "服务费收入"),
        ):
            await reader.go(address)
            await reader.reads(said)
            if what not in ("entries", "agreement"):
                await reader.page.locator("figure.plot canvas").first.wait_for()
            await picture(reader.page, f"report-{what}-{name}")
            await reader.is_in_order()
    await reader.page.set_viewport_size({"width": DESK, "height": 900})
    await reader.go("/reports/finance")
    async with reader.page.expect_download() as saved:
        await reader.page.locator("[data-picture]").click()
    download = await saved.value
    assert download.suggested_filename.endswith(".png")
    content = (await download.path()).read_bytes()
    assert content.startswith(b"\x89PNG")
    # Twice as fine as the screen, so that it can be printed.
    assert int.from_bytes(content[16:20]) > 2 * 1000
