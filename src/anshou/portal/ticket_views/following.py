"""The thread of an open page asks every few seconds whether it has become longer."""

from datetime import datetime

from litestar import Response
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.portal.pages import fragment, language_of
from anshou.portal.ticket_views.places import Place
from anshou.portal.ticket_views.surroundings import read_surroundings
from anshou.portal.ticket_views.thread import read_thread
from anshou.tickets.tickets import Ticket


def mark(ticket: Ticket) -> str:
    """What tells whether anything was added: the microsecond of the last entry."""
    since = ticket.last_entry_at - datetime.fromtimestamp(0, ticket.last_entry_at.tzinfo)
    return str(round(since.total_seconds() * 1_000_000))


async def thread_again(request: Asked, visit: Visit, ticket: Ticket, place: Place) -> Response[str]:
    """The thread again if something was added since `after`; 204 if not. Asked for every few seconds."""
    if request.query_params.get("after") == mark(ticket):
        return Response("", media_type=MediaType.HTML, status_code=204)
    zone = (await read_settings(visit.session)).zone
    around = await read_surroundings(visit.session, ticket)
    seen = request.query_params.get("seen", "")
    return fragment(
        request,
        "tickets/_thread.html",
        thread=await read_thread(visit.session, visit.person, ticket, around, language=language_of(request), zone=zone),
        address_of_ticket=place.of(ticket),
        newest=mark(ticket),
        ticket=ticket,
        zone=zone,
        # Told once: what stands around the thread follows by itself (look/following.js).
        seen=ticket.version,
        moved_on=seen != str(ticket.version),
    )
