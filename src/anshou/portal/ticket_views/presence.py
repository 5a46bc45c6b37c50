"""Who else is at a ticket: the page says that it is open and what is typed into it, and is answered who else is there.

Only who may open the ticket gets so far, to tell or to be told.
"""

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.live import CHANNEL, Live
from anshou.gate.presence import Doing, Word, counted, say_here
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.portal.forms.reading import typed_by
from anshou.portal.pages import fragment
from anshou.tickets.tickets import Ticket


async def say_present(request: Asked, visit: Visit, ticket: Ticket) -> Response[str]:
    """Take in what the page's person does; answers who else is there."""
    typed = await typed_by(request)
    doing = next((one for one in Doing if one.value == typed.one("doing")), Doing.LOOKING)
    try:
        page, number = counted(typed.one("page"), typed.one("number"))
    except ValueError:
        page, number = "", 0
    word = Word(ticket.id, visit.person.id, visit.person.merchant_id, doing, page, number)
    await say_here(visit.session, CHANNEL, visit.tenant.schema, word)
    return await show_present(request, visit, ticket)


async def show_present(request: Asked, visit: Visit, ticket: Ticket) -> Response[str]:
    """Who else is there of one's own side."""
    live: Live = request.app.state.live
    person = visit.person
    found = dict(live.presence.at(visit.tenant.schema, ticket.id, person.merchant_id, but=person.id))
    names = await names_of(visit.session, found) if found else {}
    present = sorted((names[account], doing) for account, doing in found.items() if account in names)
    return fragment(request, "tickets/_present.html", present=present)
