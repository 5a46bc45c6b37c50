"""Signing the agreement of a ticket for the merchant."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.people.permissions import Permission
from anshou.portal.merchant.places import MY_TICKETS, own_merchant
from anshou.portal.ticket_views.signing import show_signing, submit_signature


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
