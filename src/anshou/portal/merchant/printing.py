"""The merchant's ticket on paper."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.merchant.places import MY_TICKETS, acting_for, my_ticket
from anshou.portal.ticket_views.printing import print_ticket


@get("/my/tickets/{number:str}/print")
async def my_printed_ticket(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The ticket and its conversation without anything around them."""
    ticket = await my_ticket(visit, number)
    frame = await acting_for(visit, ticket.merchant_id)
    return await print_ticket(request, visit, ticket, MY_TICKETS, inside=False, **frame)
