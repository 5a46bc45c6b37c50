"""Where the merchant's desk shows tickets, and loading one for it."""

from typing import Any
from uuid import UUID

from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.portal.ticket_views.places import Place
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, NotFound

MY_TICKETS = Place(root="/my/tickets", queue_label=N_("我的工单"))


class NotAMerchant(NotFound):
    """Raised when somebody of the agency asks for a page of the merchant's desk; they have one of their own."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个页面。"))


def own_merchant(person: Person, permission: Permission) -> UUID:
    """The merchant that the person acts for, when they may. Raises NotAMerchant, PermissionMissing."""
    if person.merchant_id is None:
        raise NotAMerchant
    authorize(person, permission)
    return person.merchant_id


async def my_ticket(visit: Visit, number: str) -> Ticket:
    """The merchant's ticket of that number. Raises TicketNotFound, also for the agency, which has another desk."""
    if not visit.person.is_merchant:
        raise TicketNotFound(number)
    return await visible_ticket(visit.session, visit.person, number)


async def acting_for(visit: Visit, merchant_id: UUID) -> dict[str, Any]:
    """What every page of the desk says in its frame: for whom the person acts."""
    return {"own_merchant": await visible_merchant(visit.session, merchant_id)}
