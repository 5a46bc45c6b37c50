"""What the tests of statement pages begin with: postings to 云杉's account, and its October stated by two people."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import text

from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.reading_statements import line_at, visible_statement
from anshou.finance.statements import issue_statement, prepare_statement, review_statement
from anshou.people.person import Person
from anshou.people.roles import Role
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse, Side
from billing.parties import Party
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, staff

OCTOBER = date(2026, 10, 1)
AFTER_OCTOBER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@dataclass
class Books:
    """The books of 安和, written by its verbs."""

    tenants: Tenants
    tenant: Tenant
    anhe: Anhe
    posted: int = 0

    async def charge(
        self, fen: int, on: date = date(2026, 10, 12), *, ticket: UUID | None = None, summary: str = "费用归属"
    ) -> None:
        """A cost that 云杉 bears."""
        self.posted += 1
        merchant = self.anhe.yunshan.id
        draft = Draft(
            booked_on=on,
            summary=f"{summary} {self.posted}",
            source="allocation",
            postings=(
                Posting(
                    account=AccountUse.RECEIVABLE_FROM_MERCHANT,
                    side=Side.DEBIT,
                    fen=fen,
                    party=Party.MERCHANT,
                    merchant_id=merchant,
                    ticket_id=ticket,
                    clause="8.3",
                ),
                Posting(account=AccountUse.PENDING_DETERMINATION, side=Side.CREDIT, fen=fen, merchant_id=merchant),
            ),
        )
        async with self.tenants.session(self.tenant, AGENCY) as session:
            await post(session, draft, idempotency_key=f"test:{self.posted}", by=self.anhe.finance.id, at=NOW)

    async def colleague(self) -> Person:
        """Another person of finance, who signs in as `finance2`."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return await staff(session, "沈括", "finance2", Role.FINANCE, at=NOW)

    async def issue(self, month: date = OCTOBER, at: datetime = NOW) -> str:
        """The month's statement, prepared by one and issued by the other; its number."""
        colleague = await self.colleague()
        async with self.tenants.session(self.tenant, AGENCY) as session:
            merchant = self.anhe.yunshan.id
            prepared = await prepare_statement(session, merchant, month, by=self.anhe.finance, at=at)
            await review_statement(session, prepared, by=colleague, at=at)
            return (await issue_statement(session, prepared, by=colleague, at=at)).number

    async def dispute(self, number: str, reason: str, place: int = 1) -> None:
        """The owner of 云杉 disputes a line."""
        owner = self.anhe.owner
        async with self.tenants.session(self.tenant, owner.context()) as session:
            statement = await visible_statement(session, number, by=owner)
            line = await line_at(session, statement, place)
            await dispute_line(session, statement, line, Objection(reason=reason), by=owner, at=NOW)

    async def told(self, number: str) -> list[dict[str, str]]:
        """What people are to be told of the statement, in order."""
        async with self.tenants.control() as control:
            asked = text("SELECT payload FROM control.job WHERE payload->>'number' = :number ORDER BY created_at, id")
            rows = (await control.execute(asked, {"number": number})).scalars().all()
        return [row if isinstance(row, dict) else json.loads(row) for row in rows]
