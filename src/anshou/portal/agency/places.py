"""Where the agency's desk shows tickets, and loading one for it."""

from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.portal.ticket_views.places import Place
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, NotFound

TICKETS = Place(root="/tickets", queue_label=N_("工单队列"))


class NotThisDesk(NotFound):
    """Raised when a merchant's person asks for a page of the agency's desk; they have one of their own."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个页面。"))


def authorize_at_desk(person: Person, permission: Permission) -> None:
    """Return when the person is of the agency and may. Raises NotThisDesk, PermissionMissing."""
    if person.is_merchant:
        raise NotThisDesk
    authorize(person, permission)


async def ticket_at_desk(visit: Visit, number: str) -> Ticket:
    """The ticket of that number, for the agency. Raises TicketNotFound, also for a merchant, who has another desk."""
    if visit.person.is_merchant:
        raise TicketNotFound(number)
    return await visible_ticket(visit.session, visit.person, number)
