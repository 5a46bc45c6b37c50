"""What is overdue: whose it is, which clock was missed and by how much, and whom it was raised to."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.ticket_views import deadlines
from anshou.tickets.overview import next_clocks
from anshou.tickets.queue_orders import Cursor
from anshou.tickets.queue_tabs import Tab
from anshou.tickets.queues import list_tickets

PAGE = 100


@get("/overdue")
async def overdue_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The open tickets with a missed limit, the longest overdue first."""
    authorize_at_desk(visit.person, Permission.READ_TICKETS)
    after = Cursor.read(request.query_params["after"]) if "after" in request.query_params else None
    shown = await list_tickets(visit.session, visit.person, Tab.OVERDUE, at=visit.at, after=after, limit=PAGE)
    clocks = await next_clocks(visit.session, shown.lines)
    zone = (await read_settings(visit.session)).zone
    language = language_of(request)
    rows = [
        {
            "line": line,
            "clock": clocks.get(line.id),
            "due": deadlines.of_line(line, clocks.get(line.id), now=visit.at, zone=zone, language=language),
        }
        for line in shown.lines
    ]
    return page(
        request,
        "agency/overdue.html",
        rows=rows,
        people=await names_of(visit.session, {line.owner_id for line in shown.lines if line.owner_id}),
        merchants=await merchant_names(visit.session),
        following=f"/overdue?after={shown.after}" if shown.after else "",
        first="/overdue" if after else "",
        may_escalate=allows(visit.person, Permission.ESCALATE),
        zone=zone,
    )
