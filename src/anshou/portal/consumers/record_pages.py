"""One consumer record: added, read masked, put right, taken off. The same steps at both desks."""

from uuid import UUID

from litestar import Response

from anshou.consumers.cards import ConsumerCard, Correction
from anshou.consumers.reading import ShownRecord
from anshou.consumers.recording import add_record, correct_record, remove_record
from anshou.consumers.records import ConsumerRecord, earlier_states, visible_record
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.shops import shops_of
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.consumers.desks import Desk
from anshou.portal.consumers.record_form import show_record_form
from anshou.portal.consumers.revealing import ways_to_reveal
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.consumers_shown import show_masked
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Refusal


async def new_record_page(request: Asked, visit: Visit, desk: Desk, number: str) -> Response[str]:
    """The empty form."""
    authorize(visit.person, Permission.RECORD_CONSUMER)
    return await show_record_form(request, visit, desk, await desk.ticket(visit, number), NOTHING)


async def submit_record(request: Asked, visit: Visit, desk: Desk, number: str) -> Response[str]:
    """Record it and return to the ticket."""
    authorize(visit.person, Permission.RECORD_CONSUMER)
    ticket = await desk.ticket(visit, number)
    reading = read(ConsumerCard, await typed_by(request))
    if reading.value is None:
        return await show_record_form(request, visit, desk, ticket, reading.typed, wrong=reading.refusal)
    try:
        async with visit.session.begin_nested():
            await add_record(visit.session, ticket, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        await visit.session.refresh(ticket)
        return await show_record_form(request, visit, desk, ticket, reading.typed, wrong=refusal)
    said = language_of(request).say(N_("消费者记录已加密保存。"))
    return go_to(request, f"{desk.tickets.of(ticket)}#consumers", Notice(said))


async def record_page(request: Asked, visit: Visit, desk: Desk, number: str, origin_id: UUID) -> Response[str]:
    """What it says, masked, and what it said before."""
    ticket = await desk.ticket(visit, number)
    record = await visible_record(visit.session, ticket, origin_id)
    earlier = list(await earlier_states(visit.session, record))
    shown = await _shown(visit, ticket, record, *earlier)
    here = f"{desk.records(ticket)}/{origin_id}"
    people = {one.added_by for one in shown} | {one.ended_by for one in shown if one.ended_by}
    return page(
        request,
        "consumers/record.html",
        ticket=ticket,
        record=shown[0],
        earlier=shown[1:],
        shops={shop.id: shop.name for shop in await shops_of(visit.session, ticket.merchant_id, closed=True)},
        people=await names_of(visit.session, people),
        may_record=allows(visit.person, Permission.RECORD_CONSUMER)
        and not (ticket.is_closed and visit.person.is_merchant),
        here=here,
        ways=ways_to_reveal(visit, ticket, shown[0], back=here),
        queue=(desk.tickets.queue_label, desk.tickets.root),
        address_of_ticket=desk.tickets.of(ticket),
        zone=(await read_settings(visit.session)).zone,
        **await desk.around(visit, ticket.merchant_id),
    )


async def correction_page(request: Asked, visit: Visit, desk: Desk, number: str, origin_id: UUID) -> Response[str]:
    """The form to put it right."""
    authorize(visit.person, Permission.RECORD_CONSUMER)
    ticket = await desk.ticket(visit, number)
    record = await visible_record(visit.session, ticket, origin_id)
    (shown,) = await _shown(visit, ticket, record)
    return await show_record_form(request, visit, desk, ticket, NOTHING, corrects=shown)


async def submit_correction(request: Asked, visit: Visit, desk: Desk, number: str, origin_id: UUID) -> Response[str]:
    """Put it right."""
    authorize(visit.person, Permission.RECORD_CONSUMER)
    ticket = await desk.ticket(visit, number)
    record = await visible_record(visit.session, ticket, origin_id)
    (shown,) = await _shown(visit, ticket, record)
    reading = read(Correction, await typed_by(request))
    if reading.value is None:
        return await show_record_form(
            request, visit, desk, ticket, reading.typed, corrects=shown, wrong=reading.refusal
        )
    try:
        async with visit.session.begin_nested():
            await correct_record(visit.session, ticket, record, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        await visit.session.refresh(ticket)
        return await show_record_form(request, visit, desk, ticket, reading.typed, corrects=shown, wrong=refusal)
    said = language_of(request).say(N_("消费者记录已更正。"))
    return go_to(request, f"{desk.records(ticket)}/{origin_id}", Notice(said))


async def submit_removal(request: Asked, visit: Visit, desk: Desk, number: str, origin_id: UUID) -> Response[str]:
    """Take it off the ticket."""
    ticket = await desk.ticket(visit, number)
    record = await visible_record(visit.session, ticket, origin_id)
    await remove_record(visit.session, ticket, record, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("消费者记录已移除。"))
    return go_to(request, f"{desk.tickets.of(ticket)}#consumers", Notice(said))


async def _shown(visit: Visit, ticket: Ticket, *records: ConsumerRecord) -> list[ShownRecord]:
    return await show_masked(visit.session, ticket, records, by=visit.person, at=visit.at)
