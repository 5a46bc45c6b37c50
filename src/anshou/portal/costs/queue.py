"""Finance's desk for costs: what waits, with the evidence beside it; and all costs with filters."""

from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.listing import CostFilters, CostLine, count_waiting, list_costs, waiting_costs
from anshou.finance.reach import visible_cost
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants
from anshou.people.permissions import Permission, allows
from anshou.people.roles import Department
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import ALL, COSTS, tabs
from anshou.portal.costs.views import shown_cost, shown_lines
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.tickets.queue_orders import Cursor
from billing.costs.states import State
from billing.parties import CostCategory
from tenants.labels import Labelled
from tenants.refusals import N_

# As many as stand beside the one that is looked at; whatever is verified makes room for the next.
WAITING_SHOWN = 50
PAGE = 50

# The choice among the states that stands for both of verified costs: what budgets count.
BOOKED_ONES = "booked"

L = TypeVar("L", bound=Labelled)


@get("/costs")
async def queue_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What waits, the longest waiting first; `?item=` names the one that is looked at, else it is the first."""
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    after = request.query_params.get("after", "")
    last = Cursor.read(after) if after else None
    since = (last.key, last.id) if last is not None and last.key is not None else None
    found = await waiting_costs(visit.session, by=visit.person, after=since, limit=WAITING_SHOWN + 1)
    lines = found[:WAITING_SHOWN]
    chosen = _chosen(lines, request.query_params.get("item", ""))
    looked_at = {}
    if chosen is not None:
        item, ticket = await visible_cost(visit.session, visit.person, chosen.number)
        looked_at = await shown_cost(request, visit, item, ticket, back=COSTS)
    total = await count_waiting(visit.session, by=visit.person)
    values = {**await shown_lines(visit, lines), **looked_at}
    if chosen is not None:
        values["people"] = {**(await shown_lines(visit, lines))["people"], **looked_at["people"]}
    further = str(Cursor(lines[-1].state_since, lines[-1].id)) if len(found) > WAITING_SHOWN else ""
    return page(
        request,
        "costs/queue.html",
        tabs=tabs(request, visit.person, COSTS),
        chosen=chosen,
        total=total,
        of_page=f"{COSTS}?{urlencode({'after': after})}&" if after else f"{COSTS}?",
        first=COSTS if after else "",
        following=f"{COSTS}?{urlencode({'after': further})}" if further else "",
        **values,
    )


@get("/costs/all")
async def list_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All costs that the person reaches, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    asked, language = request.query_params, language_of(request)
    names = ("state", "category", "department", "merchant", "ticket", "incurred_from", "incurred_until")
    kept = {name: asked[name] for name in names if asked.get(name)}
    filters = CostFilters(
        state=_member(State, asked.get("state")),
        booked=asked.get("state") == BOOKED_ONES,
        department=_member(Department, asked.get("department")),
        category=_member(CostCategory, asked.get("category")),
        merchant=identifier(asked.get("merchant")),
        ticket=asked.get("ticket", "").strip(),
        incurred_from=_day(asked.get("incurred_from")),
        incurred_until=_day(asked.get("incurred_until")),
    )
    after = identifier(asked.get("after"))
    found = await list_costs(visit.session, filters, by=visit.person, after=after, limit=PAGE + 1)
    lines = found[:PAGE]
    more = {**kept, "after": str(lines[-1].id)} if len(found) > PAGE else None
    return page(
        request,
        "costs/list.html",
        tabs=tabs(request, visit.person, ALL),
        kept=kept,
        may_record=allows(visit.person, Permission.RECORD_COSTS),
        states=[
            *((one.value, language.say(one.label)) for one in State),
            (BOOKED_ONES, language.say(N_("已核实（含已归属）"))),
        ],
        departments=[(one.value, language.say(one.label)) for one in Department],
        categories=[(one.value, language.say(one.label)) for one in CostCategory],
        offered_merchants=[(str(one.id), one.name) for one in await list_merchants(visit.session)],
        first=f"{ALL}?{urlencode(kept)}" if after else "",
        following=f"{ALL}?{urlencode(more)}" if more else "",
        **await shown_lines(visit, lines),
    )


def _chosen(lines: list[CostLine], number: str) -> CostLine | None:
    """The line that is looked at; whatever does not wait any more gives way to the first."""
    return next((line for line in lines if line.number == number), lines[0] if lines else None)


def _member(kind: type[L], value: str | None) -> L | None:
    try:
        return kind(value or "")
    except ValueError:
        return None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None
