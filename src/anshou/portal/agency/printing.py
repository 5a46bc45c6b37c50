"""A ticket on paper, with what the agency said among itself only if that is asked for."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.ticket_views.printing import print_ticket


@get("/tickets/{number:str}/print")
async def printed_ticket(
    number: FromPath[str], request: Asked, visit: NamedDependency[Visit], inside: FromQuery[bool] = False
) -> Response[str]:
    """The ticket and its thread without anything around them."""
    return await print_ticket(request, visit, await ticket_at_desk(visit, number), TICKETS, inside=inside)
