"""Files on a ticket: sent as a form, streamed to the storage, handed out as they are."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Meta

from anshou.api import uploads, visits
from anshou.api.answers import Listing, made
from anshou.api.document import PREFIX
from anshou.api.resources.timeline import FileShown, show_file
from anshou.api.routing import ANY, get, post
from anshou.api.uploads import Beside, Upload
from anshou.api.visits import Visiting
from anshou.consumers.discreet import name_outside
from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, authorize
from anshou.tickets import attachments, reach, timeline
from anshou.tickets.kinds import Side
from anshou.tickets.sealed_files import sealing_storage
from tenants import files
from tenants.refusals import N_
from tenants.storage import ObjectStorage


class ForWhom(Beside, frozen=True, kw_only=True):
    """Who may read the file. What a merchant sends both sides read, whatever it says."""

    audience: Annotated[Side, Meta(title=N_("谁能看到"))] = Side.AGENCY


async def may_attach(request: Asked) -> ObjectStorage:
    """Where the file goes: sealed if the ticket is confidential.

    Raises what keeps the caller from sending one to this ticket, before anything of it is read.
    """
    caller, door = visits.caller_by_key(request), visits.door_of(request)
    authorize(caller.person, Permission.SUPPLEMENT)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        ticket = await reach.visible_ticket(session, caller.person, request.path_params["number"])
        if ticket.is_confidential:
            return await sealing_storage(session, door.storage, ticket.merchant_id)
    return door.storage


@get("/tickets/{number:str}/attachments", summary=N_("列出附件"), operation_id="listAttachments")
async def list_attachments(number: FromPath[str], visit: Visiting) -> Listing[FileShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return Listing(items=[show_file(file) for file in await attachments.attachments_of(visit.session, ticket)])


@post(
    "/tickets/{number:str}/attachments",
    summary=N_("上传附件"),
    operation_id="attachFile",
    dependencies=uploads.taking(may_attach, ForWhom),
    opt={"upload": ForWhom, "answers_with": {"Location": N_("附件的位置")}},
)
async def attach_file(number: FromPath[str], uploaded: NamedDependency[Upload], visit: Visiting) -> Response[FileShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    stored = timeline.StoredFile(
        name=uploaded.file.name,
        media_type=uploaded.file.content_type,
        size=uploaded.file.size,
        sha256=uploaded.file.sha256,
        storage_key=uploaded.file.key,
    )
    file = await timeline.attach_file(
        visit.session, ticket, stored, audience=uploaded.beside.audience, by=visit.person, at=visit.at
    )
    return made(show_file(file), f"{PREFIX}/tickets/{number}/attachments/{file.id}")


@get(
    "/tickets/{number:str}/attachments/{attachment_id:uuid}",
    summary=N_("下载附件"),
    operation_id="downloadAttachment",
    # Files of a confidential ticket are handed out through a reveal only.
    opt={"downloads": tuple(files.ACCEPTED), "refuses": (*ANY, 409)},
)
async def download_attachment(number: FromPath[str], attachment_id: FromPath[UUID], visit: Visiting) -> Stream:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    file = await attachments.downloadable_attachment(visit.session, ticket, attachment_id)
    name = await name_outside(visit.session, ticket, file)
    stored = files.StoredFile(
        key=file.storage_key, name=name, content_type=file.media_type, size=file.size, sha256=file.sha256
    )
    return await send_file(visit.door.storage, stored)


router = Router("/", tags=[N_("附件")], route_handlers=[list_attachments, attach_file, download_attachment])
