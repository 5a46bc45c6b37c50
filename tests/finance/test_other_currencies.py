"""A cost in another currency waits with a refusal that says what to do, and is booked once the books keep it."""

import pytest

from anshou.finance.attributing import attribute_costs
from anshou.finance.bookkeeping import keep_currency
from anshou.finance.trial_rows import sections
from anshou.people.errors import PermissionMissing
from billing.costs.states import State
from billing.currencies import Currency
from billing.ledger.accounts import chart
from billing.ledger.balances import balance, trial_balance
from billing.ledger.errors import CurrencyNotKept
from billing.ledger.posting import post
from billing.ledger.proof import prove
from billing.ledger.uses import AccountUse
from tenants.context import AGENCY
from tests.billing.ledger.books import FINANCE, NOVEMBER, NOW, PAYABLE, PENDING, cost, credit, debit
from tests.finance.counter import Counter


async def test_a_cost_in_dollars_is_verified_and_booked_once_the_books_keep_dollars(counter: Counter) -> None:
    await counter.settle_in_dollars()
    waiting = await counter.submit()
    with pytest.raises(CurrencyNotKept, match="“账簿”的“科目”页启用该币种"):
        await counter.verify(waiting.number)
    finance = counter.cast.finance
    with pytest.raises(PermissionMissing):
        await keep_currency(counter.session, Currency.USD, by=counter.cast.auditor, at=counter.desk.now)
    assert await keep_currency(counter.session, Currency.USD, by=finance, at=counter.desk.now) > 10

    item = await counter.verify(waiting.number)
    await counter.desk.act_as(AGENCY)
    await attribute_costs(counter.session, item.merchant_id, item.ticket_id, at=counter.desk.now)

    assert item.state is State.VERIFIED
    standing = {
        currency: await balance(
            counter.session, AccountUse.PENDING_DETERMINATION, month=item.incurred_on, currency=currency
        )
        for currency in ("CNY", "USD")
    }
    assert standing == {"CNY": 0, "USD": item.fen}
    accounts = await chart(counter.session, by=finance.id, at=counter.desk.now)
    (section,) = sections(accounts, await trial_balance(counter.session, item.incurred_on))
    assert (section.currency, section.agrees, section.totals[2]) == ("USD", True, item.fen)
    assert (await prove(counter.session)).is_sound


async def test_a_posting_names_the_currency_that_is_not_kept(counter: Counter) -> None:
    await counter.desk.act_as(AGENCY)
    await post(counter.session, cost(), idempotency_key="a", by=FINANCE, at=NOW)
    euros = {"currency": "EUR", "fen": 5}
    draft = type(cost())(
        booked_on=NOVEMBER,
        summary="x",
        source="test",
        postings=(debit(PENDING, **euros), credit(PAYABLE, **euros)),
    )
    with pytest.raises(CurrencyNotKept, match="EUR"):
        await post(counter.session, draft, idempotency_key="b", by=FINANCE, at=NOW)
