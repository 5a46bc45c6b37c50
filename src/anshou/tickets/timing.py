"""What a move does to the ticket's clocks (domain.md section 3), read from the tables of its process.

While the ticket awaits the merchant the clocks stop; entering and leaving that state is seen from the status, so no
move can forget it. A first response is answered by whatever a person of the agency says to the merchant in words.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from anshou.merchants.contracts import ContractVersion
from anshou.people.person import Person
from anshou.tickets.clocks.clauses import clauses_of
from anshou.tickets.clocks.clock_rows import ChangeCause
from anshou.tickets.clocks.figures import Clause
from anshou.tickets.clocks.running import TicketClocks, TimedTicket, load_clocks, save_clocks
from anshou.tickets.dispatching import EMERGENCY
from anshou.tickets.kinds import Clock, Status, Urgency
from anshou.tickets.made import Made
from anshou.tickets.process import CLOSED
from anshou.tickets.records import Record
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class LimitBasis:
    """What of a ticket its limits depend on, as it was before a move."""

    urgency: Urgency
    department: str | None

    @classmethod
    def of(cls, ticket: Ticket) -> "LimitBasis":
        """As it is now."""
        return cls(ticket.urgency, ticket.department)


async def clocks_of_ticket(session: AsyncSession, ticket: Ticket) -> TicketClocks:
    """The ticket's running clocks, with the limits that its contract sets."""
    return await load_clocks(
        session,
        TimedTicket(
            id=ticket.id,
            merchant_id=ticket.merchant_id,
            urgency=ticket.urgency,
            channel=ticket.channel,
            department=ticket.department,
            clauses=await _clauses(session, ticket),
        ),
    )


async def keep_time(session: AsyncSession, ticket: Ticket, record: Record, made: Made, before: LimitBasis) -> None:
    """Let the clocks follow a move that was just made; `before` is what their limits depended on until then."""
    clocks = await clocks_of_ticket(session, ticket)
    if _awaited(ticket, made, after=False) and not _awaited(ticket, made, after=True):
        clocks.resume(made.at)
    _change_limits(clocks, before, ticket, made)
    _meet(clocks, ticket, record, made)
    if made.after.step == CLOSED:
        if made.before.step != CLOSED:
            clocks.end(made.at)
    else:
        _start(clocks, ticket, made)
        if _awaited(ticket, made, after=True):
            clocks.stop(_reason(ticket, record, made), made.at)
    await save_time(session, ticket, clocks)


async def start_first_clocks(session: AsyncSession, ticket: Ticket) -> None:
    """Set the clocks of the first step running when the ticket is opened."""
    clocks = await clocks_of_ticket(session, ticket)
    clocks.start(ticket.process.first.starts, ticket.opened_at)
    await save_time(session, ticket, clocks)


async def save_time(session: AsyncSession, ticket: Ticket, clocks: TicketClocks) -> None:
    """Keep the clocks, and read the next due time that they leave in the ticket's row."""
    await save_clocks(session, clocks)
    await session.refresh(ticket, ["next_due_at"])


def answers_first(person: Person, *, said: bool) -> bool:
    """Whether this is a first response: said to the merchant in words, by a person of the agency, not by the system."""
    return said and not person.is_merchant and not person.is_system


def _change_limits(clocks: TicketClocks, before: LimitBasis, ticket: Ticket, made: Made) -> None:
    if before.urgency is not ticket.urgency:
        clocks.recompute(ChangeCause.URGENCY, made.at)
        if ticket.urgency is Urgency.URGENT:
            clocks.start(EMERGENCY, made.at)
    elif before.department is not ticket.department:
        clocks.recompute(ChangeCause.DEPARTMENT, made.at)


def _meet(clocks: TicketClocks, ticket: Ticket, record: Record, made: Made) -> None:
    clocks.meet(made.move.meets, made.at)
    if _arrived(made):
        clocks.meet(ticket.process.step(made.after.step).meets, made.at)
    if answers_first(made.by, said=made.move.is_shown(record) and record.speaks()):
        clocks.meet((Clock.FIRST_RESPONSE,), made.at)
    if made.move.restarts is not None:
        clocks.restart(made.move.restarts, made.at)


def _start(clocks: TicketClocks, ticket: Ticket, made: Made) -> None:
    starts = ticket.process.step(made.after.step).starts if _arrived(made) else ()
    clocks.start((*starts, *made.move.starts), made.at)


def _arrived(made: Made) -> bool:
    return (made.before.step, made.before.round) != (made.after.step, made.after.round)


def _awaited(ticket: Ticket, made: Made, *, after: bool) -> bool:
    return ticket.process.status(made.after if after else made.before) is Status.AWAITING_CUSTOMER


def _reason(ticket: Ticket, record: Record, made: Made) -> str:
    """What a hold asks for, or what the step waits for."""
    asked = getattr(record, "reason", None) if made.after.held and not made.before.held else None
    return asked or ticket.process.step(made.after.step).label


async def _clauses(session: AsyncSession, ticket: Ticket) -> tuple[Clause, ...]:
    if ticket.contract_version_id is None:
        return ()
    query = (
        select(ContractVersion)
        .where(ContractVersion.merchant_id == ticket.merchant_id, ContractVersion.id == ticket.contract_version_id)
        .options(joinedload(ContractVersion.contract))
        # It may be known already, without its contract.
        .execution_options(populate_existing=True)
    )
    version = (await session.scalars(query)).one()
    return clauses_of(version.agreed, version.contract.number)
