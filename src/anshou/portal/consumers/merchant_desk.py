"""Consumer records at the merchant's desk."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.consumers import record_pages, search
from anshou.portal.consumers.desks import MERCHANT


@get("/my/tickets/{number:str}/consumers/new")
async def my_new_record_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form of another record."""
    return await record_pages.new_record_page(request, visit, MERCHANT, number)


@post("/my/tickets/{number:str}/consumers/new", status_code=303)
async def my_submit_record(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Record it."""
    return await record_pages.submit_record(request, visit, MERCHANT, number)


@get("/my/tickets/{number:str}/consumers/{record_id:uuid}")
async def my_record_page(
    number: FromPath[str], record_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """One record."""
    return await record_pages.record_page(request, visit, MERCHANT, number, record_id)


@get("/my/tickets/{number:str}/consumers/{record_id:uuid}/correct")
async def my_correction_page(
    number: FromPath[str], record_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form to put it right."""
    return await record_pages.correction_page(request, visit, MERCHANT, number, record_id)


@post("/my/tickets/{number:str}/consumers/{record_id:uuid}/correct", status_code=303)
async def my_submit_correction(
    number: FromPath[str], record_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Put it right."""
    return await record_pages.submit_correction(request, visit, MERCHANT, number, record_id)


@post("/my/tickets/{number:str}/consumers/{record_id:uuid}/remove", status_code=303)
async def my_submit_removal(
    number: FromPath[str], record_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take it off the ticket."""
    return await record_pages.submit_removal(request, visit, MERCHANT, number, record_id)


@get("/my/consumers")
async def my_search_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What to look for."""
    return await search.search_page(request, visit, MERCHANT)


@post("/my/consumers", status_code=200)
async def my_search_consumers(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was found. The terms come in the body, so that no address holds a phone number."""
    return await search.show_found(request, visit, MERCHANT)
