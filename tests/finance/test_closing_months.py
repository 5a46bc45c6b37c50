"""Finance closes a month, and it takes two of them to reopen it; nobody else may."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.bookkeeping import post_opening, rename_account, retire_account, reverse
from anshou.finance.closing import close_month
from anshou.finance.periods import Reopening, refuse_reopening, reopen_period, request_reopening
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from billing.ledger.balances import balance, trial_balance
from billing.ledger.errors import AccountInvalid, PeriodClosed, SecondPersonNeeded, VoucherInvalid
from billing.ledger.openings import OpeningBalance
from billing.ledger.periods import PeriodState, changes_of
from billing.ledger.posting import post
from billing.ledger.proof import prove
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import VoucherKind, get_voucher, numbers_of
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tests.billing.ledger.books import FINANCE, NOVEMBER, NOW, OCTOBER, cost
from tests.cast import settle, staff

# November is over.
LATER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
WHY = Reopening(reason="漏记一笔运费")


async def test_a_month_is_closed_numbered_and_reopened_by_two_people(session: AsyncSession) -> None:
    cast = await settle(session)
    colleague = await staff(session, "方圆", "finance2", Role.FINANCE)
    first = await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    second = await post(session, cost(), idempotency_key="b", by=FINANCE, at=NOW)
    await close_month(session, NOVEMBER, by=cast.finance, at=LATER)
    assert await numbers_of(session, first.id, second.id) == {first.id: 1, second.id: 2}
    with pytest.raises(PeriodClosed):
        await post(session, cost(), idempotency_key="c", by=FINANCE, at=NOW)

    await request_reopening(session, NOVEMBER, WHY, by=cast.finance, at=NOW)
    with pytest.raises(SecondPersonNeeded):
        await reopen_period(session, NOVEMBER, by=cast.finance, at=NOW)
    await refuse_reopening(session, NOVEMBER, Reopening(reason="下月补记即可"), by=colleague, at=NOW)
    await request_reopening(session, NOVEMBER, WHY, by=cast.finance, at=NOW)
    period = await reopen_period(session, NOVEMBER, by=colleague, at=NOW)
    assert period.state is PeriodState.OPEN

    third = await post(session, cost(), idempotency_key="c", by=FINANCE, at=NOW)
    await close_month(session, NOVEMBER, by=colleague, at=LATER)
    assert await numbers_of(session, third.id) == {third.id: 3}
    changes = [(change.change.value, change.made_by, change.reason) for change in await changes_of(session, NOVEMBER)]
    assert changes == [
        ("opened", FINANCE, None),
        ("closed", cast.finance.id, None),
        ("reopening_requested", cast.finance.id, WHY.reason),
        ("reopening_refused", colleague.id, "下月补记即可"),
        ("reopening_requested", cast.finance.id, WHY.reason),
        ("reopened", colleague.id, None),
        ("closed", colleague.id, None),
    ]
    assert (await prove(session)).is_sound
    await write_leaves(session)
    actions = list(await session.scalars(select(AuditLeaf.action).where(AuditLeaf.action.startswith("period."))))
    assert len(actions) == 6


async def test_only_finance_closes_and_reopens(session: AsyncSession) -> None:
    cast = await settle(session)
    await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    for person in (cast.executive, cast.auditor, cast.admin, cast.supervisor, cast.account_manager, cast.owner):
        with pytest.raises(PermissionMissing):
            await close_month(session, NOVEMBER, by=person, at=LATER)
        with pytest.raises(PermissionMissing):
            await request_reopening(session, NOVEMBER, WHY, by=person, at=NOW)
        with pytest.raises(PermissionMissing):
            await reopen_period(session, NOVEMBER, by=person, at=NOW)
    with pytest.raises(PermissionMissing):
        await reverse(session, cast.owner.id, reason="x", by=cast.executive, at=NOW)


async def test_the_books_begin_with_opening_balances(session: AsyncSession) -> None:
    cast = await settle(session)
    given = [
        OpeningBalance(account=AccountUse.BANK, side=Side.DEBIT, fen=1_000_000),
        OpeningBalance(
            account=AccountUse.RECEIVABLE_FROM_MERCHANT, side=Side.DEBIT, fen=5000, merchant_id=cast.yunshan.id
        ),
        OpeningBalance(account=AccountUse.PAYABLE_TO_SUPPLIER, side=Side.CREDIT, fen=3000),
    ]
    posted = await post_opening(session, OCTOBER, given, idempotency_key="opening", by=cast.finance, at=NOW)
    again = await post_opening(session, OCTOBER, given, idempotency_key="opening", by=cast.finance, at=NOW)
    assert again.id == posted.id
    assert (await get_voucher(session, posted.id)).kind is VoucherKind.OPENING
    await post(session, cost(700), idempotency_key="a", by=FINANCE, at=NOW)
    lines = {line.code: line for line in await trial_balance(session, NOVEMBER)}
    assert (lines["1002"].opening, lines["410499"].opening, lines["190101"].closing) == (1_000_000, -1_002_000, 700)
    receivable = AccountUse.RECEIVABLE_FROM_MERCHANT
    assert await balance(session, receivable, month=NOVEMBER, merchant_id=cast.yunshan.id) == 5000
    assert await balance(session, receivable, month=NOVEMBER, merchant_id=cast.qinghe.id) == 0
    with pytest.raises(VoucherInvalid):
        await post_opening(session, NOVEMBER, given, idempotency_key="late", by=cast.finance, at=NOW)


async def test_the_chart_is_the_agencys_own(session: AsyncSession) -> None:
    cast = await settle(session)
    await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    renamed = await rename_account(session, "190101", "待定责任费用", by=cast.finance, at=NOW)
    assert renamed.name == "待定责任费用"
    with pytest.raises(AccountInvalid):
        await retire_account(session, "190101", by=cast.finance, at=NOW)
