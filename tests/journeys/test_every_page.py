"""Every page that a person can click to is in order: axe finds nothing, nothing sticks out, in both languages."""

import re
from collections import deque
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from anshou.language import CHINESE, ENGLISH
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse, Side
from tenants.context import AGENCY
from tests.browser import DESK, PHONE, ZOOMED, axe, new_page, overflows
from tests.cast import NOW, PASSWORD
from tests.journeys.company import Company
from tests.portal.statement_steps import Books

# A ticket, a person, a merchant: one of each is enough.
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?:FW|SJ|JF|FY|DZ)\d{4}-\d{5}|(?<=/accounts/)[0-9.]+")
NOT_PAGES = re.compile(r"/attachments/|/documents/|/evidence/|/static/|/sign-out|/openapi|\.(json|png|xlsx)$")
MOST = 60


async def _sign_in(page: Page, company: Company, login: str) -> None:
    await page.goto("/sign-in")
    for name, value in (("agency", company.tenant.code), ("login", login), ("password", PASSWORD)):
        await page.fill(f'input[name="{name}"]', value)
    await page.locator("form button.btn-primary").click()
    await page.locator("nav.side").wait_for(state="attached")


async def _links(page: Page) -> list[str]:
    # What is kept as a file is no page.
    found = await page.locator("a[href]:not([download])").evaluate_all("all => all.map(a => a.href)")
    here = urlsplit(page.url).netloc
    return [
        f"{parts.path}?{parts.query}" if parts.query else parts.path
        for parts in map(urlsplit, found)
        if parts.netloc == here and not NOT_PAGES.search(parts.path)
    ]


def _kind(address: str) -> str:
    """What kind of page an address is of: ids and the values of a query do not matter."""
    parts = urlsplit(address)
    names = sorted(part.split("=")[0] for part in parts.query.split("&")) if parts.query else []
    if parts.path.startswith(("/reports", "/measures", "/my/measures")):
        # Each figure narrows the same page in its own way.
        names = []
    return ID.sub("*", parts.path) + ("?" + "&".join(names) if names else "")


async def _one_ticket(company: Company) -> None:
    manager = await company.screen("manager")
    await manager.go(f"/tickets/new/service_quality?merchant={company.anhe.yunshan.id}")
    await manager.fill(
        channel="phone",
        title="主图与设计需求不符",
        description="色差明显",
        request="重做",
        occurred_on=company.today(),
    )
    await manager.send()
    await manager.reads("主图与设计需求不符")


async def _one_month(company: Company) -> None:
    """October is in the books."""
    async with company.tenants.session(company.tenant, AGENCY) as session:
        bears = Posting(account=AccountUse.BORNE_BY_AGENCY, side=Side.DEBIT, fen=12_345)
        owes = Posting(account=AccountUse.PAYABLE_TO_CLAIMANT, side=Side.CREDIT, fen=12_345)
        paid = Draft(booked_on=date(2026, 10, 20), summary="垫付运费", source="by_hand", postings=(bears, owes))
        await post(session, paid, idempotency_key="test:october", by=company.anhe.finance.id, at=NOW)


async def _one_statement(company: Company) -> None:
    books = Books(company.tenants, company.tenant, company.anhe)
    await books.charge(12_345)
    await books.charge(200)
    number = await books.issue()
    await books.dispute(number, "运费按合同由物流承担")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("login", "language", "width", "dark"),
    [
        ("manager", CHINESE, DESK, False),
        ("supervisor", ENGLISH, DESK, True),
        ("admin", CHINESE, DESK, True),
        ("admin", ENGLISH, PHONE, False),
        ("finance", CHINESE, DESK, False),
        ("auditor", ENGLISH, ZOOMED, True),
        ("executive", CHINESE, PHONE, True),
        ("yunshan-owner", CHINESE, PHONE, False),
        ("yunshan-owner", ENGLISH, ZOOMED, True),
        ("yunshan-member", CHINESE, PHONE, True),
    ],
)
async def test_every_page_that_can_be_clicked_to_is_in_order(
    company: Company, browser: Browser, login: str, language: str, width: int, dark: bool
) -> None:
    await _one_ticket(company)
    await _one_month(company)
    await _one_statement(company)
    page = await new_page(browser, company.address, width=width, locale=language, dark=dark)
    await _sign_in(page, company, login)
    if language == ENGLISH:
        await page.locator(f'button[name="language"][value="{ENGLISH}"]').first.click()
        await page.locator('html[lang="en"]').wait_for(state="attached")
    ahead, seen, wrong = deque(["/", *await _links(page)]), set[str](), dict[str, list[str]]()
    while ahead and len(seen) < MOST:
        address = ahead.popleft()
        if (kind := _kind(address)) in seen:
            continue
        seen.add(kind)
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} answers {answer.status}"
        if found := [*await axe(page), *await overflows(page)]:
            wrong[address] = found
        ahead.extend(await _links(page))
    assert wrong == {}
    assert len(seen) > 2
