"""What is posted stands in the books once, balanced, in an open month, and is taken back by its exact negation."""

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.accounts import NewAccount, add_account, chart, get_account, retire, use_account_for
from billing.ledger.drafts import Draft
from billing.ledger.errors import (
    AccountNotFound,
    AccountUnfit,
    AlreadyReversed,
    KeyUsedOtherwise,
    PeriodClosed,
    ReversalNotReversible,
    VoucherInvalid,
    VoucherNotFound,
    VoucherUnbalanced,
)
from billing.ledger.periods import PeriodState, close_period, find_period
from billing.ledger.posting import post, post_all, reverse
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import VoucherKind, entries_of, get_voucher, reversal_of, standing_vouchers
from tenants.base import new_id
from tests.billing.ledger.books import (
    BORNE,
    FINANCE,
    MERCHANT,
    NOVEMBER,
    NOW,
    PAYABLE,
    PENDING,
    TODAY,
    allocation,
    cost,
    credit,
    debit,
)


async def test_a_posted_voucher_stands_with_its_entries_and_dimensions(session: AsyncSession) -> None:
    posted = await post(session, allocation(300, 700), idempotency_key="a", by=FINANCE, at=NOW)
    voucher = await get_voucher(session, posted.id)
    assert (voucher.kind, voucher.booked_on, voucher.lines) == (VoucherKind.ORDINARY, TODAY, 3)
    entries = await entries_of(session, posted.id)
    accounts = {account.id: account for account in await chart(session, by=FINANCE, at=NOW)}
    assert [(accounts[one.account_id].code, one.side, one.fen) for one in entries] == [
        ("660101", Side.DEBIT, 300),
        ("1122", Side.DEBIT, 700),
        ("190101", Side.CREDIT, 1000),
    ]
    assert [one.merchant_id for one in entries] == [MERCHANT] * 3
    assert (entries[0].department, entries[1].clause) == ("operations", "8.1")
    period = await find_period(session, TODAY)
    assert period is not None
    assert period.state is PeriodState.OPEN


async def test_the_same_key_posts_once_and_another_content_is_refused(session: AsyncSession) -> None:
    first = await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    again = await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    assert (again.id, first.is_replay, again.is_replay) == (first.id, False, True)
    with pytest.raises(KeyUsedOtherwise):
        await post(session, cost(1), idempotency_key="a", by=FINANCE, at=NOW)


async def test_a_replay_is_answered_after_its_month_was_closed(session: AsyncSession) -> None:
    first = await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    await close_period(session, NOVEMBER, by=FINANCE, at=NOW)
    assert (await post(session, cost(), idempotency_key="a", by=FINANCE, at=NOW)).id == first.id
    with pytest.raises(PeriodClosed):
        await post(session, cost(), idempotency_key="b", by=FINANCE, at=NOW)


async def test_a_batch_is_answered_in_its_order_with_what_stood_before(session: AsyncSession) -> None:
    old = await post(session, cost(5), idempotency_key="z", by=FINANCE, at=NOW)
    batch = {"c": cost(1), "z": cost(5), "a": cost(2), "b": cost(3)}
    posted = await post_all(session, batch, by=FINANCE, at=NOW)
    fens = [(await entries_of(session, one.id))[0].fen for one in posted]
    assert fens == [1, 5, 2, 3]
    assert [one.is_replay for one in posted] == [False, True, False, False]
    assert posted[1].id == old.id


@pytest.mark.parametrize(
    "wrong",
    [
        replace(cost(), postings=(debit(PENDING, 1),)),
        replace(cost(), postings=(debit(PENDING, 0), credit(PAYABLE, 0))),
        replace(cost(), postings=(debit(PENDING, 1.0), credit(PAYABLE, 1))),  # type: ignore[arg-type]
        replace(cost(), postings=(debit(PENDING, True), credit(PAYABLE, True))),
        replace(cost(), postings=(debit(PENDING, 10**15 + 1), credit(PAYABLE, 10**15 + 1))),
        replace(cost(), summary=" "),
    ],
    ids=["one entry", "nothing", "a float", "a truth value", "more than there is", "no summary"],
)
async def test_what_is_no_voucher_is_refused(session: AsyncSession, wrong: Draft) -> None:
    with pytest.raises(VoucherInvalid):
        await post(session, wrong, idempotency_key="a", by=FINANCE, at=NOW)


async def test_each_currency_balances_by_itself(session: AsyncSession) -> None:
    await chart(session, by=FINANCE, at=NOW)
    new = NewAccount(code="100201", name="美元户", normal_side=Side.DEBIT, currency="USD")
    await add_account(session, new, by=FINANCE, at=NOW)
    mixed = replace(cost(), postings=(debit("100201", 100, currency="USD"), credit(PAYABLE, 100)))
    with pytest.raises(VoucherUnbalanced) as refused:
        await post(session, mixed, idempotency_key="a", by=FINANCE, at=NOW)
    assert refused.value.difference == -100


async def test_only_leaves_in_use_of_the_currency_take_entries(session: AsyncSession) -> None:
    accounts = await chart(session, by=FINANCE, at=NOW)
    with pytest.raises(AccountUnfit):
        await post(session, _on("6601"), idempotency_key="summary", by=FINANCE, at=NOW)
    with pytest.raises(AccountNotFound):
        await post(session, _on("9999"), idempotency_key="unknown", by=FINANCE, at=NOW)
    with pytest.raises(AccountUnfit):
        await post(session, _on("1002", currency="USD"), idempotency_key="currency", by=FINANCE, at=NOW)
    own = NewAccount(code="660102", name="培训费", normal_side=Side.DEBIT, parent="6601")
    added = await add_account(session, own, by=FINANCE, at=NOW)
    posted = await post(session, _on("660102"), idempotency_key="before", by=FINANCE, at=NOW)
    retire(added, by=FINANCE, at=NOW)
    await session.flush()
    with pytest.raises(AccountUnfit):
        await post(session, _on("660102"), idempotency_key="after", by=FINANCE, at=NOW)
    # What stands in a retired account can still be put right.
    await reverse(session, posted.id, reason="记错科目", by=FINANCE, at=NOW)
    assert len(accounts) > 20


async def test_a_use_moves_to_another_account_and_new_vouchers_follow(session: AsyncSession) -> None:
    await chart(session, by=FINANCE, at=NOW)
    new = NewAccount(code="660109", name="代垫售后费用", normal_side=Side.DEBIT, parent="6601")
    added = await add_account(session, new, by=FINANCE, at=NOW)
    await use_account_for(session, added, AccountUse.BORNE_BY_AGENCY)
    posted = await post(session, _on(BORNE), idempotency_key="a", by=FINANCE, at=NOW)
    assert (await entries_of(session, posted.id))[0].account_id == added.id
    assert (await get_account(session, "660101")).use is None


async def test_a_reversal_negates_line_by_line_and_stands_alone(session: AsyncSession) -> None:
    posted = await post(session, allocation(300, 700), idempotency_key="a", by=FINANCE, at=NOW)
    back = await reverse(session, posted.id, reason="责任重新判定", by=FINANCE, at=NOW)
    first, second = await entries_of(session, posted.id), await entries_of(session, back.id)
    assert [(o.account_id, o.fen, o.side.other, o.clause) for o in first] == [
        (o.account_id, o.fen, o.side, o.clause) for o in second
    ]
    found = await reversal_of(session, posted.id)
    assert found is not None
    assert (found.id, found.summary) == (back.id, "责任重新判定")
    with pytest.raises(AlreadyReversed):
        await reverse(session, posted.id, reason="再冲一次", by=FINANCE, at=NOW)
    with pytest.raises(ReversalNotReversible):
        await reverse(session, back.id, reason="冲销的冲销", by=FINANCE, at=NOW)
    with pytest.raises(VoucherNotFound):
        await reverse(session, new_id(), reason="没有这张", by=FINANCE, at=NOW)


async def test_a_reversal_of_a_closed_month_lands_in_the_open_one(session: AsyncSession) -> None:
    october = date(2026, 10, 15)
    posted = await post(session, cost(on=october), idempotency_key="a", by=FINANCE, at=NOW)
    await close_period(session, october, by=FINANCE, at=NOW)
    back = await reverse(session, posted.id, reason="更正", by=FINANCE, at=NOW, on=october)
    assert back.booked_on == NOVEMBER


async def test_a_reversal_that_is_refused_opens_no_month(session: AsyncSession) -> None:
    posted = await post(session, cost(on=NOVEMBER), idempotency_key="a", by=FINANCE, at=NOW)
    await reverse(session, posted.id, reason="更正", by=FINANCE, at=NOW)
    await close_period(session, NOVEMBER, by=FINANCE, at=NOW)
    with pytest.raises(AlreadyReversed):
        await reverse(session, posted.id, reason="再冲一次", by=FINANCE, at=NOW)
    assert await find_period(session, date(2026, 12, 1)) is None


async def test_what_a_source_has_posted_and_nothing_took_back_is_found(session: AsyncSession) -> None:
    source = new_id()
    draft = replace(allocation(1, 2), source_id=source)
    first = await post(session, draft, idempotency_key="a", by=FINANCE, at=NOW)
    await reverse(session, first.id, reason="重新判定", by=FINANCE, at=NOW)
    second = await post(session, replace(draft, summary="重新归属"), idempotency_key="b", by=FINANCE, at=NOW)
    standing = await standing_vouchers(session, "allocation", source)
    assert [voucher.id for voucher in standing] == [second.id]


def _on(account: AccountUse | str, currency: str = "CNY") -> Draft:
    return replace(
        cost(),
        postings=(debit(account, 100, currency=currency), credit(PAYABLE, 100, currency=currency)),
    )
