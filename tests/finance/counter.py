"""The counter of the cost tests: people claim and verify one after the other, each in their own context."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import update

from anshou.finance.claiming import Claim, claim_cost, submit_cost
from anshou.finance.evidence import add_evidence
from anshou.finance.rates import PaidRole, RateGiven, set_rate
from anshou.finance.reach import visible_cost
from anshou.finance.verifying import verify_cost
from anshou.merchants.contracts import ContractVersion
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.kinds import Kind
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostItem
from billing.parties import CostCategory
from tests.cast import Anhe, staff
from tests.tickets.desk import STEP, Desk

CLAIM = Claim(
    category=CostCategory.MATERIAL_LICENCE,
    fen=128_000,
    tax_fen=7_245,
    incurred_on=date(2026, 11, 20),
    note="数据恢复软件一年授权",
)

_files = count(1)


def invoice(content: int | None = None, name: str = "软件授权发票.pdf") -> StoredFile:
    """A file in the storage; each has a content of its own unless `content` is given."""
    number = content or next(_files) + 1000
    return StoredFile(
        name=name,
        media_type="application/pdf",
        size=20_480,
        sha256=f"{number:064x}",
        storage_key=f"2026/11/{number:x}",
    )


@dataclass
class Counter:
    """Works on the costs of one ticket."""

    desk: Desk
    ticket_number: str = ""

    @property
    def cast(self) -> Anhe:
        return self.desk.cast

    @property
    def session(self) -> Any:
        return self.desk.session

    async def ticket(self, person: Person) -> Ticket:
        """The ticket as the person sees it; opened by the merchant's owner when first asked for."""
        if not self.ticket_number:
            opened = await self.desk.open(Kind.SERVICE_QUALITY, self.cast.owner)
            self.ticket_number = opened.number
            await self.desk.act_as(self.cast.executive.context())
            # The specialist and the supervisor reach what their department carries.
            carried = update(Ticket).where(Ticket.id == opened.id).values(department=Department.OPERATIONS)
            await self.session.execute(carried)
        return await self.desk.ticket(person)

    async def claim(self, by: Person | None = None, **changes: Any) -> CostItem:
        """A draft."""
        by = by or self.cast.account_manager
        ticket = await self.ticket(by)
        self.desk.now += STEP
        claim = msgspec.structs.replace(CLAIM, **changes)
        return await claim_cost(self.session, ticket, claim, by=by, at=self.desk.now)

    async def submit(self, by: Person | None = None, file: StoredFile | None = None, **changes: Any) -> CostItem:
        """A claim with a file, submitted."""
        by = by or self.cast.account_manager
        drafted = await self.claim(by, **changes)
        item, ticket = await self.held(drafted.number, by)
        await add_evidence(self.session, ticket, item, file or invoice(), by=by, at=self.desk.now)
        await submit_cost(self.session, item, by=by, at=self.desk.now)
        return item

    async def held(self, number: str, person: Person) -> tuple[CostItem, Ticket]:
        """The item and its ticket as the person sees them."""
        await self.desk.act_as(person.context())
        return await visible_cost(self.session, person, number)

    async def item(self, number: str, person: Person) -> CostItem:
        """The item as the person sees it."""
        return (await self.held(number, person))[0]

    async def verify(self, number: str, by: Person | None = None) -> CostItem:
        """Somebody of finance verifies it."""
        by = by or self.cast.finance
        item = await self.item(number, by)
        self.desk.now += STEP
        await verify_cost(self.session, item, by=by, at=self.desk.now)
        return item

    async def second_finance(self) -> Person:
        """Another person of finance."""
        await self.desk.act_as(self.cast.executive.context())
        return await staff(self.session, "沈括", "finance2", Role.FINANCE, at=self.desk.now)

    async def rate(self, fen: int | None, **changes: Any) -> None:
        """What an hour of a specialist costs."""
        given = {"role": PaidRole.SPECIALIST, "valid_from": date(2026, 1, 1), "fen_per_hour": fen} | changes
        await self.desk.act_as(self.cast.finance.context())
        await set_rate(self.session, RateGiven(**given), by=self.cast.finance, at=self.desk.now)

    async def settle_in_dollars(self) -> None:
        """The ticket falls under a contract whose currency is the dollar."""
        ticket = await self.ticket(self.cast.account_manager)
        version = await self.session.get(ContractVersion, ticket.contract_version_id)
        terms = {**version.terms, "currency": "USD"}
        await self.desk.act_as(self.cast.executive.context())
        draft = ContractVersion(
            merchant_id=ticket.merchant_id,
            contract_id=version.contract_id,
            version=9,
            valid_from=date(2027, 1, 1),
            valid_until=None,
            terms=terms,
            drafted_at=self.desk.now,
            drafted_by=None,
            in_force_at=None,
            in_force_by=None,
            ended_on=None,
            ended_at=None,
            ended_by=None,
            end_reason=None,
        )
        self.session.add(draft)
        await self.session.flush()
        moved = update(Ticket).where(Ticket.id == ticket.id).values(contract_version_id=draft.id)
        await self.session.execute(moved)
        self.session.expire_all()
