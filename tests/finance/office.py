"""The office of the statement tests: two people of finance, a merchant's owner, and what is posted to its account."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from anshou.finance.statements import issue_statement, prepare_statement, review_statement
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.drafting import Draft as TermsDraft
from anshou.merchants.drafting import add_draft, end_version, put_in_force
from anshou.merchants.terms import SettlementClause
from anshou.people.person import Person
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import Posted, post
from billing.ledger.uses import AccountUse, Side
from billing.parties import Party
from billing.statements.rows import Statement
from tenants.context import AGENCY
from tests.finance.counter import Counter

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AFTER_NOVEMBER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
AFTER_OCTOBER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@dataclass
class Office:
    """Two people of finance, the owner of 云杉, and what is posted to its account."""

    counter: Counter
    colleague: Person
    posted: int = 0

    @property
    def session(self) -> AsyncSession:
        session: AsyncSession = self.counter.session
        return session

    @property
    def finance(self) -> Person:
        return self.counter.cast.finance

    @property
    def owner(self) -> Person:
        return self.counter.cast.owner

    async def act_as(self, person: Person) -> None:
        await self.counter.desk.act_as(person.context())

    async def charge(self, fen: int, on: date, **of: Any) -> Posted:
        """A cost that the merchant bears, as an allocation posts it."""
        self.posted += 1
        await self.counter.desk.act_as(AGENCY)
        merchant = self.counter.cast.yunshan.id
        draft = Draft(
            booked_on=on,
            summary=f"费用归属 {self.posted}",
            source="allocation",
            postings=(
                Posting(
                    account=AccountUse.RECEIVABLE_FROM_MERCHANT,
                    side=Side.DEBIT,
                    fen=fen,
                    party=Party.MERCHANT,
                    merchant_id=merchant,
                    clause="8.3",
                    **of,
                ),
                Posting(account=AccountUse.PENDING_DETERMINATION, side=Side.CREDIT, fen=fen, merchant_id=merchant),
            ),
        )
        return await post(
            self.session, draft, idempotency_key=f"test:{self.posted}", by=self.finance.id, at=AFTER_NOVEMBER
        )

    async def agree(self, settlement: SettlementClause) -> None:
        """From November on the contract has this clause."""
        await self.counter.desk.act_as(AGENCY)
        by, at = self.counter.cast.admin, AFTER_OCTOBER
        asked = select(ContractVersion).where(ContractVersion.merchant_id == self.counter.cast.yunshan.id)
        version = (await self.session.scalars(asked.options(joinedload(ContractVersion.contract)))).one()
        await end_version(self.session, version, date(2026, 10, 31), "改签", by=by, at=at)
        terms = msgspec.structs.replace(version.agreed, settlement=settlement, cost_clauses=())
        draft = TermsDraft(valid_from=NOVEMBER, valid_until=date(2027, 12, 31), terms=terms)
        agreed = await add_draft(self.session, version.contract, draft, by=by, at=at)
        await put_in_force(self.session, agreed, by=by, at=at)

    async def issue(self, month: date = NOVEMBER, at: datetime = AFTER_NOVEMBER) -> Statement:
        """Prepared by one, reviewed and issued by the other."""
        await self.act_as(self.finance)
        prepared = await prepare_statement(self.session, self.counter.cast.yunshan.id, month, by=self.finance, at=at)
        await review_statement(self.session, prepared, by=self.colleague, at=at)
        return await issue_statement(self.session, prepared, by=self.colleague, at=at)
