"""Reports in a real browser: plots that are drawn and saved as pictures, tables in order on a desk and on a phone."""

from datetime import date
from random import Random

import pytest

from anshou.merchants.merchants import Profile, add_merchant
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
            of = {
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
        await post_all(session, drafts, by=company.anhe.finance.id, at=NOW)


@pytest.mark.timeout(300)
async def test_reports_are_drawn_in_order_and_saved_as_pictures(company: Company) -> None:
    await a_year(company)
    finance = await company.screen("finance")
    for width, name in ((DESK, "desk"), (PHONE, "phone")):
        await finance.page.set_viewport_size({"width": width, "height": 900})
        for address, what, said in (
            ("/reports/finance", "merchants", "南山茶业"),
            ("/reports/finance?by=month", "months", "2026-03"),
            ("/reports/finance?by=bearer", "bearers", "物流"),
            ("/reports/finance/entries?bearer=pending", "entries", "费用归属"),
        ):
            await finance.go(address)
            await finance.reads(said)
            if what != "entries":
                await finance.page.locator("figure.plot canvas").wait_for()
            await picture(finance.page, f"report-{what}-{name}")
            await finance.is_in_order()
    await finance.go("/reports/finance")
    async with finance.page.expect_download() as saved:
        await finance.page.locator("[data-picture]").click()
    download = await saved.value
    assert download.suggested_filename.endswith(".png")
    content = (await download.path()).read_bytes()
    assert content.startswith(b"\x89PNG")
