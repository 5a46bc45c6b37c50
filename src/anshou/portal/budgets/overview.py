"""The list of budgets of a month, and the page of one with its history."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.budgets import budgets_at, history_of, may_set, visible_budget, watched
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.budgets.views import BUDGETS, line_of, standing_label
from anshou.portal.notices.pages import seen
from anshou.portal.pages import language_of, page
from billing.budgets.lines import passings_of
from billing.budgets.periods import DAY, Per, period_of
from billing.days import month_named


@get("/budgets")
async def budgets_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The budgets whose period holds a month, this one unless `?month=2026-11` names another."""
    authorize_at_desk(visit.person, Permission.READ_BUDGETS)
    today = await today_of(visit)
    month = period_of(Per.MONTH, _month(request.query_params.get("month")) or today)
    # Of another month the day does not matter: every period that holds one day of a month holds all of it.
    found = await budgets_at(visit.session, month.first, by=visit.person, today=today)
    merchants, language = await merchant_names(visit.session), language_of(request)
    return page(
        request,
        "budgets/list.html",
        lines=[line_of(one, merchants, language) for one in found],
        standing_label=standing_label,
        month=month.first.isoformat()[:7],
        is_now=today in month,
        before=_address(month.first - DAY),
        following=_address(month.last + DAY),
        may_set=may_set(visit.person),
        reads_costs=allows(visit.person, Permission.READ_COSTS),
    )


@get("/budgets/{budget_id:uuid}")
async def budget_page(budget_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One budget: how it stands, what it was set to, and when its thresholds were passed."""
    authorize_at_desk(visit.person, Permission.READ_BUDGETS)
    budget = await visible_budget(visit.session, budget_id, by=visit.person)
    versions = await history_of(visit.session, budget, by=visit.person)
    (one,) = await watched(visit.session, [(budget, versions[0])], today=await today_of(visit))
    await seen(visit, budget.id)
    return page(
        request,
        "budgets/budget.html",
        line=line_of(one, await merchant_names(visit.session), language_of(request)),
        standing_label=standing_label,
        versions=versions,
        passings=await passings_of(visit.session, budget),
        people=await names_of(visit.session, {version.set_by for version in versions}),
        may_set=may_set(visit.person),
        reads_costs=allows(visit.person, Permission.READ_COSTS),
    )


async def today_of(visit: Visit) -> date:
    """The agency's day."""
    return visit.at.astimezone((await read_settings(visit.session)).zone).date()


def _address(day: date) -> str:
    return f"{BUDGETS}?month={day.isoformat()[:7]}"


def _month(typed: str | None) -> date | None:
    return month_named(typed or "")
