"""From one ticket of a queue to the next: by the queue's own tab, filters and order, wherever one came into it.

A page of a ticket carries the query of the queue that led to it (`from`), and so do its forms and links. The next
ticket is looked up when it is asked for, so that it is the next one of the queue as it is by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.agency.queue import PAGE, listed
from anshou.portal.pages import Notice, language_of
from anshou.portal.ticket_views.places import Place
from anshou.tickets.queues import Line
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Invalid

# The query of the queue, in addresses and forms; what a form says when its person wants the next ticket after it.
FROM = "from"
THEN, NEXT = "then", "next"

LONGEST = 1500

Step = Literal["next", "previous"]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a form leads when it is done, with what it says there."""

    address: str
    notice: Notice | None = None


def came_from(request: Asked, place: Place) -> str | None:
    """The query of the queue that led here, "" for the queue as it begins; None if none did.

    By the page's own address, else by the page that the browser comes from.
    """
    if FROM in request.query_params:
        return str(request.query_params[FROM])[:LONGEST]
    before = urlsplit(request.headers.get("referer", ""))
    is_queue = before.netloc == request.headers.get("host", "") and before.path == place.root
    return before.query[:LONGEST] if is_queue else None


def carried(query: str | None) -> str:
    """What is appended to an address of a ticket so that it leads on in the queue."""
    return "" if query is None else "?" + urlencode({FROM: query})


def queue_address(query: str | None, place: Place) -> str:
    """The way back."""
    return f"{place.root}?{query}" if query else place.root


async def way_on(request: Asked, visit: Visit, ticket: Ticket, place: Place, done: str) -> Way:
    """Where the form that was sent leads: asked before it is carried out, because its ticket may leave the queue.

    `done` says in the reader's language what was done, empty if staying says it by itself.
    """
    form = await request.form()
    sent = form.get(FROM)
    query = str(sent)[:LONGEST] if sent is not None else None
    language = language_of(request)
    if form.get(THEN) != NEXT or query is None:
        return Way(f"{place.of(ticket)}{carried(query)}", Notice(done) if done else None)
    said = f"{ticket.number} {done or language.say(N_('已发送。'))}"
    following = await neighbour(visit, ticket, query, "next")
    if following is None:
        ended = language.say(N_("队列里没有下一个工单了。"))
        return Way(queue_address(query, place), Notice(f"{said} {ended}"))
    return Way(f"{place.root}/{following.number}{carried(query)}", Notice(said))


async def neighbour(visit: Visit, ticket: Ticket, query: str, step: Step) -> Line | None:
    """The ticket before or after this one in the queue.

    One that has left the queue meanwhile has its first ticket after it: that is the one to take up now.
    """
    asked = dict(parse_qsl(query))
    try:
        page = await listed(visit, asked, limit=PAGE)
    except Invalid:
        return None
    at = _place(page.lines, ticket)
    if at is None:
        return next((line for line in page.lines if line.id != ticket.id), None) if step == "next" else None
    if step == "previous":
        return page.lines[at - 1] if at else None
    if at + 1 < len(page.lines):
        return page.lines[at + 1]
    if page.after is None:
        return None
    rest = await listed(visit, {**asked, "after": str(page.after)}, limit=1)
    return rest.lines[0] if rest.lines else None


def _place(lines: Sequence[Line], ticket: Ticket) -> int | None:
    return next((at for at, line in enumerate(lines) if line.id == ticket.id), None)
