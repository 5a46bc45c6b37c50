"""Whatever is posted, replayed, reversed, closed and reopened in any order: the books say what the model says."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from billing.ledger.balances import trial_balance
from billing.ledger.periods import close_period, list_periods, refuse_reopening, reopen_period, request_reopening
from billing.ledger.posting import Posted, post, reverse
from billing.ledger.proof import prove
from tenants.context import AGENCY
from tenants.refusals import Refusal
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import COLLEAGUE, FINANCE, NOVEMBER, NOW, OCTOBER, allocation, cost
from tests.billing.ledger.model import Model, Outcome
from tests.database import Database

SEPTEMBER = date(2026, 9, 1)

people = st.sampled_from([FINANCE, COLLEAGUE])
months = st.sampled_from([SEPTEMBER, OCTOBER, NOVEMBER])
keys = st.sampled_from(["a", "b", "c", "d", "e"])
amounts = st.integers(1, 3) | st.integers(1, 10**12)


class _Undo(Exception):
    """Raised into a session to roll it back."""


class LifeOfBooks(RuleBasedStateMachine):
    """The books of one agency in one transaction, rolled back at the end."""

    database: Database
    tenant: Tenant

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.held = AsyncExitStack()
        self.model = Model(today=NOVEMBER)
        self.ids: dict[str, UUID] = {}
        self.run(self.set_up())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    async def set_up(self) -> None:
        self.tenants = Tenants(self.database.url, secret=self.database.secret)
        self.held.push_async_callback(self.tenants.close)
        self.session = await self.held.enter_async_context(self.tenants.session(self.tenant, AGENCY))

    def teardown(self) -> None:
        try:
            self.run(self.held.__aexit__(_Undo, _Undo(), None))
        except _Undo:
            pass
        finally:
            self.runner.close()

    def agree(self, expected: Outcome, work: Coroutine[Any, Any, Any]) -> Any:
        """Both accept, or both refuse for the same reason."""
        refusal, came = None, None
        try:
            came = self.run(work)
        except Refusal as raised:
            refusal = raised
        assert (refusal and type(refusal)) is expected, f"{refusal!r} where the model says {expected}"
        return came

    @rule(key=keys, month=months, fen=amounts)
    def a_cost_is_posted(self, key: str, month: date, fen: int) -> None:
        expected = self.model.post(key, month, {"190101": fen, "224101": -fen})
        self.came(key, self.agree(expected, self.posting(key, cost(fen, on=month))))

    @rule(key=keys, month=months, agency=amounts, merchant=amounts)
    def a_cost_is_allocated(self, key: str, month: date, agency: int, merchant: int) -> None:
        entries = {"660101": agency, "1122": merchant, "190101": -agency - merchant}
        expected = self.model.post(key, month, entries)
        self.came(key, self.agree(expected, self.posting(key, allocation(agency, merchant, on=month))))

    @rule(key=keys)
    def a_request_comes_again(self, key: str) -> None:
        if key in self.ids:
            month, entries = self.model.vouchers[key]
            fens = list(entries.values())
            draft = cost(fens[0], on=month) if len(fens) == 2 else allocation(fens[0], fens[1], on=month)
            came = self.agree(None, self.posting(key, draft))
            assert (came.id, came.is_replay) == (self.ids[key], True)

    @rule(key=keys)
    def a_voucher_is_reversed(self, key: str) -> None:
        if key in self.ids:
            expected = self.model.reverse(key)
            self.agree(expected, reverse(self.session, self.ids[key], reason="更正", by=FINANCE, at=NOW))

    @rule(month=months)
    def a_month_is_closed(self, month: date) -> None:
        self.agree(self.model.close(month), close_period(self.session, month, by=FINANCE, at=NOW))

    @rule(month=months, by=people)
    def a_reopening_is_asked_for(self, month: date, by: UUID) -> None:
        asking = request_reopening(self.session, month, reason="漏记", by=by, at=NOW)
        self.agree(self.model.request(month, by), asking)

    @rule(month=months, by=people)
    def a_reopening_is_granted(self, month: date, by: UUID) -> None:
        expected = self.model.decide(month, by, agreed=True)
        self.agree(expected, reopen_period(self.session, month, by=by, at=NOW))

    @rule(month=months, by=people)
    def a_reopening_is_refused(self, month: date, by: UUID) -> None:
        expected = self.model.decide(month, by, agreed=False)
        self.agree(expected, refuse_reopening(self.session, month, reason="不必", by=by, at=NOW))

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        periods = {period.month: period.state.value for period in await list_periods(self.session)}
        assert periods == self.model.months
        for month in periods:
            lines = await trial_balance(self.session, month)
            assert {line.code: line.closing for line in lines} == self.model.balances(month)
            assert sum(line.debit - line.credit for line in lines) == 0
        assert (await prove(self.session)).findings == []

    def posting(self, key: str, draft: Any) -> Coroutine[Any, Any, Posted]:
        return post(self.session, draft, idempotency_key=key, by=FINANCE, at=NOW)

    def came(self, key: str, posted: Posted | None) -> None:
        if posted is not None:
            assert self.ids.setdefault(key, posted.id) == posted.id


def test_the_life_of_books_follows_the_model(database: Database, tenant: Tenant) -> None:
    LifeOfBooks.database, LifeOfBooks.tenant = database, tenant
    run_state_machine_as_test(
        LifeOfBooks,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
