"""The ticket's consumer records beside its thread, masked."""

from typing import Any

from anshou.consumers.records import records_of
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.consumers.desks import Desk
from anshou.portal.consumers.masked import masked_records
from anshou.tickets.tickets import Ticket


async def consumers_panel(visit: Visit, ticket: Ticket, desk: Desk) -> dict[str, Any]:
    """What `consumers/_panel.html` needs."""
    records = await records_of(visit.session, ticket)
    return {
        "consumers": await masked_records(visit, ticket, records),
        "address_of_records": desk.records(ticket),
        "may_record": allows(visit.person, Permission.RECORD_CONSUMER),
    }
