"""The ticket page: step bar, thread, composer, panel, and everything that can be done now."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import visible_version
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.agency.queue_cells import STATUS_TONES
from anshou.portal.consumers.desks import AGENCY
from anshou.portal.consumers.panel import consumers_panel
from anshou.portal.notices.pages import seen
from anshou.portal.pages import language_of, page
from anshou.portal.ticket_views import deadlines
from anshou.portal.ticket_views.drafting import drafts_address
from anshou.portal.ticket_views.following import mark, thread_again
from anshou.portal.ticket_views.move_names import offers
from anshou.portal.ticket_views.onward import came_from, carried, queue_address
from anshou.portal.ticket_views.presence import say_present, show_present
from anshou.portal.ticket_views.step_bar import step_bar
from anshou.portal.ticket_views.surroundings import Surroundings, read_surroundings
from anshou.portal.ticket_views.thread import read_thread
from anshou.tickets import overview
from anshou.tickets.agreements import find_agreement, find_document
from anshou.tickets.clocks.running import clocks_of
from anshou.tickets.drafts import ENTRY, drafts_on
from anshou.tickets.kinds import Kind
from anshou.tickets.moving import open_moves
from anshou.tickets.objections import find_responsibility
from anshou.tickets.rules import rules_at
from anshou.tickets.tickets import Ticket, find_desk


@get("/tickets/{number:str}")
async def ticket_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The whole page."""
    ticket = await ticket_at_desk(visit, number)
    await seen(visit, ticket.id)
    query = came_from(request, TICKETS)
    language = language_of(request)
    zone = (await read_settings(visit.session)).zone
    around = await read_surroundings(visit.session, ticket)
    moves = await open_moves(visit.session, ticket, visit.person, at=visit.at)
    return page(
        request,
        "tickets/ticket.html",
        ticket=ticket,
        status_tone=STATUS_TONES[ticket.status],
        steps=step_bar(ticket, language),
        offers=offers(moves, visit.person, ticket, address=TICKETS.of(ticket), language=language),
        thread=await read_thread(visit.session, visit.person, ticket, around, language=language, zone=zone),
        address_of_ticket=TICKETS.of(ticket),
        came_from=query,
        carried=carried(query),
        queue=queue_address(query, TICKETS),
        may_mark=allows(visit.person, Permission.MARK_CONFIDENTIAL),
        may_reveal=allows(visit.person, Permission.REVEAL),
        may_disclose=allows(visit.person, Permission.REQUEST_DISCLOSURE),
        may_write=allows(visit.person, Permission.WRITE_MESSAGE),
        may_note=allows(visit.person, Permission.WRITE_NOTE),
        may_progress=any(move.name == "report_progress" for move in moves),
        newest=mark(ticket),
        **await _composer(visit, ticket),
        live_ticket=ticket.number,
        zone=zone,
        **await _clocks(request, visit, ticket, zone),
        **await _panel(visit, ticket, around),
        **await consumers_panel(visit, ticket, AGENCY),
    )


@get("/tickets/{number:str}/thread")
async def thread_fragment(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The thread again if something was added since `after`; 204 if not. Asked for every few seconds."""
    ticket = await ticket_at_desk(visit, number)
    return await thread_again(request, visit, ticket, TICKETS)


@get("/tickets/{number:str}/presence")
async def who_is_here(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Who else of the agency is at the ticket. Asked for when that has changed."""
    return await show_present(request, visit, await ticket_at_desk(visit, number))


@post("/tickets/{number:str}/presence", status_code=200)
async def say_here(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """That the page is open, and what its person does."""
    return await say_present(request, visit, await ticket_at_desk(visit, number))


async def _clocks(request: Asked, visit: Visit, ticket: Ticket, zone: ZoneInfo) -> dict[str, Any]:
    """Every clock as a badge, the running ones first, and the one that presses most."""
    clocks = await clocks_of(visit.session, ticket.merchant_id, ticket.id)
    language = language_of(request)
    shown = [deadlines.of_clock(clock, now=visit.at, zone=zone, language=language) for clock in clocks]
    return {
        "running_clocks": [one for one in shown if one.is_running],
        "past_clocks": [one for one in shown if not one.is_running],
        "pressing": deadlines.most_pressing(shown, clocks),
    }


async def _composer(visit: Visit, ticket: Ticket) -> dict[str, Any]:
    """Where one writes, as one left it; and which moves one has begun to fill in."""
    drafts = await drafts_on(visit.session, ticket, visit.person)
    return {"draft": drafts.get(ENTRY), "begun": set(drafts), "drafts_address": drafts_address(ticket, TICKETS)}


async def _panel(visit: Visit, ticket: Ticket, around: Surroundings) -> dict[str, Any]:
    """What stands beside the thread."""
    session = visit.session
    agreement = await find_agreement(session, ticket) if ticket.kind is Kind.CONTRACT_DISPUTE else None
    meetings = await overview.meetings_of(session, ticket)
    people = {ticket.owner_id, ticket.opened_by, *(measure.owner_id for measure in around.measures)}
    people |= {decision.owner_id for _, decisions in meetings for decision in decisions}
    return {
        "merchant": around.merchant,
        "shop": around.shop(ticket),
        "contract": await _contract(visit, ticket),
        "desk": await find_desk(session, ticket),
        "plan": around.plan,
        "measures": around.measures,
        "responsibility": await find_responsibility(session, ticket, await rules_at(session, visit.at)),
        "files": around.files,
        # The menu of moves offers it, as written down for the merchant.
        "may_object": False,
        "window": await overview.find_metric_window(session, ticket) if ticket.kind is Kind.DATA_ANOMALY else None,
        "observations": await overview.observations_of(session, ticket) if ticket.kind is Kind.DATA_ANOMALY else (),
        "agreement": agreement,
        "document": find_document(agreement) if agreement else None,
        "signatures": await overview.signatures_of(session, agreement) if agreement else (),
        "obligations": around.obligations,
        "links": await overview.links_of(session, ticket),
        "others": await overview.others_of_merchant(session, visit.person, ticket),
        "meetings": meetings,
        "people": await names_of(session, {one for one in people if isinstance(one, UUID)}),
    }


async def _contract(visit: Visit, ticket: Ticket) -> Any:
    """The version that was in force on the day the problem occurred, with its contract."""
    if ticket.contract_version_id is None or not allows(visit.person, Permission.READ_CONTRACTS):
        return None
    return await visible_version(visit.session, ticket.merchant_id, ticket.contract_version_id, by=visit.person)
