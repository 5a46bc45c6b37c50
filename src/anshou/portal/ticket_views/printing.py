"""What a ticket prints as: its facts and its thread. What is internal is left out unless its reader asks for it.

A confidential ticket prints as its page shows it: placeholders stand for what lies sealed.
"""

from dataclasses import replace
from typing import Any

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.portal.pages import language_of, page
from anshou.portal.ticket_views.places import Place
from anshou.portal.ticket_views.surroundings import read_surroundings
from anshou.portal.ticket_views.thread import Item, read_thread
from anshou.tickets.reading import reads_inside
from anshou.tickets.tickets import Ticket


async def print_ticket(
    request: Asked, visit: Visit, ticket: Ticket, place: Place, *, inside: bool, **frame: Any
) -> Response[str]:
    """The page to print; `inside` asks for what the agency alone reads, which only who may read it gets."""
    zone = (await read_settings(visit.session)).zone
    around = await read_surroundings(visit.session, ticket)
    thread = await read_thread(visit.session, visit.person, ticket, around, language=language_of(request), zone=zone)
    may_choose = reads_inside(visit.person)
    with_inside = inside and may_choose
    owner = {ticket.owner_id} - {None}
    return page(
        request,
        "tickets/printed.html",
        ticket=ticket,
        merchant=around.merchant,
        shop=around.shop(ticket),
        thread=thread if with_inside else [_outside(item) for item in thread if item.to_merchant],
        may_choose=may_choose,
        with_inside=with_inside,
        people=await names_of(visit.session, {one for one in owner if one is not None}),
        back=place.of(ticket),
        own=f"{place.of(ticket)}/print",
        zone=zone,
        **frame,
    )


def _outside(item: Item) -> Item:
    """The entry without what only the agency reads of it."""
    return replace(item, inside=(), changed=())
