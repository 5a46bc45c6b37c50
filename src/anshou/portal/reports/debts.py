"""How old what is owed is, at the end of a month."""

from dataclasses import replace
from datetime import date

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import send_sheet
from anshou.finance.reporting.asking import BEGINNING, Bearer
from anshou.finance.reporting.debts import Debt, Debts, debts_at
from anshou.finance.reporting.sheet import write_report
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.reports.behind import EVERY
from anshou.portal.reports.places import BEHIND, DEBTS, tabs
from anshou.portal.reports.tables import Cell, Head, Row, Table, plot_of
from anshou.portal.statements.months import month_before, read_month
from billing.ledger.periods import month_after
from billing.ledger.posting import BOOKS_ZONE
from billing.statements.ageing import BUCKETS
from tenants.refusals import N_

# From young to old, light to dark: age is an order and no difference of kind.
SHADES = ("age1", "age2", "age3", "age4", "age5")


@get(DEBTS)
async def debts_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The debts at the end of a month, this one's so far unless another is asked for."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    language, month, this = language_of(request), *_month(request, visit)
    found = await debts_at(visit.session, month, person=visit.person)
    table = await _table(visit, found, month, language)
    # Merchants owe many small sums, parties outside a few large ones: one scale does not fit both.
    of_merchants = replace(
        table, rows=[row for row, debt in zip(table.rows, found.lines, strict=True) if debt.merchant]
    )
    return page(
        request,
        "reports/debts.html",
        tabs=tabs(request, visit.person, DEBTS, f"until={month:%Y-%m}" if month != this else ""),
        month=month,
        before=f"{DEBTS}?until={month_before(month):%Y-%m}",
        following=f"{DEBTS}?until={month_after(month):%Y-%m}" if month < this else "",
        download=f"{DEBTS}/debts.xlsx?until={month:%Y-%m}",
        table=table,
        plot=plot_of(of_merchants, "bars", language, rest=lambda left: language.say(N_("其余 %(left)s 项"), left=left)),
        found=found,
    )


@get(f"{DEBTS}/debts.xlsx")
async def debts_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The same as a spreadsheet."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    language, month, _ = language_of(request), *_month(request, visit)
    table = await _table(visit, await debts_at(visit.session, month, person=visit.person), month, language)
    title = language.say(N_("应收账龄"))
    facts = [(language.say(N_("截至月份")), f"{month:%Y-%m}"), (language.say(N_("币种")), "CNY")]
    heads, rows = table.for_sheet()
    return send_sheet(write_report(title, facts, heads, rows), f"{title} {month:%Y-%m}.xlsx")


def _month(request: Asked, visit: Visit) -> tuple[date, date]:
    this = visit.at.astimezone(BOOKS_ZONE).date().replace(day=1)
    return min(read_month(request.query_params.get("until", "")) or this, this), this


async def _table(visit: Visit, found: Debts, month: date, language: Language) -> Table:
    say, merchants = language.say, await merchant_names(visit.session)
    edges = (0, *BUCKETS)
    ages = [
        *(
            say(N_("%(first)s–%(last)s 天"), first=first + (first > 0), last=last)
            for first, last in zip(edges, BUCKETS, strict=False)
        ),
        say(N_("%(days)s 天以上"), days=BUCKETS[-1]),
    ]

    def row(debt: Debt) -> Row:
        of_merchant = debt.bearer is Bearer.MERCHANT
        name = (
            merchants.get(debt.merchant, "—")
            if of_merchant and debt.merchant
            else say(N_("应收%(party)s"), party=say(debt.bearer.label))
        )
        query = f"from={BEGINNING:%Y-%m}&until={month:%Y-%m}&bearer={debt.bearer}&sort={EVERY}"
        if of_merchant:
            query += f"&merchant={debt.merchant or 'none'}"
        balance = Cell(debt.balance, f"{BEHIND}?{query}")
        return Row(name, [balance, *(Cell(fen) for fen in debt.ages), Cell(-debt.credit)])

    rows = [row(debt) for debt in found.lines]
    sums = [sum(row.cells[place].fen or 0 for row in rows) for place in range(len(ages) + 2)]
    heads = [
        Head(say(N_("余额"))),
        *(Head(age, shade) for age, shade in zip(ages, SHADES, strict=True)),
        Head(say(N_("多收未抵"))),
    ]
    total = Row(say(N_("合计")), [Cell(fen) for fen in sums]) if rows else None
    return Table(say(N_("欠款方")), heads, rows, total)
