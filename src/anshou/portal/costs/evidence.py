"""The files that prove a cost: put to it, taken off, handed out."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.downloads import send_file
from anshou.finance.evidence import add_evidence, open_evidence, remove_evidence, use_attachment, visible_evidence
from anshou.finance.reach import visible_cost
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.item import show_cost_page
from anshou.portal.costs.places import address_of
from anshou.portal.pages import go_to, portal_of
from anshou.portal.query_values import identifier
from anshou.portal.uploads import received_files
from tenants.files import StoredFile
from tenants.refusals import Refusal


@post("/costs/{number:str}/evidence", status_code=303)
async def add(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put the chosen files to it: uploaded ones, and those of the ticket that were ticked."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    item, ticket = await visible_cost(visit.session, visit.person, number)
    ticked = [identifier(str(one)) for one in (await request.form()).getall("attachments", [])]
    try:
        files = await received_files(request, visit, sealed_for=ticket.merchant_id)
        async with visit.session.begin_nested():
            for file in files:
                await add_evidence(visit.session, ticket, item, file, by=visit.person, at=visit.at)
            for attachment_id in filter(None, ticked):
                storage = portal_of(request).storage
                await use_attachment(visit.session, storage, ticket, item, attachment_id, by=visit.person, at=visit.at)
    except Refusal as refusal:
        visit.session.expire(item)
        return await show_cost_page(request, visit, number, refusal)
    return go_to(request, f"{address_of(number)}#evidence")


@post("/costs/{number:str}/evidence/{evidence_id:uuid}/remove", status_code=303)
async def remove(
    number: FromPath[str], evidence_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Take a file off."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    await remove_evidence(visit.session, item, evidence_id, by=visit.person, at=visit.at)
    return go_to(request, f"{address_of(number)}#evidence")


@get("/costs/{number:str}/evidence/{evidence_id:uuid}")
async def hand_out(
    number: FromPath[str], evidence_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file: shown if it is a picture and `show` is asked for, else handed over. It is recorded."""
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    item, ticket = await visible_cost(visit.session, visit.person, number)
    evidence = await visible_evidence(visit.session, item, evidence_id)
    storage = await open_evidence(
        visit.session, portal_of(request).storage, ticket, item, evidence, by=visit.person, at=visit.at
    )
    file = StoredFile(evidence.storage_key, evidence.name, evidence.media_type, evidence.size, evidence.sha256)
    return await send_file(storage, file, inline="show" in request.query_params)
