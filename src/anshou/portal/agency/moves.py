"""The form of one move, at its own address; and what is typed into forms before it is sent."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.ticket_views.drafting import give_up_draft, keep_draft
from anshou.portal.ticket_views.move_forms import show_move, submit_move


@get("/tickets/{number:str}/moves/{name:str}")
async def move_page(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What must be recorded."""
    return await show_move(request, visit, await ticket_at_desk(visit, number), name, TICKETS)


@post("/tickets/{number:str}/moves/{name:str}", status_code=303)
async def make_move_page(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Make it."""
    return await submit_move(request, visit, await ticket_at_desk(visit, number), name, TICKETS)


@post("/tickets/{number:str}/drafts/{name:str}", status_code=303)
async def keep_draft_page(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep what was typed."""
    return await keep_draft(request, visit, await ticket_at_desk(visit, number), name, TICKETS)


@post("/tickets/{number:str}/drafts/{name:str}/discard", status_code=303)
async def give_up_draft_page(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep it no more."""
    return await give_up_draft(request, visit, await ticket_at_desk(visit, number), name, TICKETS)
