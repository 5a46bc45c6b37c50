"""Signing for the agency."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.portal.agency.places import TICKETS
from anshou.portal.ticket_views.signing import show_signing, submit_signature


@get("/tickets/{number:str}/sign")
async def signing_page(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The text and the form."""
    return await show_signing(request, caller, number, TICKETS)


@post("/tickets/{number:str}/sign", status_code=303)
async def sign(number: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Sign."""
    return await submit_signature(request, caller, number, TICKETS)
