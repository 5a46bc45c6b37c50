"""What is said on a ticket: messages to the merchant, progress, internal notes, files; and handing a file out."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from anshou.consumers.discreet import name_outside
from anshou.downloads import send_file
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.cards import Colleague
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.forms import slips
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.kept_files import shown_kept
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.ticket_views.drafting import basis_of, drafts_address
from anshou.portal.ticket_views.onward import FROM, THEN, way_on
from anshou.portal.ticket_views.unsent import NOT_KEPT, NOT_SENT, unsent_page
from anshou.portal.uploads import received_files
from anshou.tickets.attachments import downloadable_attachment
from anshou.tickets.drafts import ENTRY, discard_draft
from anshou.tickets.kinds import Side
from anshou.tickets.mentions import mentions_in, plain_names
from anshou.tickets.moving import make_move
from anshou.tickets.placeholders import require_filled
from anshou.tickets.repeats import was_just_said, was_just_stated
from anshou.tickets.telling import Progress
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile as SentFile
from anshou.tickets.timeline import add_note, attach_file, post_message
from tenants.files import StoredFile
from tenants.labels import Labelled
from tenants.refusals import N_, Refusal
from tenants.shapes import accept


class Readers(Labelled):
    """Whom the composer writes to."""

    MESSAGE = "message", N_("回复商家")
    PROGRESS = "progress", N_("向商家反馈进展")
    NOTE = "note", N_("内部备注")


class Choice(msgspec.Struct, frozen=True):
    """What the composer must be told. It has no default: a guess would show the merchant what was not meant for it."""

    audience: Annotated[Readers, msgspec.Meta(title=N_("写给谁看"))]


@post("/tickets/{number:str}/entries", status_code=303)
async def write_entry(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Say it to whom the composer says, and return to the end of the thread; ask first about numbers of people."""
    ticket = await ticket_at_desk(visit, number)
    form = await request.form()
    body, audience = str(form.get("body", "")).replace("\r\n", "\n"), str(form.get("audience", ""))
    choice = await slips.decided(request)
    told = "" if choice else slips.hint([body], language_of(request))
    way = await way_on(request, visit, ticket, TICKETS, "")
    query = form.get(FROM)
    try:
        readers = accept(Choice, {"audience": audience} if audience else {}).audience
        files = await received_files(request, visit, ticket=ticket)
        if told:
            return _ask_first(request, visit, ticket, told, body, audience, files, came_from=query, then=form.get(THEN))
        require_filled(body)
        async with visit.session.begin_nested():
            await _write(visit, ticket, slips.as_decided(body, choice), readers, files)
            await discard_draft(visit.session, ticket, ENTRY, by=visit.person, basis=basis_of(await typed_by(request)))
    except Refusal as refusal:
        await visit.session.refresh(ticket)
        return await show_unsent(request, visit, ticket, await typed_by(request), refusal, heading=NOT_SENT)
    notice = await _told_of_mentions(request, visit, ticket, body, readers) or way.notice
    return go_to(request, f"{way.address}#last", notice)


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
        place=TICKETS,
        template="tickets/unsent.html",
        heading=heading,
        audience=typed.one("audience"),
        came_from=typed.one(FROM) if FROM in typed.values else None,
        queue=TICKETS.root,
    )


async def _told_of_mentions(request: Asked, visit: Visit, ticket: Ticket, body: str, readers: Readers) -> Notice | None:
    """Who was told of a note, and who could not be: its author may have counted on it."""
    mentions = await mentions_in(visit.session, ticket, body, by=visit.person) if readers is Readers.NOTE else None
    if mentions is None or not (mentions.told or mentions.unable):
        return None
    language = language_of(request)
    said = []
    if mentions.told:
        said.append(language.say(N_("已通知 %(names)s。"), names=_names(mentions.told, language)))
    if mentions.unable:
        names = _names(mentions.unable, language)
        said.append(language.say(N_("%(names)s 无权查看这个工单，没有通知。"), names=names))
    return Notice(" ".join(said), "warn" if mentions.unable else "good")


def _names(people: Iterable[Colleague], language: Language) -> str:
    return language.say(N_("、")).join(one.name for one in people)


def _ask_first(
    request: Asked,
    visit: Visit,
    ticket: Ticket,
    told: str,
    body: str,
    audience: str,
    files: list[SentFile],
    **values: Any,
) -> Response[str]:
    return page(
        request,
        "tickets/before_sending.html",
        ticket=ticket,
        told=told,
        held_as=drafts_address(ticket, TICKETS),
        unkept=True,
        body=body,
        audience=audience,
        kept=shown_kept(request, visit, files),
        may_record=allows(visit.person, Permission.RECORD_CONSUMER),
        address_of_ticket=TICKETS.of(ticket),
        queue=TICKETS.root,
        **values,
    )


async def _write(visit: Visit, ticket: Ticket, body: str, readers: Readers, files: list[SentFile]) -> None:
    """Write it, but for a repeat: its form has come a second time, and what it says is said."""
    session, person, at = visit.session, visit.person, visit.at
    match readers:
        case Readers.NOTE:
            if not await was_just_said(session, ticket, body, to=Side.AGENCY, by=person, at=at, files=files):
                await add_note(session, ticket, body, by=person, at=at, files=files)
        case Readers.PROGRESS:
            await _report_progress(visit, ticket, Progress(message=await plain_names(session, body)), files)
        case Readers.MESSAGE:
            body = await plain_names(session, body)
            if not await was_just_said(session, ticket, body, to=Side.MERCHANT, by=person, at=at, files=files):
                await post_message(session, ticket, body, by=person, at=at, files=files)


async def _report_progress(visit: Visit, ticket: Ticket, record: Progress, files: list[SentFile]) -> None:
    """Progress is told in words; what comes with it follows as files that the merchant can open."""
    session, person, at, move = visit.session, visit.person, visit.at, ticket.process.move("report_progress")
    if await was_just_stated(session, ticket, move, record, by=person, at=at, files=files):
        return
    await make_move(session, ticket, move.name, record, by=person, at=at, seen=ticket.version)
    for file in files:
        await attach_file(session, ticket, file, audience=Side.MERCHANT, by=person, at=at)


@get("/tickets/{number:str}/attachments/{attachment_id:uuid}")
async def attachment(
    number: FromPath[str], attachment_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Stream:
    """A file of the ticket: shown if it is a picture and `show` is asked for, else handed over."""
    ticket = await ticket_at_desk(visit, number)
    kept: Any = await downloadable_attachment(visit.session, ticket, attachment_id)
    name = await name_outside(visit.session, ticket, kept)
    file = StoredFile(kept.storage_key, name, kept.media_type, kept.size, kept.sha256)
    return await send_file(portal_of(request).storage, file, inline="show" in request.query_params)
