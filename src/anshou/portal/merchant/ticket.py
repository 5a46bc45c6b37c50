"""One ticket as the merchant sees it: what is asked now, how far it is, the conversation, and who is at it."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.accounts import Account
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.serving import serving
from anshou.portal.consumers.desks import MERCHANT
from anshou.portal.consumers.panel import consumers_panel
from anshou.portal.merchant.asking import ask_of
from anshou.portal.merchant.places import MY_TICKETS, acting_for, my_ticket
from anshou.portal.merchant.plain_words import UNDERWAY, standing_of
from anshou.portal.merchant.tickets import STATUS_TONES
from anshou.portal.notices.pages import seen
from anshou.portal.pages import language_of, page
from anshou.portal.ticket_views.drafting import drafts_address
from anshou.portal.ticket_views.following import mark, thread_again
from anshou.portal.ticket_views.move_names import offers
from anshou.portal.ticket_views.presence import say_present, show_present
from anshou.portal.ticket_views.step_bar import ShownStep, step_bar
from anshou.portal.ticket_views.surroundings import Surroundings, read_surroundings
from anshou.portal.ticket_views.thread import read_thread
from anshou.tickets import overview
from anshou.tickets.agreements import find_agreement, find_document
from anshou.tickets.drafts import ENTRY, drafts_on
from anshou.tickets.holds import find_hold
from anshou.tickets.kinds import Kind, Status
from anshou.tickets.moving import open_moves
from anshou.tickets.objections import find_responsibility
from anshou.tickets.results import find_result
from anshou.tickets.rules import rules_at
from anshou.tickets.tickets import Ticket


@get("/my/tickets/{number:str}")
async def my_ticket_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The whole page."""
    ticket = await my_ticket(visit, number)
    await seen(visit, ticket.id)
    language = language_of(request)
    zone = (await read_settings(visit.session)).zone
    around = await read_surroundings(visit.session, ticket)
    moves = await open_moves(visit.session, ticket, visit.person, at=visit.at)
    ask = ask_of(request, ticket, visit.person, moves)
    # Beside the determination itself.
    elsewhere = {"object_to_determination", *(ask.names if ask else ())}
    rest = [move for move in moves if move.name not in elsewhere]
    offered = offers(rest, visit.person, ticket, address=MY_TICKETS.of(ticket), language=language)
    return page(
        request,
        "merchant/ticket.html",
        ticket=ticket,
        ask=ask,
        standing=standing_of(ticket, visit.person),
        status_tone=STATUS_TONES[ticket.status],
        statuses=_statuses(ticket, language),
        steps=list(zip(step_bar(ticket, language), _words(ticket), strict=True)),
        more=[*offered.next, *(offer for _, group in offered.groups for offer in group)],
        may_object=any(move.name == "object_to_determination" for move in moves),
        may_mark=allows(visit.person, Permission.MARK_CONFIDENTIAL),
        may_reveal=allows(visit.person, Permission.REVEAL),
        may_write=allows(visit.person, Permission.WRITE_MESSAGE) and not ticket.is_closed,
        body="",
        draft=(await drafts_on(visit.session, ticket, visit.person)).get(ENTRY),
        drafts_address=drafts_address(ticket, MY_TICKETS),
        address_of_ticket=MY_TICKETS.of(ticket),
        newest=mark(ticket),
        live_ticket=ticket.number,
        zone=zone,
        **await _conversation(visit, ticket, around, language, zone),
        **await _facts(visit, ticket, around),
        **await _people(visit, ticket),
        **await consumers_panel(visit, ticket, MERCHANT),
        **await acting_for(visit, ticket.merchant_id),
    )


@get("/my/tickets/{number:str}/thread")
async def my_thread(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The conversation again if something was added; 204 if not."""
    return await thread_again(request, visit, await my_ticket(visit, number), MY_TICKETS)


@get("/my/tickets/{number:str}/presence")
async def who_of_us_is_here(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Who else of the merchant is at the ticket; never who of the agency."""
    return await show_present(request, visit, await my_ticket(visit, number))


@post("/my/tickets/{number:str}/presence", status_code=200)
async def say_we_are_here(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """That the page is open, and what its person does."""
    return await say_present(request, visit, await my_ticket(visit, number))


def _statuses(ticket: Ticket, language: Language) -> list[ShownStep]:
    """The five statuses, whatever the steps of the kind."""
    order = tuple(Status)
    present = order.index(ticket.status)
    return [
        ShownStep(
            language.say(status.label),
            "done"
            if number < present or status is ticket.status is Status.CLOSED
            else "now"
            if number == present
            else "ahead",
            "",
        )
        for number, status in enumerate(order)
    ]


def _words(ticket: Ticket) -> list[str]:
    return [UNDERWAY.get(step.name, "") for step in ticket.process.steps]


async def _conversation(
    visit: Visit, ticket: Ticket, around: Surroundings, language: Language, zone: ZoneInfo
) -> dict[str, Any]:
    return {
        "thread": await read_thread(visit.session, visit.person, ticket, around, language=language, zone=zone),
        "files": around.files,
        "hold": await find_hold(visit.session, ticket) if ticket.on_hold else None,
    }


async def _facts(visit: Visit, ticket: Ticket, around: Surroundings) -> dict[str, Any]:
    """What the work has brought forth, as far as the merchant reads it."""
    session = visit.session
    is_dispute, is_anomaly = ticket.kind is Kind.CONTRACT_DISPUTE, ticket.kind is Kind.DATA_ANOMALY
    agreement = await find_agreement(session, ticket) if is_dispute else None
    return {
        "plan": around.plan,
        "measures": around.measures,
        "people": await names_of(session, {measure.owner_id for measure in around.measures}),
        "result": await find_result(session, ticket) if is_anomaly else None,
        "window": await overview.find_metric_window(session, ticket) if is_anomaly else None,
        "observations": await overview.observations_of(session, ticket) if is_anomaly else (),
        "agreement": agreement,
        "document": find_document(agreement) if agreement else None,
        "signatures": await overview.signatures_of(session, agreement) if agreement else (),
        "obligations": around.obligations,
        "shop": around.shop(ticket),
        "responsibility": await find_responsibility(session, ticket, await rules_at(session, visit.at)),
    }


async def _people(visit: Visit, ticket: Ticket) -> dict[str, Any]:
    """Who of the agency works on it, and who always does for this merchant."""
    owner = await visit.session.get(Account, ticket.owner_id) if ticket.owner_id else None
    return {"handled_by": owner, "served_by": await serving(visit.session, ticket.merchant_id)}
