"""Making a move for whoever asks, and what is answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response
from msgspec import Meta, Struct

from anshou.api.answers import versioned
from anshou.api.resources import tickets
from anshou.api.visits import ApiVisit
from anshou.people.proving import Proof
from anshou.tickets import moving
from anshou.tickets.records import Record
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_


class Moved(Struct, frozen=True, kw_only=True):
    """What came of a move: the ticket as it stands after it, and the entry on its timeline."""

    ticket: Annotated[tickets.TicketShown, Meta(title=N_("工单"))]
    entry: Annotated[UUID, Meta(title=N_("时间线上的记录"))]
    at: Annotated[datetime, Meta(title=N_("时间"))]


async def make_move(
    visit: ApiVisit, ticket: Ticket, name: str, record: Record, seen: int, proof: Proof | None = None
) -> Response[Moved]:
    """Make the move. Raises what `moving.make_move` raises."""
    entry = await moving.make_move(
        visit.session, ticket, name, record, by=visit.person, at=visit.at, seen=seen, proof=proof
    )
    shown = Moved(ticket=await tickets.show(visit, ticket), entry=entry.id, at=entry.at)
    return versioned(shown, ticket.version)
