"""Putting canned answers and colleagues' names into what is written on a ticket.

With scripts the lists are offered beside the field. Without them a button keeps what is typed as the draft and leads to
the list, from which an answer goes into that draft.
"""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.cards import colleagues
from anshou.people.permissions import Permission, authorize
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.agency.writing import show_unsent
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import fragment, go_to, page, wants_fragment
from anshou.portal.ticket_views.choices import named
from anshou.portal.ticket_views.drafting import keep_typed
from anshou.portal.ticket_views.filling import NOTE, values_of
from anshou.tickets.canned_answers import list_answers, visible_answer
from anshou.tickets.drafts import ENTRY, drafts_on
from anshou.tickets.placeholders import fill
from anshou.tickets.tickets import Ticket
from tenants.refusals import Conflict, Invalid

MESSAGE = "message"


@get("/tickets/{number:str}/answers")
async def answers_page(
    number: FromPath[str], request: Asked, visit: NamedDependency[Visit], audience: FromQuery[str] = MESSAGE
) -> Response[str]:
    """The answers as they would stand on this ticket, for the field that asks or on a page of their own."""
    return await _show(request, visit, await ticket_at_desk(visit, number), audience)


@post("/tickets/{number:str}/answers", status_code=200)
async def choose_answer(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep what is typed, and show the answers; or show it again with why it is not kept."""
    ticket = await ticket_at_desk(visit, number)
    typed = await typed_by(request)
    try:
        await keep_typed(request, visit, ticket, ENTRY, typed)
    except (Conflict, Invalid) as refusal:
        return await show_unsent(request, visit, ticket, typed, refusal)
    return await _show(request, visit, ticket, typed.one("audience") or MESSAGE)


@post("/tickets/{number:str}/answers/{answer_id:uuid}", status_code=303)
async def use_answer(
    number: FromPath[str], answer_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Put one behind what is typed, and go on writing; or show both with why they are not kept."""
    ticket = await ticket_at_desk(visit, number)
    answer = await visible_answer(visit.session, visit.person, answer_id)
    zone = (await read_settings(visit.session)).zone
    typed = await typed_by(request)
    audience = typed.one("audience") or MESSAGE
    filled = fill(answer.body, await values_of(visit, ticket, audience=audience, zone=zone))
    draft = (await drafts_on(visit.session, ticket, visit.person)).get(ENTRY)
    body = f"{draft.one('body')}\n{filled.text}".strip() if draft else filled.text
    try:
        await keep_typed(request, visit, ticket, ENTRY, typed, audience=[audience], body=[body])
    except (Conflict, Invalid) as refusal:
        together = Typed({**typed.values, "audience": [audience], "body": [body]})
        return await show_unsent(request, visit, ticket, together, refusal)
    return go_to(request, f"{TICKETS.of(ticket)}#reply")


@get("/tickets/{number:str}/colleagues")
async def colleagues_list(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Whom a note may mention."""
    await ticket_at_desk(visit, number)
    authorize(visit.person, Permission.WRITE_NOTE)
    found = [(one.name, named(one)) for one in await colleagues(visit.session) if one.id != visit.person.id]
    return fragment(request, "tickets/_colleagues.html", colleagues=found)


async def _show(request: Asked, visit: Visit, ticket: Ticket, audience: str) -> Response[str]:
    zone = (await read_settings(visit.session)).zone
    values = await values_of(visit, ticket, audience=audience, zone=zone)
    found = [(one, fill(one.body, values)) for one in await list_answers(visit.session, visit.person)]
    if wants_fragment(request):
        return fragment(request, "tickets/_answers.html", answers=found)
    return page(
        request,
        "tickets/answers.html",
        ticket=ticket,
        answers=found,
        audience=audience if audience in (MESSAGE, NOTE, "progress") else MESSAGE,
        address_of_ticket=TICKETS.of(ticket),
        queue=TICKETS.root,
    )
