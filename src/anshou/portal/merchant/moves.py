"""What the merchant's people do with a ticket: the form of one move at its own address, drafts, signing."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.merchant.places import MY_TICKETS, my_ticket, own_merchant
from anshou.portal.ticket_views.drafting import give_up_draft, keep_draft
from anshou.portal.ticket_views.move_forms import show_move, submit_move
from anshou.portal.ticket_views.signing import show_signing, submit_signature


@get("/my/tickets/{number:str}/moves/{name:str}")
async def my_move_page(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What is to be stated."""
    return await show_move(request, visit, await my_ticket(visit, number), name, MY_TICKETS)


@post("/my/tickets/{number:str}/moves/{name:str}", status_code=303)
async def make_my_move(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Make it, or show the form again with everything typed."""
    return await submit_move(request, visit, await my_ticket(visit, number), name, MY_TICKETS)


@post("/my/tickets/{number:str}/drafts/{name:str}", status_code=303)
async def keep_my_draft(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep what was typed."""
    return await keep_draft(request, visit, await my_ticket(visit, number), name, MY_TICKETS)


@post("/my/tickets/{number:str}/drafts/{name:str}/discard", status_code=303)
async def give_up_my_draft(
    number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep it no more."""
    return await give_up_draft(request, visit, await my_ticket(visit, number), name, MY_TICKETS)


@get("/my/tickets/{number:str}/sign")
async def my_signing_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The agreement's text and hash, and the form to sign in again."""
    own_merchant(caller.person, Permission.SIGN_FOR_MERCHANT)
    return await show_signing(request, caller, number, MY_TICKETS)


@post("/my/tickets/{number:str}/sign", status_code=303)
async def sign_as_merchant(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Sign."""
    own_merchant(caller.person, Permission.SIGN_FOR_MERCHANT)
    return await submit_signature(request, caller, number, MY_TICKETS)
