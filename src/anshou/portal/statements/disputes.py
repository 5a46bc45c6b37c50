"""Disputed lines that wait, with the time that is left to answer."""

from datetime import timedelta
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.finance.disputes import Dispute, Turn, count_waiting, disputes_waiting
from anshou.finance.reading_statements import tickets_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import fragment, language_of, page
from anshou.portal.statements.places import DISPUTES, address_of, line_address, ticket_root
from anshou.portal.ticket_views.deadlines import time_left
from tenants.refusals import N_

# Before a dispute is due its badge turns.
WARNED_BEFORE = timedelta(days=1)


@get("/statements/disputes")
async def disputes_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Those that wait for our answer, or those whose answer the merchant has not taken."""
    authorize_at_desk(visit.person, Permission.READ_DISPUTES)
    wanted = request.query_params.get("turn", "")
    turn = Turn(wanted) if wanted in set(Turn) else Turn.AGENCYS
    found = await disputes_waiting(visit.session, by=visit.person, turn=turn)
    language = language_of(request)

    def left(one: Dispute) -> tuple[str, str, str] | None:
        due = one.word.answer_by
        return None if due is None else time_left(due, due - WARNED_BEFORE, visit.at, language)

    return page(
        request,
        "statements/disputes.html",
        is_ours=turn is Turn.AGENCYS,
        tabs=[
            {
                "label": language.say(each.label),
                "address": f"{DISPUTES}?{urlencode({'turn': each.value})}",
                "current": each is turn,
            }
            for each in Turn
        ],
        disputes=[(one, left(one), line_address(address_of(one.statement.number), one.line.place)) for one in found],
        tickets=await tickets_of(visit.session, None, {one.line.ticket_id for one in found}),
        ticket_root=ticket_root(visit.person),
    )


@get("/statements/disputes/count")
async def disputes_count(request: Asked) -> Response[str]:
    """How many wait for our answer, for the navigation; nothing when nobody is signed in any more."""
    gate = gate_of(request)
    caller = await gate.identify_if_signed_in(request)
    if caller is None:
        return Response("", media_type=MediaType.HTML, status_code=204)
    if not allows(caller.person, Permission.READ_DISPUTES):
        return Response("", media_type=MediaType.HTML)
    async with gate.enter(caller) as visit:
        count = await count_waiting(visit.session, by=visit.person)
    return fragment(request, "costs/_count.html", count=count, words=language_of(request).say(N_("条异议待答复")))
