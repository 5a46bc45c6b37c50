"""Showing consumer records: what is masked is recorded as a list that somebody went through, at every door."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.reading import ShownRecord, show, show_records
from anshou.consumers.records import ConsumerRecord, records_of
from anshou.consumers.searching import PAGE, HitPage, Sought, search_consumers
from anshou.people.person import Person
from anshou.privacy.masked_lists import record_masked_list
from anshou.tickets.tickets import Ticket
from tenants.registry import Tenant, TenantState

TABLE = ConsumerRecord.__tablename__


async def show_of_ticket(session: AsyncSession, ticket: Ticket, *, by: Person, at: datetime) -> list[ShownRecord]:
    """The ticket's current records masked. The caller has loaded the ticket by permission."""
    return await show_masked(session, ticket, await records_of(session, ticket), by=by, at=at)


async def show_masked(
    session: AsyncSession, ticket: Ticket, records: Sequence[ConsumerRecord], *, by: Person, at: datetime
) -> list[ShownRecord]:
    """These records of the ticket masked, with one leaf for all of them.

    A suspended agency writes nothing, so its people are shown nothing of them: what cannot be recorded stays closed.
    """
    tenant: Tenant = session.info["tenant"]
    if tenant.state is TenantState.SUSPENDED:
        return [show(None, record, opens=False) for record in records]
    shown = await show_records(session, records, merchant_id=ticket.merchant_id, to=by)
    rows = [record.id for record in shown if record.is_readable]
    await record_masked_list(session, TABLE, rows, merchant_id=ticket.merchant_id, ticket_id=ticket.id, by=by, at=at)
    return shown


async def find_consumers(
    session: AsyncSession,
    sought: Sought,
    *,
    merchants: Sequence[UUID],
    by: Person,
    at: datetime,
    after: tuple[UUID, UUID] | None = None,
    limit: int = PAGE,
) -> HitPage:
    """A page of what was found, with one leaf for each merchant whose records are on it. Raises as the search does."""
    found = await search_consumers(session, sought, merchants=merchants, by=by, at=at, after=after, limit=limit)
    for merchant_id in dict.fromkeys(hit.record.merchant_id for hit in found.hits):
        rows = [hit.record.id for hit in found.hits if hit.record.merchant_id == merchant_id]
        await record_masked_list(session, TABLE, rows, merchant_id=merchant_id, found=True, by=by, at=at)
    return found
