"""The ticket's consumer records beside its thread, masked."""

from typing import Any

from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.consumers.desks import Desk
from anshou.privacy.consumers_shown import show_of_ticket
from anshou.tickets.tickets import Ticket


async def consumers_panel(visit: Visit, ticket: Ticket, desk: Desk) -> dict[str, Any]:
    """What `consumers/_panel.html` needs."""
    return {
        "consumers": await show_of_ticket(visit.session, ticket, by=visit.person, at=visit.at),
        "address_of_records": desk.records(ticket),
        "may_record": allows(visit.person, Permission.RECORD_CONSUMER),
    }
