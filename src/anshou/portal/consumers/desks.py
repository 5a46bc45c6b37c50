"""The two desks at which consumer records are kept: where their pages are, and how each loads a ticket."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import TICKETS, authorize_at_desk, ticket_at_desk
from anshou.portal.merchant.places import MY_TICKETS, acting_for, my_ticket, own_merchant
from anshou.portal.ticket_views.places import Place
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk. `frame` is the template that its pages stand in."""

    tickets: Place
    search: str
    frame: str
    ticket: Callable[[Visit, str], Awaitable[Ticket]]

    def records(self, ticket: Ticket) -> str:
        """Where the ticket's consumer records are."""
        return f"{self.tickets.of(ticket)}/consumers"

    async def around(self, visit: Visit, merchant_id: UUID | None) -> dict[str, Any]:
        """What the desk's frame needs on every page."""
        held: dict[str, Any] = {"frame": self.frame, "desk_search": self.search}
        if visit.person.merchant_id is not None:
            held |= await acting_for(visit, visit.person.merchant_id)
        return held


AGENCY = Desk(TICKETS, "/consumers", "layout.html", ticket_at_desk)
MERCHANT = Desk(MY_TICKETS, "/my/consumers", "merchant/frame.html", my_ticket)


def authorize_search(desk: Desk, visit: Visit) -> None:
    """Return when the person may search at this desk. Raises NotThisDesk, NotAMerchant, PermissionMissing."""
    if desk is MERCHANT:
        own_merchant(visit.person, Permission.SEARCH_CONSUMERS)
    else:
        authorize_at_desk(visit.person, Permission.SEARCH_CONSUMERS)
