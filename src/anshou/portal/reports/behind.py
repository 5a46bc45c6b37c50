"""The entries behind a figure of a report, and the way on to the cost, the ticket and the voucher."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import send_sheet
from anshou.finance.reporting.asking import BEARER_OF, COSTS, By, Sort
from anshou.finance.reporting.entries import Behind, behind, sums
from anshou.finance.reporting.sheet import write_report
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.ledger.places import VOUCHERS
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.reports.asked import Question, asked_of, member
from anshou.portal.reports.filters import facts_of, narrowed_to
from anshou.portal.reports.places import BEHIND
from anshou.portal.reports.places import COSTS as REPORT
from tenants.refusals import N_

PAGE = 100

# As many entries as a spreadsheet is still opened with.
MOST_ROWS = 50_000

# Entries of several sorts: what a balance is made of, and what moved it.
EVERY, MOVED = "every", "moved"
SEVERAL = {EVERY: tuple(Sort), MOVED: (*COSTS, Sort.SETTLED)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report: the question it answers, and of which entries. `asked` is their name in the address."""

    question: Question
    asked: str

    @property
    def sorts(self) -> Sequence[Sort]:
        """The sorts of entries; those that are costs where none is asked for."""
        sort = member(Sort, self.asked)
        return SEVERAL.get(self.asked) or ((sort,) if sort else COSTS)

    @property
    def query(self) -> str:
        """The query of an address that asks for it."""
        return self.question.query(sort=self.asked)


@get(BEHIND)
async def entries_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What a figure adds up, with the figure over it; `sort` names other entries than those of costs."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    figure, language = _figure(request, visit), language_of(request)
    after = _after(request.query_params.get("after", ""))
    found = await _entries(visit, figure, after=after, limit=PAGE + 1)
    lines = found[:PAGE]
    return page(
        request,
        "reports/entries.html",
        question=figure.question,
        sort=member(Sort, figure.asked),
        report=f"{REPORT}?{figure.question.query()}",
        download=f"{BEHIND}/entries.xlsx?{figure.query}",
        total=await _total(visit, figure),
        lines=lines,
        bearers=BEARER_OF,
        merchants=await merchant_names(visit.session),
        narrowed=await narrowed_to(visit, figure.question, language),
        vouchers=f"{VOUCHERS}/" if allows(visit.person, Permission.READ_BOOKS) else "",
        opens_costs=allows(visit.person, Permission.READ_COSTS),
        first=f"{BEHIND}?{figure.query}" if after else "",
        following=f"{BEHIND}?{figure.query}&after={_place(lines[-1])}" if len(found) > PAGE else "",
    )


@get(f"{BEHIND}/entries.xlsx")
async def entries_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The same as a spreadsheet, the figure last. One of more entries than it takes says so over them."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    figure, language = _figure(request, visit), language_of(request)
    found = await _entries(visit, figure, limit=MOST_ROWS + 1)
    merchants = await merchant_names(visit.session)
    facts = await facts_of(visit, figure.question, language)
    if (sort := member(Sort, figure.asked)) is not None:
        facts.append((language.say(N_("分录性质")), language.say(sort.label)))
    if len(found) > MOST_ROWS:
        cut = language.say(N_("只含前 %(rows)s 笔，合计为全部分录"), rows=MOST_ROWS)
        facts.append((language.say(N_("说明")), cut))
    labels = (N_("记账日期"), N_("摘要"), N_("承担方"), N_("金额"), N_("商家"), N_("工单"), N_("费用"))
    rows: list[tuple[str, list[int | str | None]]] = [
        (
            f"{one.booked_on}",
            [
                one.summary,
                language.say(BEARER_OF[one.use].label),
                one.fen,
                merchants.get(one.merchant_id, "") if one.merchant_id else "",
                one.ticket_number or "",
                one.cost_number or "",
            ],
        )
        for one in found[:MOST_ROWS]
    ]
    rows.append((language.say(N_("合计")), ["", "", await _total(visit, figure)]))
    title = language.say(N_("构成明细"))
    content = write_report(title, facts, [language.say(label) for label in labels], rows)
    return send_sheet(content, f"{title} {figure.question.period}.xlsx")


def _figure(request: Asked, visit: Visit) -> Figure:
    return Figure(asked_of(request, visit), request.query_params.get("sort", ""))


async def _entries(
    visit: Visit, figure: Figure, *, limit: int, after: tuple[date, UUID, int] | None = None
) -> Sequence[Behind]:
    question = figure.question
    return await behind(
        visit.session,
        question.months,
        question.narrowed,
        figure.sorts,
        person=visit.person,
        after=after,
        limit=limit,
    )


async def _total(visit: Visit, figure: Figure) -> int:
    question = figure.question
    found = await sums(visit.session, question.months, question.narrowed, by=By.BEARER, person=visit.person)
    return sum(one.fen for one in found if one.sort in figure.sorts)


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
