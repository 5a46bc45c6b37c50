"""What lies sealed on one of the merchant's tickets; see `ticket_views/confidential.py`."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.merchant.places import MY_TICKETS, own_merchant
from anshou.portal.ticket_views import confidential


@get("/my/tickets/{number:str}/confidential")
async def my_purpose_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form that asks what for."""
    own_merchant(visit.person, Permission.REVEAL)
    return await confidential.ask_purpose(request, visit, number, MY_TICKETS)


@post("/my/tickets/{number:str}/confidential", status_code=200)
async def my_contents_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Everything that was said. Has no transaction of its own: the record commits before anything is opened."""
    own_merchant(caller.person, Permission.REVEAL)
    return await confidential.show_contents(request, caller, number, MY_TICKETS)


@post("/my/tickets/{number:str}/confidential/files/{attachment_id:uuid}", status_code=200)
async def my_sealed_file(
    number: FromPath[str], attachment_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]
) -> Stream:
    """One file, opened."""
    own_merchant(caller.person, Permission.REVEAL)
    return await confidential.hand_out_file(request, caller, number, attachment_id)


@get("/my/tickets/{number:str}/confidential/mark")
async def my_marking_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What marking means."""
    own_merchant(visit.person, Permission.MARK_CONFIDENTIAL)
    return await confidential.ask_to_mark(request, visit, number, MY_TICKETS)


@post("/my/tickets/{number:str}/confidential/mark", status_code=303)
async def my_mark(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Mark it."""
    own_merchant(visit.person, Permission.MARK_CONFIDENTIAL)
    return await confidential.mark(request, visit, number, MY_TICKETS)
