"""The ticket before or after one in the queue that led to it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.pages import Notice, go_to, language_of
from anshou.portal.ticket_views.onward import LONGEST, carried, neighbour, queue_address
from tenants.refusals import N_


@get("/tickets/{number:str}/next")
async def next_ticket(
    number: FromPath[str], request: Asked, visit: NamedDependency[Visit], back: FromQuery[bool] = False
) -> Response[str]:
    """On to it; back to the queue where there is none. `back` goes the other way."""
    ticket = await ticket_at_desk(visit, number)
    query = request.query_params.get("from", "")[:LONGEST]
    found = await neighbour(visit, ticket, query, "previous" if back else "next")
    if found is None:
        said = N_("这是队列里的第一个工单。") if back else N_("队列里没有下一个工单了。")
        return go_to(request, queue_address(query, TICKETS), Notice(language_of(request).say(said), ""))
    return go_to(request, f"{TICKETS.root}/{found.number}{carried(query)}")
