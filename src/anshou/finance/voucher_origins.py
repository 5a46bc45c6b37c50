"""Where vouchers come from: what made each, and the cost, ticket, statement or match that it leads back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem
from billing.ledger.openings import SOURCE as OPENING
from billing.ledger.periods import month_of
from billing.ledger.vouchers import Entry, Voucher
from billing.reconciliation.batches import ExternalLineRow
from billing.reconciliation.claims import MatchedLine
from billing.sources import ALLOCATION, CLAIM_RECEIVED, CLAIM_REST, COST, MATCH_PAYMENT, PAYMENT, WRITE_OFF
from billing.statements.rows import Statement, StatementLine
from tenants.labels import Labelled
from tenants.refusals import N_


class Origin(Labelled):
    """What made a voucher. The values are words of code that stand in the books for good."""

    BY_HAND = "by_hand", N_("手工凭证")
    COST = COST, N_("费用核实")
    ALLOCATION = ALLOCATION, N_("费用归属")
    CLAIM_RECEIVED = CLAIM_RECEIVED, N_("索赔到账")
    CLAIM_REST = CLAIM_REST, N_("索赔不成部分")
    PAYMENT = PAYMENT, N_("商家付款")
    DISPUTE = "statement_dispute", N_("对账异议")
    MATCH_PAYMENT = MATCH_PAYMENT, N_("费用付款")
    WRITE_OFF = WRITE_OFF, N_("差额核销")
    OPENING = OPENING, N_("期初余额")


# What is paid or written off belongs to a match, whose desk has a source, an account and a month.
Desk = tuple[str, str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What a voucher's entries lead back to: numbers of costs and tickets by id, and what made it where one did."""

    costs: Mapping[UUID, str] = field(default_factory=dict)
    tickets: Mapping[UUID, str] = field(default_factory=dict)
    statement: tuple[str, int] | None = None
    match: Desk | None = None


def origin_of(voucher: Voucher) -> Origin | None:
    """What made the voucher; None for a word that this version does not know."""
    return next((one for one in Origin if one.value == voucher.source), None)


def stands_alone(voucher: Voucher) -> bool:
    """Whether nothing else stands on the voucher, so that taking it back by hand leaves all agreeing.

    What a cost, an allocation, a claim, a dispute or a match posted names its row, and is put right there: otherwise
    the row would say what the books do not.
    """
    return voucher.source_id is None


async def behind(session: AsyncSession, voucher: Voucher, entries: Sequence[Entry]) -> Behind:
    """Where the voucher's links lead; whoever asks may read the books."""
    return Behind(
        costs=await _numbers(session, CostItem, {entry.cost_item_id for entry in entries}),
        tickets=await _numbers(session, Ticket, {entry.ticket_id for entry in entries}),
        statement=await _statement_line(session, voucher),
        match=await _match(session, voucher),
    )


async def ticket_numbers(session: AsyncSession, tickets: set[UUID | None]) -> Mapping[UUID, str]:
    """The numbers of tickets of any merchant."""
    return await _numbers(session, Ticket, tickets)


async def find_ticket_id(session: AsyncSession, number: str) -> UUID | None:
    """The ticket of this number, of any merchant."""
    return (await session.scalars(select(Ticket.id).where(Ticket.number == number))).one_or_none()


async def _numbers(
    session: AsyncSession, numbered: type[CostItem] | type[Ticket], ids: set[UUID | None]
) -> dict[UUID, str]:
    asked = select(numbered.id, numbered.number).where(numbered.id.in_(ids - {None}))
    return {row.id: row.number for row in await session.execute(asked)}


async def _statement_line(session: AsyncSession, voucher: Voucher) -> tuple[str, int] | None:
    if voucher.source != Origin.DISPUTE:
        return None
    asked = (
        select(Statement.number, StatementLine.place)
        .join(
            StatementLine,
            (StatementLine.merchant_id == Statement.merchant_id) & (StatementLine.statement_id == Statement.id),
        )
        .where(StatementLine.id == voucher.source_id)
    )
    found = (await session.execute(asked)).one_or_none()
    return (found.number, found.place) if found else None


async def _match(session: AsyncSession, voucher: Voucher) -> Desk | None:
    if voucher.source not in (Origin.MATCH_PAYMENT, Origin.WRITE_OFF):
        return None
    asked = (
        select(ExternalLineRow.source, ExternalLineRow.account, ExternalLineRow.booked_on)
        .join(MatchedLine, MatchedLine.line_id == ExternalLineRow.id)
        .where(MatchedLine.match_id == voucher.source_id)
        .limit(1)
    )
    found = (await session.execute(asked)).one_or_none()
    return (found.source, found.account, month_of(found.booked_on)) if found else None
