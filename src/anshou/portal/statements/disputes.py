"""Disputed lines that wait, with the time that is left to answer."""

from datetime import timedelta
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.disputes import Dispute, Turn, disputes_waiting
from anshou.finance.reading_statements import tickets_of
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.statements.places import DISPUTES, address_of, line_address, ticket_root
from anshou.portal.ticket_views.deadlines import time_left

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
