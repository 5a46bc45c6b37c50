"""What lies sealed on a ticket of the agency's desk; see `ticket_views/confidential.py`."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import TICKETS, authorize_at_desk
from anshou.portal.ticket_views import confidential


@get("/tickets/{number:str}/confidential")
async def purpose_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form that asks what for."""
    authorize_at_desk(visit.person, Permission.REVEAL)
    return await confidential.ask_purpose(request, visit, number, TICKETS)


@post("/tickets/{number:str}/confidential", status_code=200)
async def contents_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Everything that was said. Has no transaction of its own: the record commits before anything is opened."""
    authorize_at_desk(caller.person, Permission.REVEAL)
    return await confidential.show_contents(request, caller, number, TICKETS)


@post("/tickets/{number:str}/confidential/files/{attachment_id:uuid}", status_code=200)
async def sealed_file(
    number: FromPath[str], attachment_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]
) -> Stream:
    """One file, opened."""
    authorize_at_desk(caller.person, Permission.REVEAL)
    return await confidential.hand_out_file(request, caller, number, attachment_id)


@get("/tickets/{number:str}/confidential/mark")
async def marking_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What marking means."""
    authorize_at_desk(visit.person, Permission.MARK_CONFIDENTIAL)
    return await confidential.ask_to_mark(request, visit, number, TICKETS)


@post("/tickets/{number:str}/confidential/mark", status_code=303)
async def mark(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Mark it."""
    authorize_at_desk(visit.person, Permission.MARK_CONFIDENTIAL)
    return await confidential.mark(request, visit, number, TICKETS)
