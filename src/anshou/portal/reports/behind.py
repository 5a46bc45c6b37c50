"""The entries behind a figure of a report, and the way on to the cost, the ticket and the voucher."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.reporting.asking import BEARER_OF, COSTS, By, Narrowed, Sort
from anshou.finance.reporting.entries import Behind, behind, sums
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.ledger.places import VOUCHERS
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.reports.asked import asked_of, member
from anshou.portal.reports.names import names_by
from anshou.portal.reports.places import BEHIND
from anshou.portal.reports.places import COSTS as REPORT

PAGE = 100

# Entries of several sorts: what a balance is made of, and what moved it.
EVERY, MOVED = "every", "moved"
SEVERAL = {EVERY: tuple(Sort), MOVED: (*COSTS, Sort.SETTLED)}


@get(BEHIND)
async def entries_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What a figure adds up, with the figure over it; `sort` names other entries than those of costs."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit), language_of(request)
    asked = request.query_params.get("sort", "")
    sort = member(Sort, asked)
    sorts = SEVERAL.get(asked) or ((sort,) if sort else COSTS)
    found = await behind(
        visit.session,
        question.months,
        question.narrowed,
        sorts,
        person=visit.person,
        after=_after(request.query_params.get("after", "")),
        limit=PAGE + 1,
    )
    lines = found[:PAGE]
    of_them = await sums(visit.session, question.months, question.narrowed, by=By.BEARER, person=visit.person)
    address = f"{BEHIND}?{question.query(sort=asked)}"
    return page(
        request,
        "reports/entries.html",
        question=question,
        sort=sort,
        report=f"{REPORT}?{question.query()}",
        total=sum(one.fen for one in of_them if one.sort in sorts),
        lines=lines,
        bearers=BEARER_OF,
        merchants=await merchant_names(visit.session),
        narrowed=[
            (language.say(by.label), (await names_by(visit, by, _keys(question.narrowed, by), language)).get(key, "—"))
            for by in map(By, question.kept)
            for key in [getattr(question.narrowed, by.value)]
        ],
        vouchers=f"{VOUCHERS}/" if allows(visit.person, Permission.READ_BOOKS) else "",
        opens_costs=allows(visit.person, Permission.READ_COSTS),
        first=address if "after" in request.query_params else "",
        following=f"{address}&after={_place(lines[-1])}" if len(found) > PAGE else "",
    )


def _keys(narrowed: Narrowed, by: By) -> list[object]:
    key = getattr(narrowed, by.value)
    return [] if key is None else [key]


def _place(line: Behind) -> str:
    return f"{line.booked_on}_{line.voucher_id}_{line.line}"


def _after(place: str) -> tuple[date, UUID, int] | None:
    day, _, rest = place.partition("_")
    voucher, _, line = rest.partition("_")
    found = identifier(voucher)
    try:
        return (date.fromisoformat(day), found, int(line)) if found else None
    except ValueError:
        return None
