"""What the merchant says on a ticket, with files; and handing a file out."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.consumers.discreet import name_outside
from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.forms import slips
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.merchant.places import MY_TICKETS, acting_for, my_ticket
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.ticket_views.drafting import basis_of, drafts_address
from anshou.portal.ticket_views.unsent import NOT_KEPT, NOT_SENT, unsent_page
from anshou.portal.uploads import received_files
from anshou.tickets.attachments import downloadable_attachment
from anshou.tickets.drafts import ENTRY, discard_draft
from anshou.tickets.kinds import Side
from anshou.tickets.repeats import was_just_said
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile as SentFile
from anshou.tickets.timeline import post_message
from tenants.files import StoredFile
from tenants.refusals import N_, Refusal


@post("/my/tickets/{number:str}/messages", status_code=303)
async def write_message(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Say it, and return to the end of the conversation; or show it again with what is wrong."""
    ticket = await my_ticket(visit, number)
    body = str((await request.form()).get("body", "")).replace("\r\n", "\n")
    was_asked = ticket.on_hold
    choice = await slips.decided(request)
    told = "" if choice else slips.hint([body], language_of(request))
    try:
        files = await received_files(request, visit, ticket=ticket)
        if told:
            return await _ask_first(request, visit, ticket, told, body, files)
        async with visit.session.begin_nested():
            body = slips.as_decided(body, choice)
            await _post(visit, ticket, body, files)
            await discard_draft(visit.session, ticket, ENTRY, by=visit.person, basis=basis_of(await typed_by(request)))
    except Refusal as refusal:
        await visit.session.refresh(ticket)
        return await show_unsent(request, visit, ticket, await typed_by(request), refusal, heading=NOT_SENT)
    said = N_("答复已收到，我们继续处理。") if was_asked else N_("已发送。")
    return go_to(request, f"{MY_TICKETS.of(ticket)}#last", Notice(language_of(request).say(said)))


async def _post(visit: Visit, ticket: Ticket, body: str, files: list[SentFile]) -> None:
    """Post it, but for a repeat: its form has come a second time, and what it says is said."""
    session, person, at = visit.session, visit.person, visit.at
    if not await was_just_said(session, ticket, body, to=Side.MERCHANT, by=person, at=at, files=files):
        await post_message(session, ticket, body, by=person, at=at, files=files)


async def show_unsent(
    request: Asked, visit: Visit, ticket: Ticket, typed: Typed, wrong: Refusal, *, heading: str = NOT_KEPT
) -> Response[str]:
    """What was written, under what has not been done with it and why."""
    return await unsent_page(
        request,
        visit,
        ticket,
        typed,
        wrong,
        place=MY_TICKETS,
        template="merchant/unsent.html",
        heading=heading,
        **await acting_for(visit, ticket.merchant_id),
    )


async def _ask_first(
    request: Asked, visit: Visit, ticket: Ticket, told: str, body: str, files: list[SentFile]
) -> Response[str]:
    return page(
        request,
        "merchant/before_sending.html",
        ticket=ticket,
        told=told,
        held_as=drafts_address(ticket, MY_TICKETS),
        unkept=True,
        body=body,
        kept=shown_kept(request, visit, files),
        may_record=allows(visit.person, Permission.RECORD_CONSUMER),
        address_of_ticket=MY_TICKETS.of(ticket),
        **await acting_for(visit, ticket.merchant_id),
    )


@get("/my/tickets/{number:str}/attachments/{attachment_id:uuid}")
async def my_attachment(
    number: FromPath[str], attachment_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file of the ticket: shown if it is a picture and `show` is asked for, else handed over."""
    ticket = await my_ticket(visit, number)
    kept: Any = await downloadable_attachment(visit.session, ticket, attachment_id)
    name = await name_outside(visit.session, ticket, kept)
    file = StoredFile(kept.storage_key, name, kept.media_type, kept.size, kept.sha256)
    return await send_file(portal_of(request).storage, file, inline="show" in request.query_params)
