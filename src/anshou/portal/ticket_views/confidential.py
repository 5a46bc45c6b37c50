"""What lies sealed on a confidential ticket: asking for the purpose, showing it all, handing a file out, and marking.

The contents are in the answer to a POST and nowhere else. Opening them is one reveal of the ticket's own content, whose
record commits first; each file is one more.
"""

import json
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.response import Stream
from msgspec import Meta, Struct

from anshou.downloads import send_file
from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import acting_for
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.ticket_views.choices import purpose_choices
from anshou.portal.ticket_views.places import Place
from anshou.portal.ticket_views.surroundings import read_surroundings
from anshou.portal.ticket_views.thread import read_thread
from anshou.privacy.revealing import Revealed, Wanted, reveal
from anshou.tickets.agreements import Document
from anshou.tickets.attachments import visible_attachment
from anshou.tickets.marking import mark_confidential
from anshou.tickets.reach import visible_ticket
from anshou.tickets.sealed_contents import Content, SealedContent, contents_of
from anshou.tickets.sealed_files import sealing_storage
from tenants.files import StoredFile
from tenants.refusals import N_, Refusal

# A whole ticket takes longer to read than a telephone number.
SHOWN_FOR = timedelta(minutes=10)


class Purpose(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says before they read it."""

    purpose: Annotated[str, Meta(min_length=1, max_length=40, title=N_("查看目的"))]


async def ask_purpose(
    request: Asked, visit: Visit, number: str, place: Place, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    """The form before anything is shown."""
    authorize(visit.person, Permission.REVEAL)
    ticket = await visible_ticket(visit.session, visit.person, number)
    language = language_of(request)
    form = FormPage(
        heading=language.say(N_("查看保密内容")),
        action=f"{place.of(ticket)}/confidential",
        back=place.of(ticket),
        button=language.say(N_("查看")),
        trail=((language.say(place.queue_label), place.root), (ticket.number, place.of(ticket))),
        intro=language.say(N_("您的姓名、时间和查看目的会被记录，商家可以看到这次查看。内容显示 10 分钟。")),
    )
    purposes = await purpose_choices(visit.session, language)
    frame = await acting_for(visit, ticket.merchant_id) if visit.person.is_merchant else {}
    return show_form(
        request, form, Purpose, typed, wrong=wrong, choices=Choices(by_name={"purpose": purposes}), **frame
    )


async def show_contents(request: Asked, caller: Caller, number: str, place: Place) -> Response[str]:
    """Record it, commit, and show everything that is sealed on the ticket and the person may read."""
    async with gate_of(request).enter(caller) as visit:
        row = (await visible_ticket(visit.session, visit.person, number)).id
    typed = await typed_by(request)
    reading = read(Purpose, typed)
    refusal: Refusal | None = reading.refusal
    if reading.value is not None:
        try:
            revealed = await _reveal(request, caller, number, row, reading.value.purpose)
        except Refusal as refused:
            refusal = refused
        else:
            async with gate_of(request).enter(caller) as visit:
                return await _opened(request, visit, number, place, revealed, reading.value.purpose)
    async with gate_of(request).enter(caller) as visit:
        return await ask_purpose(request, visit, number, place, typed, refusal)


async def hand_out_file(request: Asked, caller: Caller, number: str, attachment_id: UUID) -> Stream:
    """Record it, commit, and stream the file opened. Raises what revealing raises."""
    async with gate_of(request).enter(caller) as visit:
        # Before anything else is said about the request: whose ticket it is.
        ticket = await visible_ticket(visit.session, visit.person, number)
        kept: Any = await visible_attachment(visit.session, ticket, attachment_id)
    typed = await typed_by(request)
    reading = read(Purpose, typed)
    if reading.value is None:
        raise reading.refusal or RuntimeError("a reading without value has its refusal")
    revealed = await _reveal(request, caller, number, attachment_id, reading.value.purpose)
    name = json.loads(revealed.text)["name"]
    async with gate_of(request).enter(caller) as visit:
        beneath = portal_of(request).storage
        storage = await sealing_storage(visit.session, beneath, ticket.merchant_id, kept.storage_key)
    file = StoredFile(kept.storage_key, name, kept.media_type, kept.size, kept.sha256)
    return await send_file(storage, file)


async def mark(request: Asked, visit: Visit, number: str, place: Place) -> Response[str]:
    """Mark the ticket confidential, and return to it."""
    ticket = await visible_ticket(visit.session, visit.person, number)
    await mark_confidential(visit.session, ticket, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已标为保密工单，之前的内容正在加密。"))
    return go_to(request, place.of(ticket), Notice(said))


async def ask_to_mark(request: Asked, visit: Visit, number: str, place: Place) -> Response[str]:
    """What marking means, before it is done: there is no way back."""
    authorize(visit.person, Permission.MARK_CONFIDENTIAL)
    ticket = await visible_ticket(visit.session, visit.person, number)
    language = language_of(request)
    form = FormPage(
        heading=language.say(N_("标为保密工单")),
        action=f"{place.of(ticket)}/confidential/mark",
        back=place.of(ticket),
        button=language.say(N_("标为保密工单")),
        trail=((language.say(place.queue_label), place.root), (ticket.number, place.of(ticket))),
        intro=language.say(
            N_(
                "标题、描述、消息、记录和附件将加密保存，查看须说明目的并留下记录，也不能再按文字搜索到。标记后不能取消。"
            )
        ),
    )
    frame = await acting_for(visit, ticket.merchant_id) if visit.person.is_merchant else {}
    return show_form(request, form, Struct, **frame)


async def _reveal(request: Asked, caller: Caller, number: str, row: UUID, purpose: str) -> Revealed:
    field = f"{SealedContent.__tablename__}.content:{row}"
    wanted = Wanted(field=field, ticket=number, purpose=purpose)
    return await reveal(gate_of(request).beginning(caller), wanted, by=caller.person, at=caller.at)


async def _opened(
    request: Asked, visit: Visit, number: str, place: Place, revealed: Revealed, purpose: str
) -> Response[str]:
    ticket = await visible_ticket(visit.session, visit.person, number)
    zone = (await read_settings(visit.session)).zone
    contents = await contents_of(visit.session, ticket)
    around = await read_surroundings(visit.session, ticket)
    frame = await acting_for(visit, ticket.merchant_id) if visit.person.is_merchant else {}
    return page(
        request,
        "tickets/opened.html",
        ticket=ticket,
        own=contents.get(ticket.id, {}),
        thread=await read_thread(
            visit.session, visit.person, ticket, around, language=language_of(request), zone=zone, contents=contents
        ),
        files=[(file, contents[file.id]["name"]) for file in around.files if file.id in contents],
        agreements=_agreements(contents),
        shown=revealed.shown,
        purpose=purpose,
        seconds=int(SHOWN_FOR.total_seconds()),
        back=place.of(ticket),
        queue=place.root,
        zone=zone,
        **frame,
    )


def _agreements(contents: dict[UUID, Content]) -> list[Document]:
    """The agreements' texts, the newest last."""
    found = [msgspec.json.decode(one["document"], type=Document) for one in contents.values() if "document" in one]
    return sorted(found, key=lambda one: one.version)
