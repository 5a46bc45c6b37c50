"""The form of a move: shown, read, made, and shown again with everything typed when it is refused."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.portal.error_pages import status_of
from anshou.portal.forms import slips
from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import fragment, go_to, language_of, page, wants_fragment
from anshou.portal.ticket_views.choices import choices_for
from anshou.portal.ticket_views.drafting import basis_of, drafts_address, keep_unsent, restored
from anshou.portal.ticket_views.free_text import free_text_typed, masked_typed
from anshou.portal.ticket_views.onward import FROM, LONGEST, way_on
from anshou.portal.ticket_views.places import SEEN, Place
from anshou.tickets.acting import acting_as
from anshou.tickets.advancing import why_closed
from anshou.tickets.drafts import Draft, discard_draft, drafts_on
from anshou.tickets.errors import MoveNotOpen, MoveNotYours, TicketChanged
from anshou.tickets.facts import situation_of
from anshou.tickets.moving import make_move, open_moves, was_made
from anshou.tickets.placeholders import require_filled
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.records import Record
from anshou.tickets.repeats import was_just_stated
from anshou.tickets.rules import rules_at
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Refusal

# Times that are usually just now.
NOW = ("held_at", "visited_at", "done_at", "heard.told_at")
# And days that are usually today.
TODAY = ("day", "performed_on", "decided_on", "filed_on")


async def show_move(request: Asked, visit: Visit, ticket: Ticket, name: str, place: Place) -> Response[str]:
    """The form of an open move, with what its person has typed before. Raises MoveUnknown, MoveNotYours."""
    move = ticket.process.move(name)
    if acting_as(move, visit.person, ticket) is None:
        raise MoveNotYours(move.label)
    zone = (await read_settings(visit.session)).zone
    draft = (await drafts_on(visit.session, ticket, visit.person)).get(move.name)
    typed = restored(draft) or _starting(move, visit, ticket, zone)
    return await _form(request, visit, ticket, move, place, typed, draft=draft)


async def submit_move(request: Asked, visit: Visit, ticket: Ticket, name: str, place: Place) -> Response[str]:
    """Make the move and go back to the ticket, or show the form again. Raises MoveUnknown, MoveNotYours."""
    move = ticket.process.move(name)
    if acting_as(move, visit.person, ticket) is None:
        raise MoveNotYours(move.label)
    zone = (await read_settings(visit.session)).zone
    typed, choice = await typed_by(request), await slips.decided(request)
    if choice == slips.MASK:
        typed = masked_typed(move.record, typed)
    reading = read(move.record, typed, zone=zone)
    if reading.value is None:
        return await _form(request, visit, ticket, move, place, reading.typed, wrong=reading.refusal)
    if not choice and (told := slips.hint(free_text_typed(move.record, typed), language_of(request))):
        return await _form(request, visit, ticket, move, place, reading.typed, told=told)
    said = language_of(request).say(N_("已完成：%(move)s"), move=language_of(request).say(move.label))
    way = await way_on(request, visit, ticket, place, said)
    if move.additive and await was_just_stated(
        visit.session, ticket, move, reading.value, by=visit.person, at=visit.at
    ):
        return go_to(request, way.address, way.notice)
    try:
        if not visit.person.is_merchant:
            require_filled(*free_text_typed(move.record, typed))
        await _make(visit, ticket, move, reading.value, seen=version_seen(typed))
    except Refusal as refusal:
        # What the refused attempt wrote is undone; the ticket is read as it is now.
        await visit.session.refresh(ticket)
        if await was_made(visit.session, ticket, move.name, reading.value, by=visit.person, seen=version_seen(typed)):
            return go_to(request, way.address, way.notice)
        return await _form(request, visit, ticket, move, place, reading.typed, wrong=refusal)
    await discard_draft(visit.session, ticket, move.name, by=visit.person, basis=basis_of(typed))
    return go_to(request, way.address, way.notice)


async def show_refused(
    request: Asked, visit: Visit, ticket: Ticket, name: str, place: Place, typed: Typed, wrong: Refusal
) -> Response[str]:
    """The form as it was sent, with why nothing came of it. Raises MoveUnknown."""
    return await _form(request, visit, ticket, ticket.process.move(name), place, typed, wrong=wrong)


async def _make(visit: Visit, ticket: Ticket, move: AnyMove, record: Record, *, seen: int) -> None:
    async with visit.session.begin_nested():
        await make_move(visit.session, ticket, move.name, record, by=visit.person, at=visit.at, seen=seen)


async def _form(
    request: Asked,
    visit: Visit,
    ticket: Ticket,
    move: AnyMove,
    place: Place,
    typed: Typed,
    *,
    wrong: Refusal | None = None,
    told: str = "",
    draft: Draft | None = None,
) -> Response[str]:
    """The form; `told` asks about numbers of people in its words before the move is made."""
    language = language_of(request)
    fields = fields_of(move.record)
    sent_in_vain = wrong is not None or bool(told)
    unkept = sent_in_vain and not await keep_unsent(visit, ticket, move.name, typed, language)
    if sent_in_vain and not unkept:
        draft = (await drafts_on(visit.session, ticket, visit.person)).get(move.name)
    actor = acting_as(move, visit.person, ticket)
    is_open = move in await open_moves(visit.session, ticket, visit.person, at=visit.at)
    if wrong is None and not is_open:
        wrong = await _why_not(visit, ticket, move)
    values: dict[str, Any] = form_values(
        request,
        move.record,
        typed,
        wrong=wrong,
        choices=await choices_for(visit.session, ticket, fields, language),
        # Only who writes an answer down for the merchant says how they heard it.
        side="agency" if actor is Actor.FOR_MERCHANT else "merchant",
    )
    values |= {
        "ticket": ticket,
        "move": move,
        "for_merchant": actor is Actor.FOR_MERCHANT,
        "changed": isinstance(wrong, TicketChanged | MoveNotOpen),
        "is_open": is_open,
        "told": told,
        "kept": (),
        "draft": draft,
        "unkept": unkept,
        "came_from": typed.one(FROM) if FROM in typed.values else _queue_asked(request),
        "drafts_address": drafts_address(ticket, place, move.name),
        "zone": (await read_settings(visit.session)).zone,
        "address": f"{place.of(ticket)}/moves/{move.name}",
        "back": place.of(ticket),
        "queue": (place.queue_label, place.root),
    }
    status = status_of(wrong) if wrong else 200
    if wants_fragment(request):
        return fragment(request, "tickets/_move.html", status_code=status, **values)
    return page(request, "tickets/move.html", status_code=status, **values)


def _queue_asked(request: Asked) -> str | None:
    query = request.query_params.get(FROM)
    return None if query is None else query[:LONGEST]


async def _why_not(visit: Visit, ticket: Ticket, move: AnyMove) -> MoveNotOpen | None:
    """Why the move cannot be made at present."""
    rules = await rules_at(visit.session, visit.at)
    now = await situation_of(visit.session, ticket, rules)
    why = why_closed(ticket.process, now, move, rules)
    return MoveNotOpen(move.label, why) if why else None


def version_seen(typed: Typed) -> int:
    """The version as the form brings it back; 0, which no ticket has, for anything else."""
    text = typed.one(SEEN)
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _starting(move: AnyMove, visit: Visit, ticket: Ticket, zone: ZoneInfo) -> Typed:
    """What the form holds before anything is typed: the ticket's own values, and now where a time is usually now."""
    names = {field.name for field in fields_of(move.record)}
    values: dict[str, object] = {path: visit.at for path in NOW if path.split(".")[0] in names}
    values |= {name: visit.at.astimezone(zone).date() for name in TODAY if name in names}
    for name in ("category", "urgency", "department", "promised_at"):
        own = getattr(ticket, name)
        if name in names and own is not None:
            values[name] = own
    return starting_with(values, zone=zone)
